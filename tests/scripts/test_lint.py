"""The style of Python and SQL."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_make_lint_finds_nothing():
    done = subprocess.run(["make", "lint"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
