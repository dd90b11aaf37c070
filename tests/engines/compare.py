"""Compare tables of two engines cell by cell: a difference names mart, key, column and both values."""

from dataclasses import dataclass, field

import duckdb

# Types that are the same thing under another name. Everything else must be called the same.
SAME_TYPES = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMP"}
SHOWN = 5


@dataclass
class Comparison:
    """What was found of one mart: its rows on the first engine, and every difference in a line."""

    mart: str
    rows: int
    differences: list[str] = field(default_factory=list)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def column_types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    rows = connection.execute(f"describe select * from {table}").fetchall()
    return {name: SAME_TYPES.get(data_type, data_type) for name, data_type, *_ in rows}


def compare(connection: duckdb.DuckDBPyConnection, mart: str, tables: dict[str, str], key: list[str]) -> Comparison:
    """Compare a mart on two engines (`tables`: engine to table); without a key the whole row is the key.

    Columns are compared by name: a partition column stands last on one engine. Null equals null and nothing else.
    """
    (one, left), (other, right) = tables.items()
    types, other_types = column_types(connection, left), column_types(connection, right)
    found = Comparison(mart, connection.execute(f"select count(*) from {left}").fetchone()[0])
    for name in sorted(types.keys() | other_types.keys()):
        left_type, right_type = types.get(name, "missing"), other_types.get(name, "missing")
        if left_type != right_type:
            found.differences.append(f"{mart}.{name}: type {left_type} on {one}, {right_type} on {other}")
    names = [name for name in types if name in other_types]
    if not names:
        return found
    columns = ", ".join(quoted(name) for name in names)
    both = {one: f"select {columns} from {left}", other: f"select {columns} from {right}"}
    differing = sum(
        connection.execute(f"select count(*) from ({a} except all {b})").fetchone()[0]
        for a, b in (tuple(both.values()), tuple(reversed(both.values())))
    )
    if differing:
        found.differences += explained(connection, mart, both, names, [name for name in key if name in names] or names)
        # A doubled row shows in no cell.
        found.differences = found.differences or [f"{mart}: {differing} rows are there more often on one engine"]
    return found


def explained(
    connection: duckdb.DuckDBPyConnection, mart: str, both: dict[str, str], names: list[str], key: list[str]
) -> list[str]:
    """The first few rows that one engine lacks and cells that differ, each in a line, with how many there are."""
    one, other = both
    on = " and ".join(f"one.{quoted(name)} is not distinct from other.{quoted(name)}" for name in key)
    joined = f"""(select *, true as is_there from ({both[one]})) as one
        full outer join (select *, true as is_there from ({both[other]})) as other on {on}"""
    shown_key = ", ".join(f"coalesce(one.{quoted(name)}, other.{quoted(name)})" for name in key)
    lines = []

    def report(what: str, values: str, where: str) -> None:
        number = connection.execute(f"select count(*) from {joined} where {where}").fetchone()[0]
        rows = connection.execute(
            f"select {shown_key}, {values} from {joined} where {where} order by all limit {SHOWN}"
        ).fetchall()
        for row in rows:
            at = ", ".join(f"{name}={value}" for name, value in zip(key, row, strict=False))
            lines.append(f"{mart} [{at}] {what.format(*row[len(key) :])}")
        if number > SHOWN:
            lines.append(f"{mart}: {number - SHOWN} more like the last line")

    report(f"only on {one}{{0}}", "''", "other.is_there is null")
    report(f"only on {other}{{0}}", "''", "one.is_there is null")
    for name in names:
        if name not in key:
            values = f"one.{quoted(name)}, other.{quoted(name)}"
            where = f"one.is_there and other.is_there and one.{quoted(name)} is distinct from other.{quoted(name)}"
            report(f"{name}: {{0}} on {one}, {{1}} on {other}", values, where)
    return lines
