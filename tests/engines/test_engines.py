"""DuckDB and Spark give the same marts from the same landed files: same keys, same values, same types, null for null.

The demo company lands in two waves. Spark builds the incremental models after each and the other marts after the
last; DuckDB builds everything once, by a full refresh. So the comparison says two things: the engines agree, and waves
end where a full refresh does.

What would silently go wrong: a company that outgrows one machine moves to Spark and its numbers move too; a day that a
wave touched keeps its old rows, a day whose rows all moved away stays, or a run that failed between dropping a day and
writing it leaves the day out for good. Every mart, incremental model and reference seed that dbt knows is compared; a
new one is compared without being listed anywhere.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from cases import join_cases
from compare import compare
from exports import WRITERS, company, openrouter_company

PROJECT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("CASES_PATH", PROJECT.parent / "shared" / "cases"))
# A node costs seconds on Spark however few rows it has: a small company, and each model as few times as will do.
CALLS = os.environ.get("ENGINES_CALLS", "5000")
# The incremental models, whichever they are, what they are built from, and their build records.
INCREMENTAL = ["+config.materialized:incremental", "*_built"]
# What the comparison needs: models, seeds and the tests of macros. Tests of models run on DuckDB.
NO_MODEL_TESTS = ["--exclude-resource-type", "unit_test", "--exclude", "test_type:generic", "path:tests/reconciliation"]
LONELY_DAY, OTHER_DAY, DROPPED_DAY = "2025-08-12", "2025-08-14", "2025-08-20"


def compared_nodes(manifest):
    """Every mart, every seed and every incremental model, by name; but builds have their numbers on DuckDB alone."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["name"] != "int_days_written"
        and (
            node["resource_type"] == "seed"
            or (node["resource_type"] == "model" and (node["schema"] == "marts" or is_incremental(node)))
        )
    }


def is_incremental(node):
    return node["config"]["materialized"] == "incremental"


def is_fact_by_day(node):
    """Written by day; what is appended by load has no day to lose."""
    return is_incremental(node) and node["config"].get("partition_by") == "usage_date"


def export_calls(landing):
    """A small company's calls as each program would export them: the demo company logs in our own format alone."""
    for number, (source, write) in enumerate(WRITERS.items()):
        rows = (openrouter_company if source == "openrouter_generations" else company)(source, number)
        file = landing / source / ("calls.json" if source == "langfuse_observations" else "calls.jsonl")
        file.parent.mkdir(parents=True)
        file.write_text(write(rows), encoding="utf-8")


def key_of(manifest, node):
    """The columns that name a row, from the node's own key test; none for a seed without one."""
    for test in manifest["nodes"].values():
        if test["resource_type"] == "test" and test.get("attached_node") == node["unique_id"]:
            name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
            arguments = arguments | arguments.get("arguments", {})
            if name == "unique_combination":
                return arguments["columns"]
            if name == "unique":
                return [arguments["column_name"]]
    return []


def without_rows(node):
    """Why a mart has no row in the demo company, as its yml says."""
    return node["config"].get("meta", {}).get("empty_in_demo")


def count(connection, table):
    return connection.execute(f"select count(*) from {table}").fetchone()[0]


def call(name, day, **fields):
    """A call of before the demo company, alone on its day."""
    base = {"request_id": name, "call_id": name, "timestamp": f"{day}T10:00:00Z", "provider": "openai"}
    return json.dumps(base | {"model": "gpt-5", "input_tokens": 1000, "output_tokens": 100} | fields)


def runaway():
    """A customer with a call a day for a week, then a dozen in one: so small a demo company has no such day."""
    days = [f"2025-08-{day:02}" for day in [*range(1, 8), *[8] * 12]]
    return [call(f"runaway{n}", day, customer_id="runaway") for n, day in enumerate(days)]


def waves(demo):
    """The months and the lines of two waves: out of order, and the second moves a call and changes another."""
    months = sorted({path.name[:7] for path in (demo / "inference_events").iterdir()})
    newer = {"updated_at": "2026-01-01T00:00:00Z"}
    yield months[:5] + months[10:], [call("lonely", LONELY_DAY), call("kept", DROPPED_DAY), *runaway()]
    yield months[5:10], [call("lonely", OTHER_DAY, **newer), call("kept", DROPPED_DAY, **newer, output_tokens=7)]


@pytest.fixture(scope="module")
def both(spark, warehouse, tmp_path_factory):
    """The demo company on both engines, and what dbt knows of the project."""
    demo = tmp_path_factory.mktemp("demo")
    script = PROJECT / "scripts" / "demo_company.py"
    subprocess.run([sys.executable, script, "--out", demo, "--calls", CALLS], check=True, capture_output=True)
    facts, seconds = [], []
    for number, (months, lines) in enumerate(waves(demo), start=1):
        for path in demo.rglob("*"):
            # The first wave brings the files of no month too.
            if path.is_file() and (path.name[:7] in months or (path.name[:2] != "20" and number == 1)):
                copy = warehouse.landing / path.relative_to(demo)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        if number == 1:
            export_calls(warehouse.landing)
            # The hand-worked cases of revenue too, where they are: their values are held elsewhere, on DuckDB.
            join_cases(sorted(path.parent for path in CASES.glob("s-*/expected.json")), warehouse.folder)
        warehouse.land_lines("inference_events", lines)
        spark.load(warehouse.path)
        if number == 2:
            # What a run leaves behind that failed after it had dropped its days and before it had written them.
            spark.query(
                *(f"alter table {fact} drop if exists partition (usage_date = '{DROPPED_DAY}')" for fact in facts)
            )
        kinds = ["--resource-type", "model", *(["--resource-type", "seed"] if number == 1 else [])]
        seconds.append(spark.dbt("build", *kinds, "--select", *INCREMENTAL))
        manifest = json.loads((spark.target / "manifest.json").read_text(encoding="utf-8"))
        facts = [f"{node['schema']}.{node['name']}" for node in manifest["nodes"].values() if is_fact_by_day(node)]
        assert len(facts) >= 3
    # Nearly every mart reads the facts: kept in memory, they are not read from a file per day again and again.
    spark.query(*(f"cache table {fact}" for fact in facts))
    seconds.append(spark.dbt("build", *NO_MODEL_TESTS, *INCREMENTAL))
    views = [n["name"] for n in compared_nodes(manifest).values() if n["config"]["materialized"] == "view"]
    spark.query(
        "create schema if not exists comparison",
        *(f"create table comparison.{name} using parquet as select * from marts.{name}" for name in views),
    )
    warehouse.dbt("build", *NO_MODEL_TESTS)
    print(f"{CALLS} calls on Spark: {' + '.join(f'{part:.0f}' for part in seconds)} s for two waves and the rest")
    return manifest


def test_the_server_is_strict_and_in_utc(spark):
    """Else a failing cast is a null, bigint wraps, and a day is cut in the zone of the machine."""
    settings = ("spark.sql.ansi.enabled", "spark.sql.decimalOperations.allowPrecisionLoss")
    rows = spark.query("select current_timezone()", *(f"set {name}" for name in settings))
    assert rows == [["UTC"], [settings[0], "true"], [settings[1], "false"]]
    for wrong in ("cast('x' as int)", "cast(9223372036854775807 as bigint) + 1", "cast(1e20 as decimal(28, 12))"):
        with pytest.raises(AssertionError, match=r"CAST_INVALID_INPUT|OVERFLOW|OUT_OF_RANGE"):
            spark.query(f"select {wrong}")


def test_every_mart_is_the_same_on_both_engines(both, spark, warehouse):
    nodes = compared_nodes(both)
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        known = connection.execute(
            "select table_name from information_schema.tables where table_schema in ('marts', 'reference')"
        ).fetchall()
        assert {name for (name,) in known} <= nodes.keys(), "a mart in the warehouse that dbt does not know"
        wrong = []
        print()
        for name, node in sorted(nodes.items()):
            is_view = node["config"]["materialized"] == "view"
            view = spark.view_of(connection, "comparison" if is_view else node["schema"], name)
            rows = count(connection, f"{node['schema']}.{name}")
            if rows == 0 and (reason := without_rows(node)):
                wrong += [f"{name}: has rows on Spark alone"] if view and count(connection, view) else []
                print(f"  {name}: no rows ({reason})")
            elif rows == 0 or view is None:
                wrong.append(f"{name}: {rows} rows on DuckDB, {'no file' if view is None else 'a table'} on Spark")
            else:
                tables = {"DuckDB": f"{node['schema']}.{name}", "Spark": view}
                found = compare(connection, name, tables, key_of(both, node))
                wrong += found.differences
                print(f"  {name}: {found.rows:,} rows, {len(found.differences) or 'no'} differences")
    assert not wrong, "\n".join(wrong)


def test_a_day_whose_rows_moved_away_is_no_partition(both, spark, warehouse):
    """And every day with rows is one, in all that is written by day."""
    facts = [node for node in both["nodes"].values() if is_fact_by_day(node)]
    assert len(facts) >= 3
    for fact in facts:
        name = f"{fact['schema']}.{fact['name']}"
        days = {f"usage_date={day}" for (day,) in warehouse.query(f"select distinct usage_date from {name}")}
        assert {row[0] for row in spark.query(f"show partitions {name}")} == days
        assert f"usage_date={LONELY_DAY}" not in days, "the wave does not empty this day"
    calls = {row[0] for row in spark.query("show partitions intermediate.int_calls_priced")}
    assert {f"usage_date={OTHER_DAY}", f"usage_date={DROPPED_DAY}"} <= calls


def test_a_difference_names_mart_key_column_and_both_values():
    with duckdb.connect() as connection:
        connection.execute(
            "create table one as from (values (1, 1.50, 'a'), (2, null, 'b'), (3, 3.00, 'c')) t (k, v, w)"
        )
        connection.execute(
            "create table two as from (values (1, 1.51, 'a'), (2, 0.00, 'b'), (4, 3.00, 'c')) t (k, v, w)"
        )
        connection.execute("create table doubled as from one union all from one where k = 3")
        connection.execute("create table typed as select k, cast(v as double) as v from one")

        def found(other):
            return compare(connection, "mart", {"DuckDB": "one", "Spark": other}, ["k"]).differences

        assert found("one") == []
        assert found("two") == [
            "mart [k=3] only on DuckDB",
            "mart [k=4] only on Spark",
            "mart [k=1] v: 1.50 on DuckDB, 1.51 on Spark",
            "mart [k=2] v: None on DuckDB, 0.00 on Spark",
        ]
        assert found("doubled") == ["mart: 1 rows are there more often on one engine"]
        assert found("typed") == [
            "mart.v: type DECIMAL(3,2) on DuckDB, DOUBLE on Spark",
            "mart.w: type VARCHAR on DuckDB, missing on Spark",
        ]
