"""The steps of models/docs/clients.md, and the environments they run in.

Every client runs in the environment it is installed in (make clients-env, make superset-env, make spark-env); where
that is missing its tests are skipped, by name. What the page tells is what is run.
"""

import datetime
import decimal
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "models" / "docs" / "clients.md"
FOLDERS = {"clients": ".venv-clients", "superset": ".venv-superset", "spark": ".venv-spark"}


def environment(name, *packages):
    """The folder of an environment's programs; skips where it is missing or lacks a package."""
    bin_folder = PROJECT / FOLDERS[name] / "bin"
    if not (bin_folder / "python").is_file():
        pytest.skip(f"{', '.join(packages)}: not installed (make {name}-env)")
    for package in packages:
        code = f"import importlib.metadata as m; m.version({package!r})"
        if subprocess.run([bin_folder / "python", "-c", code], capture_output=True, check=False).returncode:
            pytest.skip(f"{package}: not installed (make {name}-env)")
    return bin_folder


def on_path(bin_folder):
    """The PATH with an environment's programs first."""
    return f"{bin_folder}{os.pathsep}{os.environ['PATH']}"


def program(name):
    """The path of a program of the machine; skips where it is missing."""
    if (found := shutil.which(name)) is None:
        pytest.skip(f"{name}: not installed")
    return found


def steps(section, language):
    """The code blocks of a language in a section of the page."""
    _, found, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")
    assert found, section
    return re.findall(rf"```{language}\n(.*?)```", rest.partition("\n## ")[0], re.DOTALL)


def ran(command, folder, **more):
    """What a command prints, of bash where it is a text; fails with what it said unless it exits 0."""
    command = ["bash", "-c", command] if isinstance(command, str) else command
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=900, env=os.environ | more
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def by_month(text):
    """Month -> dollars, from lines as clients print them."""
    rows = re.findall(r"(\d{4}-\d\d-\d\d)[^\d\n]+?(-?\d[\d.E+-]*)", text)
    return {datetime.date.fromisoformat(day): decimal.Decimal(dollars) for day, dollars in rows}
