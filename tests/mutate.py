"""Falsifies the marts of a built warehouse, one column at a time, and prints what no data test notices.

    python tests/mutate.py --warehouse build.duckdb [--only MART]... [--minimum 0.95]

Three lies for every numeric column of every mart: one value 1 % higher, all values three times as high, and one period
of the mart gone. Each is told in a transaction of its own, the data tests that read the mart run over it as dbt
compiled them, the quickest first, and everything is rolled back. A test that fails before any lie is told stops the
run: it would notice everything. One of severity `warn` is a finding, no alarm, and does not count.
Columns that are 0 or null throughout cannot be falsified and are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
NUMERIC = ("DECIMAL", "BIGINT", "DOUBLE", "INTEGER", "HUGEINT")
PERIODS = ("period_start_date", "usage_date", "revenue_date", "spend_date", "cohort_month_date")


@dataclass(frozen=True)
class Test:
    """A data test: its name and the SQL whose rows are failures."""

    name: str
    sql: str


@dataclass(frozen=True)
class Lie:
    """A falsification: what it is called and the statement that tells it."""

    mart: str
    column: str
    kind: str
    statement: str


def compiled_tests(warehouse: Path, folder: Path, marts: list[str]) -> dict[str, list[Test]]:
    """The data tests of severity error by the name of each model they read, as compiled; of these marts, or all."""
    environment = os.environ | {
        "WAREHOUSE_PATH": str(warehouse),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(folder),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    dbt = str(Path(sys.executable).parent / "dbt")
    selected = [f"{mart},test_type:data" for mart in marts] or ["test_type:data"]
    command = [dbt, "--quiet", "compile", "--select", *selected]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tests: dict[str, list[Test]] = {}
    for node in manifest["nodes"].values():
        is_asked = node["resource_type"] == "test" and "compiled_code" in node
        if not is_asked or node["config"]["severity"].lower() == "warn":
            continue
        test = Test(node["name"], f"select count(*) from ({node['compiled_code']})")
        for parent in node["depends_on"]["nodes"]:
            tests.setdefault(parent.split(".")[-1], []).append(test)
    return tests


def lies(connection: duckdb.DuckDBPyConnection, marts: list[str]) -> Iterator[Lie]:
    """Every lie that can be told of the marts' tables."""
    columns = connection.execute(
        """select table_name, column_name, data_type from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where table_schema = 'marts' and table_type = 'BASE TABLE' order by table_name, ordinal_position"""
    ).fetchall()
    for mart in sorted({row[0] for row in columns}):
        if marts and mart not in marts:
            continue
        mine = [(name, data_type) for table, name, data_type in columns if table == mart]
        for name, data_type in mine:
            if not data_type.startswith(NUMERIC):
                continue
            table, column = f"marts.{mart}", f'"{name}"'
            size = f"greatest(abs({column}) * 0.01, 1)" if "INT" in data_type else f"abs({column}) * 0.01"
            chosen = connection.execute(
                f"""select rowid from {table} where {column} <> 0
                order by abs({column}) desc, rowid limit 1
                offset (select count(*) // 2 from {table} where {column} <> 0)"""
            ).fetchone()
            if chosen is None:
                continue
            raised = f"cast({column} + {size} as {data_type})"
            yield Lie(mart, name, "one row", f"update {table} set {column} = {raised} where rowid = {chosen[0]}")
            yield Lie(mart, name, "all rows", f"update {table} set {column} = cast({column} * 3 as {data_type})")
        period = next((name for name, _ in mine if name in PERIODS), None)
        if period:
            middle = connection.execute(
                f"""select {period} from (select distinct {period} from marts.{mart} where {period} is not null)
                order by 1 limit 1 offset (select count(distinct {period}) // 2 from marts.{mart})"""
            ).fetchone()
            if middle:
                gone = f"delete from marts.{mart} where {period} = '{middle[0]}'"
                yield Lie(mart, period, "period gone", gone)


def quickest_first(connection: duckdb.DuckDBPyConnection, tests: list[Test]) -> list[Test]:
    """The tests in the order of what they take; SystemExit when one fails although nobody lied."""
    seconds = {}
    for test in tests:
        start = time.monotonic()
        failures = connection.execute(test.sql).fetchone()[0]
        if failures:
            raise SystemExit(f"{test.name} fails on {failures} rows before any lie is told")
        seconds[test] = time.monotonic() - start
    return sorted(tests, key=lambda test: seconds[test])


def noticed_by(connection: duckdb.DuckDBPyConnection, lie: Lie, tests: list[Test]) -> str | None:
    """The first test that fails while the lie stands; an error of the test's own SQL counts as noticed."""
    connection.execute("begin")
    try:
        connection.execute(lie.statement)
        for test in tests:
            try:
                if connection.execute(test.sql).fetchone()[0]:
                    return test.name
            except duckdb.Error:
                return test.name
        return None
    finally:
        connection.execute("rollback")


def main() -> int:
    """Tell every lie; 1 when too few are noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warehouse", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[], help="a mart; may be given several times")
    parser.add_argument("--minimum", type=float, default=0.95, help="share of lies that must be noticed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tests = compiled_tests(options.warehouse.resolve(), folder, options.only)
        # Under its own name: it is part of the compiled SQL.
        copy = folder / options.warehouse.name
        shutil.copy(options.warehouse, copy)
        connection = duckdb.connect(str(copy))
        connection.execute("set enable_progress_bar = false")
        told, noticed = Counter(), Counter()
        for mart, mart_lies in groupby(lies(connection, options.only), key=lambda lie: lie.mart):
            mart_tests = quickest_first(connection, tests.get(mart, []))
            for lie in mart_lies:
                told[mart] += 1
                if noticed_by(connection, lie, mart_tests):
                    noticed[mart] += 1
                else:
                    print(f"not noticed: {mart}.{lie.column}, {lie.kind}", flush=True)
            print(f"{mart}: {noticed[mart]} of {told[mart]}", flush=True)
    print(f"{noticed.total()} of {told.total()} lies noticed")
    return told.total() == 0 or noticed.total() / told.total() < options.minimum


if __name__ == "__main__":
    sys.exit(main())
