"""Processes, and what they cost: seconds, CPU with their children, peak memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parents[1]
PROJECT = SCRIPTS.parent

progress = Console(stderr=True)

# A DuckDB process as short as it can be: a job on stdin, the rows of the last statement as JSON on stdout.
RUN_SQL = """
import json, sys, duckdb
job = json.load(sys.stdin)
connection = duckdb.connect(job["database"], config=job["settings"])
connection.execute("set enable_progress_bar = false")
for name, value in job["variables"].items():
    connection.execute(f"set variable {name} = ?", [value])
rows = connection.execute(job["sql"]).fetchall()
connection.close()
json.dump(rows, sys.stdout, default=str)
"""


class StepFailed(Exception):
    """A process of the benchmark failed: the message holds the end of its output."""


@dataclass(frozen=True)
class Cost:
    """What a process cost: seconds by the clock, CPU seconds with its children, peak resident megabytes."""

    seconds: float
    cpu_seconds: float
    peak_mb: float

    def __add__(self, other: Cost) -> Cost:
        """One process after the other."""
        return Cost(
            self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds, max(self.peak_mb, other.peak_mb)
        )


def run(command: list[str], environment: dict[str, str] | None = None, text: str = "") -> tuple[Cost, str]:
    """Run a process to its end; its cost and what it printed. StepFailed unless it exits 0."""
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as output,
        tempfile.TemporaryFile("w+") as log,
    ):
        given.write(text)
        given.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | (environment or {}), stdin=given, stdout=output, stderr=log
        )
        _, status, usage = os.wait4(process.pid, 0)  # the usage of this process and its children alone
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
        if process.returncode != 0:
            log.seek(0)
            shown = " ".join(command[:3])
            raise StepFailed(f"{shown} … exited {process.returncode}\n{printed[-2000:]}\n{log.read()[-2000:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), printed


def run_sql(
    database: Path | str, sql: str, settings: dict[str, object] | None = None, **variables: object
) -> tuple[Cost, list[list]]:
    """Run SQL in a DuckDB process of its own; its cost and the rows of the last statement."""
    job = {"database": str(database), "sql": sql, "settings": settings or {}, "variables": variables}
    cost, printed = run([sys.executable, "-c", RUN_SQL], text=json.dumps(job))
    return cost, json.loads(printed)


def literal(text: object) -> str:
    """A text as SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextmanager
def step(text: str) -> Iterator[None]:
    """Says on stderr what is being done, and how long it took."""
    started = time.perf_counter()
    progress.print(f"{text} …", markup=False, highlight=False)
    yield
    progress.print(f"  {time.perf_counter() - started:.1f} s", highlight=False)
