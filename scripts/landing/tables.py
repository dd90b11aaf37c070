"""The tables of schema `raw`: made as the specification says, and brought up to it when it has grown since."""

from __future__ import annotations

import duckdb

from .cells import identifier
from .spec import BadCall, Table


def create_tables(connection: duckdb.DuckDBPyConnection, spec: dict[str, Table]) -> list[str]:
    """Schema `raw` and every table of the spec that is not there yet; a line for every column added to one that is.

    BadCall with the remedy when a table differs in anything but missing columns. dbt's macro create_raw_tables does the
    same when it runs first. Columns have no order: they are read and written by name.
    """
    connection.begin()  # one write to disk instead of one a table
    try:
        connection.execute("create schema if not exists raw")
        present = _columns(connection)
        lines = [line for table in spec.values() for line in _bring_up(connection, table, present.get(table.name))]
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return lines


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Name and type of the columns of each table of schema `raw`."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where schema_name = 'raw' and database_name = current_database()"
    ).fetchall():
        tables.setdefault(table, {})[column] = data_type
    return tables


def duckdb_type(data_type: str) -> str:
    """A type of the specification as DuckDB names it."""
    return {"string": "VARCHAR"}.get(data_type, data_type.upper().replace(" ", ""))


def _bring_up(connection: duckdb.DuckDBPyConnection, table: Table, present: dict[str, str] | None) -> list[str]:
    name, wanted = f"raw.{identifier(table.name)}", table.types()
    if present is None:
        columns = ", ".join(f"{identifier(column)} {data_type}" for column, data_type in wanted.items())
        connection.execute(f"create table {name} ({columns})")
        return []
    new = [column for column in wanted if column not in present]
    differing = [
        f"column {column} is {data_type}, not {duckdb_type(wanted[column])}"
        if column in wanted
        else f"column {column} is unknown"
        for column, data_type in present.items()
        if column not in wanted or duckdb_type(wanted[column]) != data_type
    ]
    if differing:
        remedy = "move the warehouse away and land everything again, or set it right by `alter table`"
        raise BadCall(f"raw.{table.name} was made by another version: {', '.join(differing)}; {remedy}")
    if new and table.is_derived:  # what it holds was made without the column
        connection.execute(f"delete from {name}")
    for column in new:
        connection.execute(f"alter table {name} add column {identifier(column)} {wanted[column]}")
    again = "; its rows are made again" if table.is_derived else ""
    return [f"raw.{table.name}: column {column} added{again}" for column in new]
