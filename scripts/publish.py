"""Publish the marts of a green build: the only files BI and the dashboard open.

    python scripts/publish.py --warehouse FILE --published DIR

DIR gets `ai_unit_economics.duckdb` (storage version v1.0.0: any DuckDB 1.x client opens it) with schema `marts`,
`parquet/` with one file per mart, and in both a table `_release`: one row that says which build this is, of which
inputs, by which versions. The files are written aside, compared with the build, and each is swapped in by one rename
(`os.replace`). A reader keeps the release it has open; a build is never blocked, because nobody reads the build file.

What the release reported, and of which inputs, is kept in the build file for the next build to be compared with
(`raw.published_costs`, `raw.published_inputs`; price_restatements). It comes by way of the release, which holds it.

Only a build in which every mart was built and every data test passed is published (`raw.builds`); after anything else
yesterday's release stays, byte for byte.

Exit code: 0 published, 2 a bad call (no warehouse, no green build, another program holds it), 1 stopped midway.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]
FILE_NAME = "ai_unit_economics.duckdb"
PAGE_NAME = "report.html"  # scripts/report.py writes it
# What later builds are compared with (price_restatements): table of schema raw -> model that holds its rows.
REMEMBERED = {"published_costs": "int_costs_released", "published_inputs": "int_inputs_released"}
VERSIONED = ("dbt-core", "dbt-duckdb", "duckdb", "genai-prices")


class BadCall(Exception):
    """The release cannot be made: the message says what to do."""


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
    """A connection to a DuckDB file; BadCall when another program holds it."""
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        hint = "another program has it open" if "lock" in str(error) else str(error).splitlines()[0]
        raise BadCall(f"{path}: cannot be opened ({hint})") from error
    connection.execute("set enable_progress_bar = false")
    connection.execute("set TimeZone = 'UTC'")
    try:
        yield connection
    finally:
        connection.close()


def green_build(connection: duckdb.DuckDBPyConnection) -> str:
    """Id of the build the warehouse holds; BadCall unless the last run that wrote into it was green."""
    known = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = 'builds'"
    ).fetchone()
    last = None
    if known and known[0]:
        last = connection.execute(
            "select build_id, command, status from raw.builds order by started_at desc, build_id limit 1"
        ).fetchone()
    if last is None:
        raise BadCall("nothing was built yet; run `dbt build`")
    build_id, command, status = last
    if status != "green":
        what = {"running": "is running or was killed", "failed": "failed", "partial": "left out marts or tests"}[status]
        raise BadCall(f"the last `dbt {command}` {what}; nothing is published until a whole `dbt build` passes")
    return build_id


def inputs_sha256(connection: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 of what the numbers were made of: landed files, price book, reference seeds and settings."""
    digest = hashlib.sha256()
    loads = connection.execute(
        "select source, sha256 from raw.loads where status = 'landed' order by load_id"
    ).fetchall()
    digest.update(json.dumps(loads).encode())
    book = connection.execute("select min(book_version), max(book_version) from raw.model_prices").fetchone()
    digest.update(json.dumps(book).encode())
    for seed in sorted((PROJECT / "seeds" / "reference").glob("*.csv")):
        digest.update(seed.name.encode() + seed.read_bytes())
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def landed_rows(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Rows that landed, and rows that were refused and stand in raw.quarantine."""
    row = connection.execute(
        "select coalesce(sum(rows_landed), 0), (select count(*) from raw.quarantine) from raw.loads"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def as_of(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The day the build's figures stand on; None when it has no data."""
    row = connection.execute("select as_of_date from intermediate.int_as_of_date").fetchone()
    return row[0] if row else None


def mart_names(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    """Every table and view of schema marts, by name."""
    rows = connection.execute(
        """select table_name from information_schema.tables
        where table_catalog = ? and table_schema = 'marts' order by table_name""",
        [catalog],
    ).fetchall()
    return [name for (name,) in rows]


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int, int]:
    """Rows and an order-free content hash of a relation."""
    row = connection.execute(
        f"select count(*), coalesce(bit_xor(hash(t)), 0), coalesce(sum(hash(t)::hugeint), 0) from {relation} as t"
    ).fetchone()
    assert row is not None
    return row


def copy_marts(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int, int]]:
    """Copy every mart from `build` to `release`, with its comments; content hashes by mart."""
    contents = {}
    views = {
        name
        for (name,) in connection.execute("select view_name from duckdb_views() where schema_name = 'marts'").fetchall()
    }
    for mart in mart_names(connection, "build"):
        connection.execute(f'create table release.marts."{mart}" as from build.marts."{mart}"')
        contents[mart] = fingerprint(connection, f'release.marts."{mart}"')
        # A view is not worked out a second time.
        if mart not in views and fingerprint(connection, f'build.marts."{mart}"') != contents[mart]:
            raise RuntimeError(f"{mart}: the copy differs from the build")
    comments = connection.execute(
        """select table_name, null, comment from duckdb_tables()
        where database_name = 'build' and schema_name = 'marts'
        union all select view_name, null, comment from duckdb_views()
        where database_name = 'build' and schema_name = 'marts'
        union all select table_name, column_name, comment from duckdb_columns()
        where database_name = 'build' and schema_name = 'marts'"""
    ).fetchall()
    for mart, column, comment in comments:
        if comment is not None:
            kind, name = ("table", f'"{mart}"') if column is None else ("column", f'"{mart}"."{column}"')
            connection.execute(f"comment on {kind} release.marts.{name} is {quoted(comment)}")
    return contents


def write_release(build: Path, target: Path, parquet: Path) -> Release:
    """Write the release aside: the DuckDB file and the Parquet folder; checked again after reopening."""
    with opened(build, read_only=True) as connection:
        build_id, inputs, landed = green_build(connection), inputs_sha256(connection), landed_rows(connection)
        as_of_date = as_of(connection)
    versions = {package: version(package) for package in VERSIONED}
    published_at = datetime.now(UTC).replace(tzinfo=None)
    connection = duckdb.connect()
    try:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {quoted(str(build))} as build (read_only)")
        connection.execute(f"attach {quoted(str(target))} as release (storage_version 'v1.0.0')")
        connection.execute("create schema release.marts")
        contents = copy_marts(connection)
        rows = sum(content[0] for content in contents.values())
        connection.execute(
            """create table release.main._release as select ? as release_id, ?::timestamp as published_at,
            ? as inputs_sha256, ? as versions, ?::bigint as mart_count, ?::bigint as row_count, ?::date as as_of_date,
            ?::bigint as landed_row_count, ?::bigint as quarantined_row_count""",
            [build_id, published_at, inputs, json.dumps(versions), len(contents), rows, as_of_date, *landed],
        )
        for raw_table, model in REMEMBERED.items():
            connection.execute(
                f"""create table release.main._{raw_table} as
                select ? as release_id, ?::timestamp as published_at, * from build.intermediate.{model}""",
                [build_id, published_at],
            )
        connection.execute("comment on table release.main._release is 'The release these marts belong to. One row.'")
        connection.execute("checkpoint release")
        connection.execute("detach release")
    finally:
        connection.close()
    parquet.mkdir()
    with opened(target, read_only=True) as connection:
        for mart, content in contents.items():
            if fingerprint(connection, f'marts."{mart}"') != content:
                raise RuntimeError(f"{mart}: the written file differs from the build")
        for relation, name in [(f'marts."{mart}"', mart) for mart in contents] + [("main._release", "_release")]:
            file = quoted(str(parquet / f"{name}.parquet"))
            connection.execute(f"copy {relation} to {file} (format parquet, compression zstd)")
    return Release(build_id, published_at, inputs, len(contents), rows)


def sync(path: Path) -> None:
    """Make sure a file or folder is on disk before it is renamed."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def swap_in(published: Path, target: Path, parquet: Path) -> None:
    """Swap the new release in: the DuckDB file, then the link to the Parquet folder, then remove the old folder."""
    for path in (*parquet.iterdir(), target, parquet, published):
        sync(path)
    target.replace(published / FILE_NAME)
    link = published / "parquet"
    pointer = published / ".parquet.tmp"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(parquet.name)
    if link.is_dir() and not link.is_symlink():  # somebody copied a release here with its links resolved
        shutil.rmtree(link)
    pointer.replace(link)
    sync(published)
    for old in published.glob("parquet-*"):
        if old.name != parquet.name:
            shutil.rmtree(old, ignore_errors=True)


def remember(build: Path, published: Path) -> None:
    """Keep in the build file what the release reported and of which inputs, in place of the release before.

    Written after the swap, from the release itself: when this is cut short, the next call catches up.
    """
    release = published / FILE_NAME
    if not release.is_file():
        return
    with opened(build, read_only=False) as connection:
        connection.execute(f"attach {quoted(str(release))} as release (read_only)")
        kept = connection.execute(
            """select count(*) from raw.published_inputs
            where release_id = (select _release.release_id from release.main._release)"""
        ).fetchone()
        if kept and kept[0]:
            return
        connection.begin()
        for raw_table in REMEMBERED:
            connection.execute(f"delete from raw.{raw_table}")
            connection.execute(f"insert into raw.{raw_table} by name from release.main._{raw_table}")
        connection.commit()


def publish(warehouse: Path, published: Path) -> Release:
    """Publish the warehouse's green build into a folder. BadCall when there is none."""
    if not warehouse.is_file():
        raise BadCall(f"{warehouse}: no warehouse yet; run `make build`")
    published.mkdir(parents=True, exist_ok=True)
    remember(warehouse, published)  # a release whose publisher was killed before it could
    for leftover in list(published.glob(".*.tmp*")):
        shutil.rmtree(leftover) if leftover.is_dir() and not leftover.is_symlink() else leftover.unlink()
    target = published / f".{FILE_NAME}.tmp"
    parquet = published / f"parquet-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    try:
        release = write_release(warehouse, target, parquet)
    except BaseException:
        target.unlink(missing_ok=True)
        shutil.rmtree(parquet, ignore_errors=True)
        raise
    swap_in(published, target, parquet)
    remember(warehouse, published)
    return release


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and publish; the exit code."""
    parser = argparse.ArgumentParser(description="Publish the marts of a green build.")
    parser.add_argument("--warehouse", type=Path, required=True, help="the build file")
    parser.add_argument("--published", type=Path, required=True, help="folder of the release")
    options = parser.parse_args(arguments)
    try:
        release = publish(options.warehouse, options.published)
    except BadCall as problem:
        print(f"publish.py: {problem}", file=sys.stderr)
        return 2
    except (OSError, RuntimeError, duckdb.Error) as error:
        print(f"publish.py: stopped by {type(error).__name__}: {error}; the last release stays", file=sys.stderr)
        return 1
    print(f"published {release.marts} marts, {release.rows:,} rows: {options.published / FILE_NAME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
