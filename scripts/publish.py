"""Publish the marts of a green build: the only files BI and the dashboard open.

    python scripts/publish.py --warehouse FILE --published DIR [--keep N] [--verify]

DIR gets `ai_unit_economics.duckdb` (storage version v1.0.0: any DuckDB 1.x client opens it) with schema `marts`,
`parquet/` with a file per mart (facts by day: a folder of monthly files), and in both a table `_release`: one row that
says which build this is, of which inputs, by which versions. Each release is a folder of its own below `releases/`; one
link, `current`, says which one readers see, so that the file and the Parquet files change together, by one rename. A
reader keeps the release it has open, the last N stay (`--keep`, default 2); a build is never blocked, because nobody
reads the build file. Nothing is ever removed but what was made here.

The next release begins as a copy of the last: days of the facts that differ and marts that differ are written again and
compared with the build (`--verify`: all are compared). Ids of people are published as hashes (var publish_user_ids).

What the release reported, and of which inputs, is kept in the build file for the next build to be compared with
(`raw.published_costs`, `raw.published_inputs`, `raw.published_revenue`; price_restatements), and so is what it alerted
of (`raw.published_alerts`; alerts). It comes by way of the release, which holds it.

Only a build in which every mart was built and every data test passed is published (`raw.builds`); after anything else
yesterday's release stays, byte for byte.

Exit code: 0 published, 2 a bad call (no warehouse, no green build, another program holds it), 75 another run holds the
warehouse's lock, 1 stopped midway.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from landing.cells import literal
from locking import EX_TEMPFAIL, Busy, locked
from publishing.contents import RELEASE_COMMENT, Copy, connect
from publishing.folder import FILE_NAME, PAGE_NAME, PARQUET, Folder, begin, current, linked, prune, swap_in
from publishing.people import MODES, People, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the other scripts and the tests know of a release by way of this script.
__all__ = ["FILE_NAME", "PAGE_NAME", "NotPublishable", "Release", "current", "green_build", "opened", "publish"]

# What later builds are compared with (price_restatements, alerts): table of schema raw -> relation that holds its rows.
REMEMBERED = {
    "published_alerts": "marts.alerts",
    "published_costs": "intermediate.int_costs_released",
    "published_inputs": "intermediate.int_inputs_released",
    "published_revenue": "intermediate.int_revenue_released",
}
VERSIONED = ("dbt-core", "dbt-duckdb", "duckdb", "genai-prices")
KEPT = 2  # a reader that has just opened the release before may read on


class NotPublishable(Exception):
    """The release cannot be made: the message says what to do."""


@dataclass(frozen=True)
class Build:
    """A green build, and what it was made of, as dbt recorded it when it began."""

    build_id: str
    number: int
    started_at: datetime
    last_load_id: int
    book_version: str | None
    seeds: dict[str, str]  # name -> checksum
    settings: dict[str, Any]  # vars, those of the command line over the project's


@dataclass(frozen=True)
class Release:
    """What was published: the build's id, when (UTC), of which inputs, and how many marts and rows."""

    release_id: str
    published_at: datetime
    inputs_sha256: str
    marts: int
    rows: int


@contextmanager
def opened(path: Path, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a DuckDB file; NotPublishable when another program holds it."""
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        hint = "another program has it open" if "lock" in str(error) else str(error).splitlines()[0]
        raise NotPublishable(f"{path}: cannot be opened ({hint})") from error
    connection.execute("set enable_progress_bar = false")
    connection.execute("set TimeZone = 'UTC'")
    try:
        yield connection
    finally:
        connection.close()


def green_build(connection: duckdb.DuckDBPyConnection) -> Build:
    """The build the warehouse holds; NotPublishable unless the last run that wrote into it was green."""
    known = connection.execute(
        """select count(*) from duckdb_columns()
        where schema_name = 'raw' and table_name = 'builds' and column_name = 'build_number'"""
    ).fetchone()
    last = None
    if known and known[0]:
        last = connection.execute(
            """select command, status, build_id, build_number, started_at, last_load_id, book_version, seeds,
            project_file, vars from raw.builds order by build_number desc nulls last limit 1"""
        ).fetchone()
    if last is None:
        raise NotPublishable("nothing was built yet; run `dbt build`")
    command, status, build_id, number, started_at, last_load_id, book_version, seeds, project_file, given = last
    if status != "green":
        what = {"running": "is running or was killed", "failed": "failed", "partial": "left out marts or tests"}[status]
        raise NotPublishable(f"the last `dbt {command}` {what}; nothing is published until a whole `dbt build` passes")
    settings = (yaml.safe_load(project_file) or {}).get("vars", {}) | json.loads(given)
    return Build(build_id, number, started_at, last_load_id, book_version, json.loads(seeds), settings)


def inputs_sha256(connection: duckdb.DuckDBPyConnection, build: Build) -> str:
    """SHA-256 of what the numbers were made of: landed files, price book, seeds and settings of the build."""
    loads = connection.execute(
        "select source, sha256 from raw.loads where rows_landed > 0 and load_id <= ? order by load_id",
        [build.last_load_id],
    ).fetchall()
    inputs = [loads, build.book_version, build.seeds, build.settings]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def about(connection: duckdb.DuckDBPyConnection, build: Build) -> dict[str, Any]:
    """What the release says of its build, beside the counts of what is in it: column of `_release` -> value."""
    landed, quarantined = connection.execute(
        """select (select coalesce(sum(rows_landed), 0) from raw.loads where load_id <= $1),
        (select count(*) from raw.quarantine where load_id <= $1)""",
        [build.last_load_id],
    ).fetchone() or (0, 0)
    as_of = connection.execute("select as_of_date from intermediate.int_as_of_date").fetchone()
    verified = connection.execute(
        "select max(started_at) from raw.builds where status = 'green' and is_history_verified"
    ).fetchone()
    return {
        "release_id": build.build_id,
        "published_at": datetime.now(UTC).replace(tzinfo=None),
        "inputs_sha256": inputs_sha256(connection, build),
        "versions": json.dumps({package: version(package) for package in VERSIONED}),
        "as_of_date": as_of[0] if as_of else None,
        "landed_row_count": int(landed),
        "quarantined_row_count": int(quarantined),
        "build_number": build.number,
        "settings": json.dumps(build.settings, sort_keys=True, default=str),
        "history_verified_at": verified[0] if verified else None,
    }


RELEASE_TYPES = {
    "release_id": "varchar",
    "published_at": "timestamp",
    "inputs_sha256": "varchar",
    "versions": "varchar",
    "mart_count": "bigint",
    "row_count": "bigint",
    "as_of_date": "date",
    "landed_row_count": "bigint",
    "quarantined_row_count": "bigint",
    "build_number": "bigint",
    "settings": "varchar",
    "history_verified_at": "timestamp",
}


def people_of(build: Build, warehouse: Path) -> People:
    """How the build's settings want persons' ids published."""
    mode = str(build.settings.get("publish_user_ids", MODES[0])).lower()
    if mode not in MODES:
        raise NotPublishable(f"var publish_user_ids is {mode!r}: it is one of {', '.join(MODES)}")
    try:
        return People(mode, key_of(warehouse) if mode == MODES[0] else b"")
    except ValueError as problem:
        raise NotPublishable(str(problem)) from problem


def note_release(connection: duckdb.DuckDBPyConnection, facts: dict[str, Any], people: People) -> None:
    """Write into the release what it is, and what the next build is compared with: persons' ids as published."""
    columns = ", ".join(f"?::{kind} as {column}" for column, kind in RELEASE_TYPES.items())
    connection.execute(
        f"create or replace table release.main._release as select {columns}",
        [facts[column] for column in RELEASE_TYPES],
    )
    connection.execute(f"comment on table release.main._release is {literal(RELEASE_COMMENT)}")
    for raw_table, relation in REMEMBERED.items():
        columns = [name for name in _columns(connection, raw_table) if name not in ("release_id", "published_at")]
        connection.execute(
            f"""create or replace table release.main._{raw_table} as
            select ? as release_id, ?::timestamp as published_at, {", ".join(columns)}
            from ({people.published(f"build.{relation}", columns)})""",
            [facts["release_id"], facts["published_at"]],
        )


def _columns(connection: duckdb.DuckDBPyConnection, raw_table: str) -> list[str]:
    """Columns of a raw table of the build."""
    found = connection.execute(
        """select column_name from duckdb_columns()
        where database_name = 'build' and schema_name = 'raw' and table_name = ? order by column_index""",
        [raw_table],
    ).fetchall()
    return [name for (name,) in found]


def write_release(
    warehouse: Path, people: People, release: Folder, base: Folder | None, *, is_verified: bool
) -> Release:
    """Write the release into its folder: the DuckDB file and the Parquet files."""
    with opened(warehouse, read_only=True) as connection:
        build = green_build(connection)
        facts = about(connection, build)
    spill = warehouse.with_name(warehouse.name + ".publishing")
    connection = connect(spill)
    try:
        connection.execute(f"attach {literal(str(warehouse))} as build (read_only)")
        marts = Copy(connection, people, release, base).run(
            lambda marts, rows: note_release(connection, facts | {"mart_count": marts, "row_count": rows}, people),
            is_verified=is_verified,
        )
    finally:
        connection.close()
        if spill.is_dir() and not any(spill.iterdir()):
            spill.rmdir()
    rows = sum(mart.rows for mart in marts)
    return Release(build.build_id, facts["published_at"], facts["inputs_sha256"], len(marts), rows)


def remember(build: Path, published: Path, people: People | None = None) -> None:
    """Keep in the build file what the release reported and of which inputs, in place of the release before.

    Written after the swap, from the release itself: when this is cut short, the next call catches up. Users stand in
    the release as hashes: `people` tells those of this build again, others are alerted of once more.
    """
    release = published / FILE_NAME
    if not release.is_file():
        return
    with opened(build, read_only=False) as connection:
        connection.execute(f"attach {literal(str(release))} as release (read_only)")
        kept = connection.execute(
            """select count(*) from raw.published_inputs
            where release_id = (select _release.release_id from release.main._release)"""
        ).fetchone()
        if kept and kept[0]:
            return
        held = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'release' and schema_name = 'main'"
        ).fetchall()
        connection.begin()
        for raw_table in REMEMBERED:
            connection.execute(f"delete from raw.{raw_table}")
            if (f"_{raw_table}",) in held:  # a release of an earlier version may not know of it
                connection.execute(f"insert into raw.{raw_table} by name from release.main._{raw_table}")
        if people is not None:
            connection.execute(
                f"""update raw.published_alerts set subject = alerts.subject from marts.alerts
                where alerts.subject_kind = 'user' and published_alerts.subject_kind = 'user'
                and published_alerts.subject = {people.hidden("alerts.subject")}"""
            )
        connection.commit()


def catch_up(warehouse: Path, published: Path) -> None:
    """Remember a release whose publisher was killed before it could: the next build is compared with it."""
    if not warehouse.is_file() or not (published / FILE_NAME).is_file():
        return
    with locked(published / FILE_NAME):
        people = None
        with opened(warehouse, read_only=True) as connection:
            known = connection.execute(
                "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = 'published_inputs'"
            ).fetchone()
            with suppress(NotPublishable):  # of a red build nobody is known again
                people = people_of(green_build(connection), warehouse)
        if known and known[0]:
            remember(warehouse, published, people)


def publish(warehouse: Path, published: Path, keep: int = KEPT, is_verified: bool = False) -> Release:
    """Publish the warehouse's green build into a folder. NotPublishable when there is none."""
    if not warehouse.is_file():
        raise NotPublishable(f"{warehouse}: no warehouse yet; run `make build`")
    if (published / PARQUET).is_dir() and not (published / PARQUET).is_symlink():
        raise NotPublishable(f"{published / PARQUET} is a folder that was not made here: move it away")
    with locked(published / FILE_NAME):  # of two warehouses that publish into one folder, too
        remember(warehouse, published)  # a release whose publisher was killed before it could
        with opened(warehouse, read_only=True) as connection:
            people = people_of(green_build(connection), warehouse)
        base, release = current(published), begin(published)
        try:
            made = write_release(warehouse, people, release, base, is_verified=is_verified)
            page = release.note(release.path / PAGE_NAME)
            release.note(release.path / f".{PAGE_NAME}.tmp")
            if base and (base.path / PAGE_NAME).is_file():  # yesterday's page, until today's is written
                linked(base.path / PAGE_NAME, page)
            release.finish({"release_id": made.release_id})
            swap_in(published, release)
        except BaseException:
            _undo(release, published)
            raise
        prune(published, keep)
        remember(warehouse, published, people)
    return made


def _undo(release: Folder, published: Path) -> None:
    """Remove a release that did not come to its end. What goes wrong here must not hide what went wrong before."""
    try:
        now = current(published)
        if now is None or now.path != release.path.resolve():
            release.remove()
    except OSError as problem:
        print(f"publish.py: {release.path} could not be removed: {problem}", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and publish; the exit code."""
    parser = argparse.ArgumentParser(description="Publish the marts of a green build.")
    parser.add_argument("--warehouse", type=Path, required=True, help="the build file")
    parser.add_argument("--published", type=Path, required=True, help="folder of the release")
    parser.add_argument("--keep", type=int, default=KEPT, help=f"releases to keep (default {KEPT})")
    parser.add_argument("--verify", action="store_true", help="compare every row with the build, not only the new")
    options = parser.parse_args(arguments)
    try:
        with locked(options.warehouse):
            release = publish(options.warehouse, options.published, options.keep, options.verify)
    except Busy as other:
        print(f"publish.py: {other}", file=sys.stderr)
        return EX_TEMPFAIL
    except NotPublishable as problem:
        print(f"publish.py: {problem}", file=sys.stderr)
        return 2
    except (OSError, RuntimeError, duckdb.Error) as error:
        print(f"publish.py: stopped by {type(error).__name__}: {error}; the last release stays", file=sys.stderr)
        return 1
    print(f"published {release.marts} marts, {release.rows:,} rows: {options.published / FILE_NAME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
