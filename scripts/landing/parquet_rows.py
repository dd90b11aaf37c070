"""Parquet as a relation of rows, read in place with the types it has."""

from __future__ import annotations

from pathlib import Path

import duckdb

from .cells import identifier, literal
from .csv_rows import cells_relation, header_cells, spelled_header
from .files import NO_ROWS, BrokenFile, FileRows, Landing, linked
from .spec import Table


def reads_to_the_end(connection: duckdb.DuckDBPyConnection, work: Path) -> bool:
    """Whether the Parquet file linked last can be read, so that an error has another cause."""
    try:
        connection.execute(
            "select max(hash(t)) from read_parquet(?, binary_as_string = true) as t", [str(work / "plain")]
        )
    except duckdb.Error:
        return False
    return True


def open_parquet(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A Parquet file, read in place."""
    if landing.path.stat().st_size == 0:
        return NO_ROWS
    path = linked(landing, work)
    reader = f"read_parquet({literal(str(path))}, binary_as_string = true"
    try:
        described = connection.execute(f"describe select * from {reader})").fetchall()
        count = connection.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchone()[0]
    except duckdb.Error as error:
        raise BrokenFile(f"not a Parquet file: {type(error).__name__}") from error
    header, types = [row[0] for row in described], [row[1] for row in described]
    found = spelled_header(table, header)
    columns = ", ".join(identifier(name) for name in header)
    rows = f"select file_row_number + 1, cast(null as varchar), {columns} from {reader}, file_row_number = true)"
    return FileRows(
        cells_relation(rows, header, found), header_cells(table, found, header, types), count, found.unknown
    )
