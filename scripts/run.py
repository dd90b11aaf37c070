"""The scheduled job: lock, land, check freshness, build, publish, write the page.

    python scripts/run.py [--landing DIR] [--warehouse FILE] [--published DIR]

One run at a time: a second one exits 75 at once (EX_TEMPFAIL: cron may try again). On a terminal each step shows its
own progress; elsewhere the steps are quiet, and what a failed step said is repeated. The last line of standard output
is one JSON object: status, seconds by step, rows landed and quarantined, warnings, marts and rows published.

Exit code: 0 published, 75 another run holds the lock, else that of the step that failed: 2 landing, 3 freshness or
build, 4 publishing, 5 the page. A run that fails before 5 leaves the last release and its page as they were; one that
fails at 5 has published, and says so: only the page is yesterday's.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]
EX_TEMPFAIL = 75


class Busy(Exception):
    """Another run holds the lock."""


class StepFailed(Exception):
    """A step ended badly; `exit_code` is the job's."""

    def __init__(self, step: str, exit_code: int, output: str) -> None:
        super().__init__(f"{step} failed")
        self.step, self.exit_code, self.output = step, exit_code, output


@dataclass
class Summary:
    """What the last line says."""

    status: str = "failed"
    failed_step: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    files_landed: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    stale_sources: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    release_id: str | None = None
    marts: int = 0
    rows_published: int = 0
    page: str | None = None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the job's lock; Busy when another run does. The system frees it with the process, also when it is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise Busy(handle.read().strip() or "unknown") from None
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        yield


class Job:
    """One run over one warehouse."""

    def __init__(self, landing: Path, warehouse: Path, published: Path, is_quiet: bool) -> None:
        self.landing, self.warehouse, self.published = landing, warehouse, published
        self.is_quiet = is_quiet
        self.summary = Summary()
        self.environment = os.environ | {
            "WAREHOUSE_PATH": str(warehouse.resolve()),
            "DBT_PROFILES_DIR": os.environ.get("DBT_PROFILES_DIR", str(PROJECT)),
        }
        self.target = Path(os.environ.get("DBT_TARGET_PATH", PROJECT / "target"))

    def command(self, step: str, exit_code: int, *words: str, good: tuple[int, ...] = (0,)) -> str:
        """Run a command from the project's folder; what it wrote. StepFailed unless it ends well."""
        done = subprocess.run(  # words are this script's own
            words,
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE if self.is_quiet else sys.stderr,
            stderr=subprocess.STDOUT if self.is_quiet else None,
            text=True,
            check=False,
        )
        if done.returncode not in good:
            raise StepFailed(step, exit_code, (done.stdout or "")[-20_000:])
        return done.stdout or ""

    def dbt(self, step: str, exit_code: int, *arguments: str, good: tuple[int, ...] = (0,)) -> str:
        """Run dbt of this environment."""
        return self.command(step, exit_code, str(Path(sys.executable).parent / "dbt"), *arguments, good=good)

    def land(self) -> None:
        """Land what is new. A file that could not be read is a warning: the others landed."""
        before = self.last_load()
        script = str(PROJECT / "scripts" / "land.py")
        paths = ("--landing", str(self.landing.resolve()), "--warehouse", str(self.warehouse.resolve()))
        self.command("land", 2, sys.executable, script, *paths, good=(0, 3))
        with publish.opened(self.warehouse, read_only=True) as connection:
            row = connection.execute(
                """select count(*) filter (where status = 'landed'), coalesce(sum(rows_landed), 0),
                coalesce(sum(rows_quarantined), 0), count(*) filter (where status = 'rejected')
                from raw.loads where load_id > ?""",
                [before],
            ).fetchone()
        files, landed, quarantined, rejected = row or (0, 0, 0, 0)
        self.summary.files_landed = files
        self.summary.rows_landed, self.summary.rows_quarantined = int(landed), int(quarantined)
        if rejected:
            self.summary.warnings.append(f"{rejected} files could not be read: see raw.quarantine, line 0")

    def last_load(self) -> int:
        """The newest load before this run; 0 when there is no warehouse yet."""
        if not self.warehouse.is_file():
            return 0
        with publish.opened(self.warehouse, read_only=True) as connection:
            known = connection.execute("select count(*) from duckdb_tables() where table_name = 'loads'").fetchone()
            if not known or not known[0]:
                return 0
            newest = connection.execute("select coalesce(max(load_id), 0) from raw.loads").fetchone()
        return int(newest[0]) if newest else 0

    def freshness(self) -> None:
        """Ask when each source last got rows; stale sources are warnings, for old numbers are right numbers too."""
        self.dbt("freshness", 3, "source", "freshness", good=(0, 1))
        results = json.loads((self.target / "sources.json").read_text(encoding="utf-8"))["results"]
        self.summary.stale_sources = sorted(
            # Of a source that never had a row nothing is known; it is not stale.
            result["unique_id"].rsplit(".", 1)[-1]
            for result in results
            if result["status"] in ("warn", "error")
        )

    def build(self) -> None:
        """Build and test everything."""
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        self.dbt("build", 3, *arguments, *(["--log-level", "warn"] if not self.is_quiet else []))
        results = json.loads((self.target / "run_results.json").read_text(encoding="utf-8"))["results"]
        self.summary.warnings += sorted(
            f"{result['unique_id'].split('.')[2]}: {result['message']}"
            for result in results
            if result["status"] == "warn"
        )

    def publish(self) -> None:
        """Swap the release in."""
        try:
            release = publish.publish(self.warehouse, self.published)
        except (publish.BadCall, OSError, RuntimeError, duckdb.Error) as problem:
            raise StepFailed("publish", 4, str(problem)) from problem
        self.summary.release_id = release.release_id
        self.summary.marts, self.summary.rows_published = release.marts, release.rows

    def report(self) -> None:
        """Write the page of the release."""
        page = self.published.resolve() / publish.PAGE_NAME
        script = str(PROJECT / "scripts" / "report.py")
        self.command("report", 5, sys.executable, script, "--published", str(page.parent))
        self.summary.page = str(self.published / publish.PAGE_NAME)

    def run(self) -> int:
        """Every step in order; the exit code."""
        for step in (self.land, self.freshness, self.build, self.publish, self.report):
            started = time.monotonic()
            try:
                step()
            except StepFailed as failure:
                self.summary.failed_step = failure.step
                print(failure.output, file=sys.stderr)
                is_published = self.summary.release_id is not None
                stays = (
                    "the release is published, its page is not" if is_published else "the last release stays as it was"
                )
                print(f"run.py: {failure}; {stays}", file=sys.stderr)
                return failure.exit_code
            except publish.BadCall as problem:
                self.summary.failed_step = step.__name__
                print(f"run.py: {problem}", file=sys.stderr)
                return 2
            finally:
                self.summary.seconds[step.__name__] = round(time.monotonic() - started, 1)
        self.summary.status = "published"
        return 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and run the job; the exit code."""
    parser = argparse.ArgumentParser(description="Land, build, test and publish, one run at a time.")
    default = os.environ.get
    parser.add_argument("--landing", type=Path, default=Path(default("LANDING_PATH", "landing")))
    parser.add_argument("--warehouse", type=Path, default=Path(default("WAREHOUSE_PATH", "warehouse/build.duckdb")))
    parser.add_argument("--published", type=Path, default=Path(default("PUBLISHED_PATH", "warehouse/published")))
    options = parser.parse_args(arguments)
    job = Job(options.landing, options.warehouse, options.published, is_quiet=not sys.stderr.isatty())
    try:
        with locked(options.warehouse.with_name(options.warehouse.name + ".lock")):
            exit_code = job.run()
    except Busy as other:
        print(f"run.py: another run is at work ({other}); try again later", file=sys.stderr)
        return EX_TEMPFAIL
    print(json.dumps(job.summary.__dict__))
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
