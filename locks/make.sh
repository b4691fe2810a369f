#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml: every package that is installed, with the hashes of its files.
# They name no registry, so any mirror serves. Needs uv on the PATH. `--upgrade` takes the newest of everything.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --universal --generate-hashes --only-binary :all: \
        --no-emit-index-url --no-header --no-annotate "$@"
}
lock "${@}" --output-file locks/build.txt --group pyproject.toml:build
lock "${@}" --output-file locks/run.txt pyproject.toml -c locks/build.txt
lock "${@}" --output-file locks/test.txt --group pyproject.toml:test -c locks/run.txt -c locks/build.txt
