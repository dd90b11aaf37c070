"""The scheduled job: lock, land, check freshness, build, publish, write the page.

    python scripts/run.py [--landing DIR] [--warehouse FILE] [--published DIR] [--keep N] [--verify] [--dry-run]
        [--notify COMMAND] [--notify-seconds N]

One run at a time: a second one exits 75 at once (EX_TEMPFAIL: cron may try again). On a terminal each step shows its
own progress; elsewhere the steps are quiet, and what a failed step said is repeated. The last line of standard output
is one JSON object: status, exit code, times, as_of_date, seconds by step, rows landed, rows refused by reason,
warnings, the first reason of a failure, marts and rows published. The same, with the scorecard, stands beside the
release for a collector (`metrics.prom`, OpenMetrics).

Without a new file, price book, seed, var or code there is nothing to build: the status is `unchanged`. `--dry-run` says
what would land and writes nothing; `--keep N` releases stay; `--verify` builds in any case, with data tests and a
comparison of the release over the whole history. `--notify COMMAND` hands the alerts that the release before did not
hold to a command, as JSON on its standard input (scripts/running/notify.py); what becomes of it is in the last line
(`notified`) and never changes how the run ends.

Exit code: 0 published or unchanged, 75 another run holds the lock, 128 + its number after a signal (the step at work is
ended too), else that of the step that failed: 2 landing, or too little room on the disk, 3 build, 4 publishing, 5 the
page. A run that fails before 5 leaves the last release and its page as they were; one that fails at 5 has published,
and says so: only the page is yesterday's.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

import publish
from landing.spec import BadCall
from locking import EX_TEMPFAIL, Busy, locked
from publishing.folder import WHOLE
from running.freshness import stale_sources
from running.inputs import code_sha256, inputs_sha256, key_sha256
from running.metrics import write_metrics
from running.notify import SECONDS, NotSent, begin, notify
from running.preview import ROOM, preview, room

if TYPE_CHECKING:
    from types import FrameType

PROJECT = Path(__file__).resolve().parents[1]
DBT = str(Path(sys.executable).parent / "dbt")
STOPPING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SECONDS_TO_END = 30  # for a step that is asked to end
LONGEST_SECONDS = 3600  # for a command that is told of alerts
REASON_LENGTH = 500
DEFAULT_WAREHOUSE = "warehouse/build.duckdb"  # profiles.yml has the same
PRIVATE = 0o027  # what the job writes is for its user and group
# What a build makes again where the last one had the same code. A view that nobody publishes is nothing but code, but
# for the few that are tagged, and so are a seed and the tests of seeds and macros.
MADE_AGAIN = (
    "config.materialized:table",
    "config.materialized:incremental",
    "tag:another_each_build",
    "access:public",
    "resource_type:test",
)
OF_CODE_ALONE = "tag:code_alone"
NO_DATE = "no mart has a period: no call, charge, bill or spend gives the last day: land some or set the var as_of_date"


class StepFailed(Exception):
    """A step ended badly; `exit_code` is the job's, `reason` what failed first."""

    def __init__(self, step: str, exit_code: int, output: str, reason: str) -> None:
        super().__init__(f"{step} failed")
        self.step, self.exit_code, self.output, self.reason = step, exit_code, output, reason


class Stopped(BaseException):
    """A signal asked the job to end."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


@dataclass
class Summary:
    """What the last line says."""

    status: str = "failed"
    exit_code: int = 0
    started_at: str = ""
    ended_at: str = ""
    as_of_date: str | None = None
    failed_step: str | None = None
    reason: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    files_landed: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    stale_sources: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    release_id: str | None = None
    marts: int = 0
    rows_published: int = 0
    page: str | None = None
    notified: str | None = None


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


class Job:
    """One run over one warehouse."""

    def __init__(self, options: argparse.Namespace, lock: int, is_quiet: bool) -> None:
        self.landing, self.warehouse, self.published = options.landing, options.warehouse, options.published
        self.keep, self.is_verified = options.keep, options.verify
        self.notifier, self.notify_seconds = options.notify, options.notify_seconds
        self.lock, self.is_quiet = lock, is_quiet
        self.summary = Summary(started_at=now())
        self.environment = os.environ | {
            "WAREHOUSE_PATH": spelled(self.warehouse),
            "DBT_PROFILES_DIR": os.environ.get("DBT_PROFILES_DIR", str(PROJECT)),
        }
        self.target = Path(os.environ.get("DBT_TARGET_PATH", PROJECT / "target"))
        # What the release was made of that the last good run left: another run with the same has nothing to do.
        self.made_of = self.warehouse.with_name(self.warehouse.name + ".made_of.json")
        self.inputs: dict[str, str] = {}
        self.is_unchanged, self.is_same_code = False, False

    # ------------------------------------------------------------------------------------------------- commands

    def command(self, step: str, exit_code: int, *words: str, good: tuple[int, ...] = (0,)) -> None:
        """Run a command from the project's folder; StepFailed unless it ends well. It ends when the job is ended."""
        with subprocess.Popen(  # words are this script's own
            words,
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE if self.is_quiet else sys.stderr,
            stderr=subprocess.STDOUT if self.is_quiet else None,
            text=True,
            pass_fds=(self.lock,),  # a step that outlives a killed job still holds its lock
        ) as running:
            try:
                output = running.communicate()[0] or ""
            except BaseException:
                end(running)
                raise
        if running.returncode not in good:
            raise StepFailed(step, exit_code, output[-20_000:], last_line(output) or f"exit {running.returncode}")

    def script(self, step: str, exit_code: int, *words: str, good: tuple[int, ...] = (0,)) -> None:
        """Run a script of this project."""
        self.command(step, exit_code, sys.executable, str(PROJECT / "scripts" / words[0]), *words[1:], good=good)

    # ---------------------------------------------------------------------------------------------------- steps

    def land(self) -> None:
        """Land what is new. A file that could not be read is a warning: the others landed."""
        self.check_room()
        before = self.last_load()
        paths = ("--landing", str(self.landing.resolve()), "--warehouse", str(self.warehouse.resolve()))
        with self.reading_project():
            self.script("land", 2, "land.py", *paths, good=(0, 3))
        with publish.opened(self.warehouse, read_only=True) as connection:
            files, landed, quarantined, rejected = connection.execute(
                """select count(*) filter (where status = 'landed'), coalesce(sum(rows_landed), 0),
                coalesce(sum(rows_quarantined), 0), count(*) filter (where status = 'rejected')
                from raw.loads where load_id > ?""",
                [before],
            ).fetchone() or (0, 0, 0, 0)
            refused = connection.execute(
                """select source, reason, count(*), arg_min(file, (load_id, line)), arg_min(line, (load_id, line))
                from raw.quarantine where load_id > ? group by source, reason order by count(*) desc, source, reason""",
                [before],
            ).fetchall()
        self.summary.files_landed, self.summary.rows_landed = files, int(landed)
        self.summary.rows_quarantined = int(quarantined)
        for source, reason, rows, file, line in refused:
            first = f"{file}:{line}"
            self.summary.refused.append({"source": source, "reason": reason, "rows": rows, "first": first})
            self.summary.warnings.append(f"{source}: {rows} rows refused for {reason}, first at {first}")
        if rejected:
            self.summary.warnings.append(f"{rejected} files could not be read: see raw.quarantine, line 0")

    @contextmanager
    def reading_project(self) -> Iterator[None]:
        """Have dbt read the project beside what is done here, where no run has read it yet: that takes half a minute.

        What is wrong in the project is said by the build, which reads it again.
        """
        if (self.target / "partial_parse.msgpack").is_file():
            yield
            return
        words = (DBT, "parse", *self.dbt_vars(), "--quiet")
        unheard = subprocess.DEVNULL
        with subprocess.Popen(words, cwd=PROJECT, env=self.environment, stdout=unheard, stderr=unheard) as running:
            try:
                yield
                running.wait()
            except BaseException:
                end(running)
                raise

    def dbt_vars(self) -> list[str]:
        """What the command line changes of the project's variables, as dbt's arguments."""
        return ["--vars", json.dumps({"verify_history": True})] * self.is_verified

    def check_room(self) -> None:
        """Stop before the disk is full; warn before it is near."""
        free, held = room(self.landing, self.warehouse)
        said = f"{free / 1e9:.1f} GB free beside the warehouse; it and what comes in take {held / 1e9:.1f} GB"
        if free < held:
            raise StepFailed("land", 2, "", f"too little room: {said}")
        if free < ROOM * held:
            self.summary.warnings.append(f"the disk fills up: {said}, and a run wants {ROOM} times that")

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
        """Ask when each source last got rows; late ones are warnings, for old numbers are right numbers too."""
        with publish.opened(self.warehouse, read_only=True) as connection:
            self.summary.stale_sources = stale_sources(connection)
            # Noted before the build reads the code: what changes meanwhile is new to the next run.
            code = code_sha256()
            self.inputs = {"code_sha256": code, "inputs_sha256": inputs_sha256(connection, code)}
            kept = None if self.is_verified else self.released(connection)
        if kept is None:
            return
        self.is_same_code = kept.get("code_sha256") == self.inputs["code_sha256"]
        is_same_key = kept.get("key_sha256") == key_sha256(self.warehouse)
        self.is_unchanged = is_same_key and kept.get("inputs_sha256") == self.inputs["inputs_sha256"]
        if self.is_unchanged:
            self.summary.release_id = kept["release_id"]
            self.summary.page = str(self.published / publish.PAGE_NAME)

    def released(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str] | None:
        """What the release was made of, if readers see the warehouse's last build, with its page; else None."""
        release = publish.current(self.published)
        if release is None or not self.made_of.is_file() or not (release.path / publish.PAGE_NAME).is_file():
            return None
        try:
            kept = json.loads(self.made_of.read_text(encoding="utf-8"))
        except ValueError:  # a disk that was full: nobody knows what it was made of
            return None
        shown = json.loads((release.path / WHOLE).read_text(encoding="utf-8"))["release_id"]
        try:
            built = publish.green_build(connection).build_id
        except publish.NotPublishable:
            return None
        return kept if built == shown == kept.get("release_id") else None

    def build(self) -> None:
        """Build and test everything, against what the release said: also one whose publisher was killed."""
        try:
            publish.catch_up(self.warehouse, self.published)
            if self.notifier:
                begin(self.published)
        except (publish.NotPublishable, OSError, RuntimeError, duckdb.Error) as problem:
            raise StepFailed("build", 3, "", str(problem).splitlines()[0]) from problem
        arguments = ["build", "--exclude-resource-type", "unit_test", *self.dbt_vars()]
        arguments += ["--select", *MADE_AGAIN, "--exclude", OF_CODE_ALONE] * self.is_same_code
        arguments += ["--log-level", "warn"] * (not self.is_quiet)
        started = time.time()
        try:
            self.command("build", 3, DBT, *arguments)
        except StepFailed as failure:
            failed = [result for result in self.results(started) if result["status"] in ("error", "fail")]
            if failed:
                said = " ".join((failed[0]["message"] or "").split())
                failure.reason = f"{name_of(failed[0])}: {said[:REASON_LENGTH]}"
            raise
        self.summary.warnings += sorted(
            f"{name_of(result)}: {result['message']}" for result in self.results(started) if result["status"] == "warn"
        )

    def results(self, since: float) -> list[dict[str, Any]]:
        """What dbt said of each node in a run that started at `since`, in the order in which they ended."""
        path = self.target / "run_results.json"
        if not path.is_file() or path.stat().st_mtime < since:
            return []
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        return sorted(results, key=lambda result: (result["timing"] or [{}])[-1].get("completed_at") or "")

    def publish(self) -> None:
        """Swap the release in."""
        try:
            release = publish.publish(self.warehouse, self.published, self.keep, self.is_verified)
        except (publish.NotPublishable, OSError, RuntimeError, duckdb.Error) as problem:
            raise StepFailed("publish", 4, "", str(problem).splitlines()[0]) from problem
        self.summary.release_id = release.release_id
        self.summary.marts, self.summary.rows_published = release.marts, release.rows

    def report(self) -> None:
        """Write the page of the release."""
        self.script("report", 5, "report.py", "--published", str(self.published.resolve()))
        self.summary.page = str(self.published / publish.PAGE_NAME)

    def notify(self) -> None:
        """Hand the new alerts to the operator's command. That it failed is a warning: the release is published.

        Also when nothing was built: the run before may have failed at it.
        """
        try:
            self.summary.notified = notify(self.notifier, self.published, self.notify_seconds)
        except (NotSent, OSError, duckdb.Error) as problem:
            self.summary.notified = f"failed: {problem}"
            self.summary.warnings.append(f"notify: {problem}; the next run hands the new alerts on again")

    # ------------------------------------------------------------------------------------------------------ all

    def run(self) -> None:
        """Every step in order, until one fails or there is nothing to do."""
        told = [self.notify] if self.notifier else []
        for step in (self.land, self.freshness, self.build, self.publish, *told, self.report):
            if self.is_unchanged and step not in told:
                continue
            started = time.monotonic()
            try:
                step()
            except StepFailed as failure:
                return self.fail(failure.step, failure.exit_code, failure.reason, failure.output)
            except publish.NotPublishable as problem:
                return self.fail(step.__name__, 2, str(problem))
            except Stopped as stopped:
                self.summary.status = "stopped"
                return self.fail(step.__name__, stopped.exit_code, str(stopped))
            finally:
                self.summary.seconds[step.__name__] = round(time.monotonic() - started, 1)
        self.summary.status = "unchanged" if self.is_unchanged else "published"
        if not self.is_unchanged:
            # The key last: the first publishing makes it.
            made_of = self.inputs | {"key_sha256": key_sha256(self.warehouse), "release_id": self.summary.release_id}
            aside = self.made_of.with_name(f"{self.made_of.name}.tmp")
            aside.write_text(json.dumps(made_of) + "\n", encoding="utf-8")
            aside.replace(self.made_of)
        return None

    def fail(self, step: str, exit_code: int, reason: str, output: str = "") -> None:
        """Note why the run ends here."""
        self.summary.failed_step, self.summary.exit_code, self.summary.reason = step, exit_code, reason
        stays = "the last release stays as it was"
        if self.summary.release_id is not None:
            stays = "the release is published, its page is not"
        print(*filter(None, [output]), f"run.py: {step}: {reason}; {stays}", sep="\n", file=sys.stderr)

    def end(self) -> None:
        """Complete the summary, and leave it beside the release for a collector."""
        self.summary.ended_at = now()
        with suppress(duckdb.Error), duckdb.connect(str(self.published / publish.FILE_NAME), read_only=True) as release:
            as_of = release.execute("select as_of_date from _release").fetchone()
            self.summary.as_of_date = str(as_of[0]) if as_of and as_of[0] else None
        if self.summary.status == "published" and self.summary.as_of_date is None and self.summary.rows_landed:
            self.summary.warnings.append(NO_DATE)
        try:
            write_metrics(self.published, asdict(self.summary))
        except (OSError, duckdb.Error) as problem:
            self.summary.warnings.append(f"metrics: {problem}")


def spelled(warehouse: Path) -> str:
    """The warehouse as a dbt by hand spells it: as the environment does, as the profile does, or from the project.

    dbt reads the whole project again when the spelling is another one than the last time.
    """
    place = warehouse.resolve()
    for words in (os.environ.get("WAREHOUSE_PATH"), DEFAULT_WAREHOUSE):
        if words and (PROJECT / words).resolve() == place:
            return words
    return str(place.relative_to(PROJECT) if place.is_relative_to(PROJECT) else place)


def name_of(result: dict[str, Any]) -> str:
    """Name of a model or test in dbt's results."""
    return result["unique_id"].split(".")[2]


def end(running: subprocess.Popen[Any]) -> None:
    """End a step: ask, wait, then kill."""
    running.terminate()
    try:
        running.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def stop(number: int, _: FrameType | None) -> None:
    """Handle a signal: end what is at work. A second one changes nothing."""
    for other in STOPPING_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)


def dry_run(options: argparse.Namespace) -> dict[str, Any]:
    """What would land."""
    found = preview(options.landing, options.warehouse)
    return {"status": "dry_run", "exit_code": 0} | asdict(found)


def seconds(text: str) -> float:
    """A time limit of the command line; ArgumentTypeError unless it is a number of seconds up to an hour."""
    with suppress(ValueError):
        if 0 < float(text) <= LONGEST_SECONDS:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text}: give seconds, more than 0 and at most {LONGEST_SECONDS}")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and run the job; the exit code."""
    parser = argparse.ArgumentParser(description="Land, build, test and publish, one run at a time.")
    default = os.environ.get
    parser.add_argument("--landing", type=Path, default=Path(default("LANDING_PATH", "landing")))
    parser.add_argument("--warehouse", type=Path, default=Path(default("WAREHOUSE_PATH", DEFAULT_WAREHOUSE)))
    parser.add_argument("--published", type=Path, default=Path(default("PUBLISHED_PATH", "warehouse/published")))
    parser.add_argument("--keep", type=int, default=publish.KEPT, help="releases to keep (default %(default)s)")
    parser.add_argument("--verify", action="store_true", help="build in any case, and prove the whole history again")
    parser.add_argument("--dry-run", action="store_true", help="say what would land; write nothing")
    parser.add_argument("--notify", metavar="COMMAND", help="hand new alerts to this command, as JSON on its input")
    parser.add_argument(
        "--notify-seconds", type=seconds, default=SECONDS, metavar="N", help="time for it (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    started = now()
    try:
        if options.dry_run:
            print(json.dumps(dry_run(options)))
            return 0
        os.umask(PRIVATE)
        with locked(options.warehouse) as lock:
            before = [signal.signal(number, stop) for number in STOPPING_SIGNALS]
            job = Job(options, lock, is_quiet=not sys.stderr.isatty())
            try:
                job.run()
            finally:
                for number, handler in zip(STOPPING_SIGNALS, before, strict=True):
                    signal.signal(number, handler)
            job.end()
    except Busy as other:
        print(f"run.py: {other}", file=sys.stderr)
        busy = {"status": "busy", "exit_code": EX_TEMPFAIL, "holder_pid": other.pid}
        print(json.dumps(busy | {"started_at": started, "ended_at": now()}))
        return EX_TEMPFAIL
    except (BadCall, duckdb.Error, OSError) as problem:
        print(f"run.py: {problem}", file=sys.stderr)
        print(json.dumps({"status": "failed", "exit_code": 2, "reason": str(problem).splitlines()[0]}))
        return 2
    print(json.dumps(asdict(job.summary)))
    return job.summary.exit_code


if __name__ == "__main__":
    sys.exit(main())
