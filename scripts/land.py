"""Land the files vendors export into schema `raw`, and every row that breaks a rule into `raw.quarantine`.

    python scripts/land.py --landing DIR --warehouse FILE [--seeds DIR]

Files sit in DIR/<source>/, at any depth, as JSON lines, JSON, CSV (each also gzipped) or Parquet. What a source's
columns are called, mean and must hold is data: the dbt sources in `models/staging/*/_*__sources.yml`, whose vocabulary
is explained at the head of the canonical one.

One file is one transaction: its rows, its quarantined rows and its row in `raw.loads`. Before the commit, rows in the
file must equal rows landed + quarantined + blank. A file is known by its content (sha256), so a second run, also after
a kill, lands only what is missing; one with the size, times and inode it had when it was hashed is not read again.

What is wrong with one file never keeps the others from landing: it is refused, or left for the next run when it is
still being written. The vars max_file_bytes and max_line_bytes of dbt_project.yml say what is refused unread.

Exit code: 0 landed, 2 a bad call (nothing done), 3 landed, but some file could not be read (now), 75 another run holds
the warehouse's lock, 1 stopped midway, as by a full disk (what was landed before is kept).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as SummaryTable

import price_book
from landing.cells import TYPED_FROM_TEXT, literal
from landing.files import RAW_TEXT_LIMIT, REPORTED_NAMES, SUFFIXES, Landing, Limits
from landing.loads import Outcome, land_file, next_load_id
from landing.spec import BadCall, Table, matching, read_spec
from landing.tables import create_tables
from locking import EX_TEMPFAIL, Busy, locked, memory_limit

# What the tests and the benchmark take of the package by way of this script.
__all__ = ["RAW_TEXT_LIMIT", "SUFFIXES", "TYPED_FROM_TEXT", "land", "literal", "matching", "read_spec"]

LOG_WIDTH = 120
SETTINGS = Path(__file__).absolute().parents[1] / "dbt_project.yml"


# ------------------------------------------------------------------------------------------------------- the folder


@dataclass
class Found:
    """The landing folder's files in landing order, and what will not be landed, each with the reason."""

    files: list[Landing] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_limits() -> Limits:
    """How large files and lines may be, from the project's vars."""
    settings = yaml.safe_load(SETTINGS.read_text(encoding="utf-8"))["vars"]
    return Limits(settings["max_file_bytes"], settings["max_line_bytes"])


def find_files(folder: Path, spec: dict[str, Table], limits: Limits) -> Found:
    """Every file below `folder`, by source and path; nothing is passed over without a word."""
    found = Found()
    for source in sorted(folder.iterdir(), key=lambda path: path.name):
        table = spec.get(source.name)
        if not source.is_dir():
            found.ignored.append(f"{printable(source.name)}: not in a source's folder")
        elif table is None or not table.landed:
            found.ignored.append(f"{printable(source.name)}/: no such source")
        else:
            _walk(folder, source, source.name, limits, found)
    found.files.sort(key=lambda landing: (landing.source, landing.name))
    return found


def _walk(folder: Path, place: Path, source: str, limits: Limits, found: Found) -> None:
    try:
        paths = list(place.iterdir())
    except OSError as error:
        found.ignored.append(f"{printable(place.relative_to(folder).as_posix())}/: {error.strerror}")
        return
    for path in paths:
        name = printable(path.relative_to(folder).as_posix())
        suffix = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), "")
        if path.name.startswith(".") or path.name.lower().endswith(".tmp"):
            found.ignored.append(f"{name}: hidden or unfinished")
        elif suffix:
            found.files.append(Landing(path, source, name, suffix, limits))
        elif path.is_dir() and not path.is_symlink():
            _walk(folder, path, source, limits, found)
        else:
            found.ignored.append(f"{name}: not one of {', '.join(SUFFIXES)}")


def printable(name: str) -> str:
    """A file name as text; bytes that are no UTF-8 become \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


# ------------------------------------------------------------------------------------------------------- the command


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """The build file, made when it is not there, in the storage version that DuckDB 1.4 still opens."""
    if path.stem == "raw":
        raise BadCall(f"{path}: a warehouse called like its schema `raw` is ambiguous to DuckDB; choose another name")
    settings = {
        "storage_compatibility_version": "v1.4.0",
        "TimeZone": "UTC",
        "autoinstall_known_extensions": False,
        "memory_limit": memory_limit(),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path), config=settings)
    except (duckdb.Error, OSError) as error:
        hint = (
            "another program has it open; wait or close it"
            if "lock" in str(error)
            else "is it a DuckDB file, and may it be written?"
        )
        raise BadCall(f"{path}: cannot be opened ({hint}): {str(error).splitlines()[0]}") from error
    connection.execute("set enable_progress_bar = false")
    connection.execute("set disabled_optimizers = 'in_clause'")  # it joins every column with its few words
    return connection


def land_folder(
    connection: duckdb.DuckDBPyConnection, spec: dict[str, Table], files: list[Landing], work: Path, console: Console
) -> list[Outcome]:
    """Land every file in order, showing progress on a terminal."""
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    outcomes = []
    # A filter on the reason, pushed down, would work every column out twice.
    connection.execute("set disabled_optimizers = 'in_clause,filter_pushdown'")
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with progress, ThreadPoolExecutor(max_workers=1) as hashing:
        task = progress.add_task("landing", total=len(files))
        for landing in files:
            progress.update(task, description=landing.source)
            outcome = land_file(connection, spec[landing.source], landing, work, hashing)
            outcomes += [outcome, *outcome.inside]
            progress.advance(task)
    connection.execute("set disabled_optimizers = 'in_clause'")
    return outcomes


def print_summary(
    connection: duckdb.DuckDBPyConnection, outcomes: list[Outcome], first_load_id: int, console: Console
) -> None:
    """What was landed by source, and the commonest reasons for quarantine with the first place of each. No row text."""
    if not outcomes:
        console.print("nothing to land")
        return
    summary = SummaryTable("source", *("files", "landed", "quarantined", "blank", "skipped duplicates"), title="Landed")
    for source in sorted({outcome.landing.source for outcome in outcomes}):
        mine = [outcome for outcome in outcomes if outcome.landing.source == source]
        skipped = sum(outcome.status in ("known", "known_rejected", "duplicate_file") for outcome in mine)
        numbers = [
            len(mine),
            sum(o.landed for o in mine),
            sum(o.quarantined for o in mine),
            sum(o.blank for o in mine),
            skipped,
        ]
        summary.add_row(source, *(f"{number:,}" for number in numbers))
    console.print(summary)
    reasons = connection.execute(
        """select source, reason, count(*) as row_count, arg_min(file, (load_id, line)), arg_min(line, (load_id, line))
        from raw.quarantine where load_id >= ?
        group by source, reason order by row_count desc, source, reason limit 10""",
        [first_load_id],
    ).fetchall()
    for source, reason, number, file, line in reasons:
        console.print(
            f"quarantined {number:,} rows for {reason} in {source}, first at {file}:{line}",
            markup=False,
            soft_wrap=True,
        )


def print_notes(outcomes: list[Outcome], found: Found, console: Console) -> None:
    """What the reader has to know or do: files not landed, files refused, columns nobody knows."""
    notes = [f"not landed: {note}" for note in found.ignored]
    for outcome in outcomes:
        if outcome.status in ("rejected", "refused"):
            notes.append(f"refused: {outcome.landing.name}: {outcome.problem}; deliver it again")
        elif outcome.status == "known_rejected":
            notes.append(
                f"refused: {outcome.landing.name}: refused before and unchanged; deliver it again or remove it"
            )
        elif outcome.status == "changing":
            notes.append(f"not landed: {outcome.landing.name}: {outcome.problem}")
    notes += [f"{outcome.landing.name}: {note}" for outcome in outcomes for note in outcome.notes]
    unknown: dict[str, set[str]] = {}
    for outcome in outcomes:
        unknown.setdefault(outcome.landing.source, set()).update(outcome.unknown)
    for source, names in unknown.items():
        shown = ", ".join(printable(name) for name in sorted(names)[:REPORTED_NAMES])
        notes += [
            f"unknown columns of {source}, kept in _extra: {shown}{' …' if len(names) > REPORTED_NAMES else ''}"
        ] * bool(names)
    for note in notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)


def land(landing: Path, warehouse: Path, seeds: Path | None = None) -> int:
    """Land a folder into a warehouse file; the exit code. BadCall when it cannot start.

    Seed tables in `seeds` (aliases of names, scenarios) stand in for the project's own.
    """
    if seeds is not None and not seeds.is_dir():
        raise BadCall(f"{seeds}: no such folder")
    if not landing.is_dir():
        problem = "is a file; name the folder that holds <source>/ folders" if landing.exists() else "no such folder"
        raise BadCall(f"{landing}: {problem}")
    spec = read_spec()
    found = find_files(landing, spec, read_limits())
    with locked(warehouse):
        return _land_found(found, spec, warehouse, seeds)


def _land_found(found: Found, spec: dict[str, Table], warehouse: Path, seeds: Path | None) -> int:
    connection = open_warehouse(warehouse)
    work = warehouse.with_name(warehouse.name + ".landing")
    shutil.rmtree(work, ignore_errors=True)  # a killed run's; we hold the warehouse's lock
    work.mkdir()
    try:
        for line in create_tables(connection, spec):
            print(line)
        first_load_id = next_load_id(connection)
        outcomes = land_folder(connection, spec, found.files, work, Console(stderr=True))
        prices = price_book.refresh(connection, seeds)
        print_notes(outcomes, found, Console(stderr=True))
        print_summary(connection, outcomes, first_load_id, Console(width=None if sys.stdout.isatty() else LOG_WIDTH))
        print(*prices, sep="\n", end="\n" * bool(prices))
    finally:
        shutil.rmtree(work, ignore_errors=True)
        connection.close()
    return 3 if any(outcome.status in ("rejected", "known_rejected", "changing") for outcome in outcomes) else 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and land; the exit code."""
    parser = argparse.ArgumentParser(description="Land vendors' export files into schema raw of a DuckDB warehouse.")
    parser.add_argument("--landing", type=Path, required=True, help="folder with one folder of files per source")
    parser.add_argument("--warehouse", type=Path, required=True, help="DuckDB file to land into; made when missing")
    parser.add_argument("--seeds", type=Path, help="seed tables of a project that installs this one, over its own")
    options = parser.parse_args(arguments)
    try:
        return land(options.landing, options.warehouse, options.seeds)
    except Busy as other:
        print(f"land.py: {other}", file=sys.stderr)
        return EX_TEMPFAIL
    except BadCall as problem:
        print(f"land.py: {problem}", file=sys.stderr)
        return 2
    except (OSError, duckdb.Error) as error:
        print(
            f"land.py: stopped by {type(error).__name__}: {str(error).splitlines()[0]}. Files landed so far are kept;"
            " remove the cause and run again",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
