"""The editor's own tests, which are in TypeScript beside it and run in Node."""

from __future__ import annotations

import os
import subprocess

from tests.node_runtime import EDITOR, node


def test_the_editor_s_own_tests_pass_in_node() -> None:
    done = subprocess.run(
        [str(node()), str(EDITOR / "test" / "run.mjs")],
        cwd=EDITOR,
        env=os.environ | {"NO_COLOR": "1", "NODE_OPTIONS": ""},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
