"""Export the landed raw tables of a DuckDB warehouse as Parquet, for Spark to read as its schema `raw`.

    python scripts/export_raw.py --warehouse FILE --out DIR

Writes `DIR/<table>/load-<number>-<hash>.parquet`, one file per load, so that a second export adds the new loads alone,
and `DIR/<table>/all.parquet` for the tables a program replaces as a whole (the logs of landing, the price book). Every
raw table gets its folder, an empty one when it has no rows. Types are those of the specification; timestamps are UTC
and marked so. Each file is written aside and renamed into place: a reader never sees half of one.

Spark finds the tables when `SPARK_RAW_PATH` is DIR, as Spark sees it: `dbt build --target spark` registers the ones its
schema `raw` does not have yet. The warehouse must not be open for writing. Exit code 0, or 2 with the reason.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import track

from landing.cells import identifier, literal
from landing.spec import BadCall, Table, read_spec


def columns(table: Table) -> str:
    """The columns as Spark is to read them: a timestamp without zone is UTC, which Parquet has a mark for."""
    return ", ".join(
        f"{identifier(name)} at time zone 'UTC' as {identifier(name)}" if data_type == "timestamp" else identifier(name)
        for name, data_type in table.types().items()
    )


def write_part(connection: duckdb.DuckDBPyConnection, table: Table, where: str, path: Path) -> None:
    """Write the rows of a table that a condition holds for; the file appears when it is whole."""
    unfinished = path.with_name(f".{path.name}.tmp")
    query = f"select {columns(table)} from raw.{identifier(table.name)} where {where}"
    connection.execute(f"copy ({query}) to {literal(str(unfinished))} (format parquet, compression snappy)")
    unfinished.replace(path)


def export_table(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> int:
    """Bring a table's folder up to date; the number of files written."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"all.parquet": "true"}
    if table.landed:
        loads = connection.execute(
            f"""select load_id, sha256 from raw.loads
            where load_id in (select _load_id from raw.{identifier(table.name)}) order by load_id"""
        ).fetchall()
        parts = {f"load-{load_id:09}-{sha256[:16]}.parquet": f"_load_id = {load_id}" for load_id, sha256 in loads}
    for path in [*folder.glob("load-*.parquet"), *folder.glob(".*.tmp")]:
        if path.name not in parts:  # of another warehouse, or unfinished
            path.unlink()
    missing = [name for name in parts if not table.landed or not (folder / name).exists()]
    for name in missing:
        write_part(connection, table, parts[name], folder / name)
    return len(missing)


def export(warehouse: Path, out: Path) -> str:
    """Export every raw table; what was done, in a line."""
    spec = read_spec()
    console = Console(stderr=True)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")
        tables = track(spec.values(), "exporting", console=console, transient=True, disable=not console.is_terminal)
        files = sum(export_table(connection, table, out / table.name) for table in tables)
    return f"exported {len(spec)} raw tables to {out}: {files} files written"


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and export; the exit code."""
    parser = argparse.ArgumentParser(description="Export schema raw of a DuckDB warehouse as Parquet for Spark.")
    parser.add_argument("--warehouse", type=Path, required=True, help="DuckDB file that was landed into")
    parser.add_argument("--out", type=Path, required=True, help="folder for one folder of Parquet files per raw table")
    options = parser.parse_args(arguments)
    try:
        print(export(options.warehouse, options.out))
    except (BadCall, duckdb.Error, OSError) as problem:
        print(f"export_raw.py: {str(problem).splitlines()[0]}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
