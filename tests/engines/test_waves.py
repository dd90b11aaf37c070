"""Landed in waves, the incremental facts on Spark equal a full refresh, which DuckDB does.

What would silently go wrong: a day that a wave touched keeps its old rows, a day whose rows all moved away stays, or a
run that failed between dropping a day and writing it leaves the day out for good.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from compare import compare

PROJECT = Path(__file__).resolve().parents[2]
LONELY_DAY, OTHER_DAY, DROPPED_DAY = "2025-08-12", "2025-08-14", "2025-08-20"


@pytest.fixture(scope="module")
def incremental(spark):
    """Start from nothing, whatever ran before."""
    spark.empty()
    return spark


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waves")
    script = PROJECT / "scripts" / "demo_company.py"
    subprocess.run([sys.executable, script, "--out", folder, "--calls", "20000"], check=True, capture_output=True)
    return folder


def call(name, day, **fields):
    """A call of before the demo company, alone on its day."""
    base = {"request_id": name, "call_id": name, "timestamp": f"{day}T10:00:00Z", "provider": "openai"}
    return json.dumps(base | {"model": "gpt-5", "input_tokens": 1000, "output_tokens": 100} | fields)


def keys(manifest, name):
    tests = (node for node in manifest["nodes"].values() if (node.get("attached_node") or "").endswith(f".{name}"))
    for test in tests:
        if test["test_metadata"]["name"] == "unique":
            return [test["test_metadata"]["kwargs"]["column_name"]]
        if test["test_metadata"]["name"] == "unique_combination":
            arguments = test["test_metadata"]["kwargs"]
            return (arguments | arguments.get("arguments", {}))["columns"]
    raise AssertionError(f"{name} has no key test")


def test_waves_on_spark_equal_a_full_refresh(demo, warehouse, incremental):
    spark = incremental
    # A quarter: every day is a partition, and writing one costs more than the calls in it.
    months = sorted({path.name[:7] for path in (demo / "inference_events").iterdir()})[:3]
    waves = {
        "first": (months[:1], [call("lonely", LONELY_DAY), call("kept", DROPPED_DAY)]),
        "late months": (months[2:], []),
        # Out of order; and the lonely call moves to another day.
        "middle months": (
            months[1:2],
            [
                call("lonely", OTHER_DAY, updated_at="2026-01-01T00:00:00Z"),
                call("kept", DROPPED_DAY, updated_at="2026-01-01T00:00:00Z", output_tokens=7),
            ],
        ),
    }
    for wave, (landed, lines) in waves.items():
        for path in demo.rglob("*"):
            if path.is_file() and (path.name[:7] in landed or (path.name[:2] != "20" and wave == "first")):
                copy = warehouse.landing / path.relative_to(demo)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
        if lines:
            warehouse.land_lines("inference_events", lines)
        warehouse.land()
        spark.load(warehouse.path)
        if wave == "middle months":
            # What a run leaves behind that failed after it had dropped its days and before it had written them.
            for fact in ("marts.fct_inference_calls", "intermediate.int_usage_priced_daily", "marts.fct_usage_daily"):
                spark.query(f"alter table {fact} drop partition (usage_date = '{DROPPED_DAY}')")
        # The incremental models of the project, whichever they are, what they are built from, and their build records.
        selection = ["--select", "+config.materialized:incremental", "*_built"]
        warehouse.dbt("build", "--full-refresh", "--resource-type", "model", "--resource-type", "seed", *selection)
        seconds = spark.dbt("build", "--resource-type", "model", "--resource-type", "seed", *selection)

        manifest = json.loads((spark.target / "manifest.json").read_text(encoding="utf-8"))
        facts = [
            node
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["config"]["materialized"] == "incremental"
        ]
        assert len(facts) >= 2
        with duckdb.connect(str(warehouse.path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for fact in facts:
                tables = {
                    "full refresh": f"{fact['schema']}.{fact['name']}",
                    "Spark": spark.view_of(connection, fact["schema"], fact["name"]),
                }
                found = compare(connection, fact["name"], tables, keys(manifest, fact["name"]))
                assert not found.differences, "\n".join([f"after wave {wave}:", *found.differences])
                print(f"\n  {wave}: {fact['name']}: {found.rows:,} rows equal a full refresh ({seconds:.0f} s)", end="")

    for fact in facts:
        partitions = {row[0] for row in spark.query(f"show partitions {fact['schema']}.{fact['name']}")}
        assert {f"usage_date={OTHER_DAY}", f"usage_date={DROPPED_DAY}"} <= partitions
        assert f"usage_date={LONELY_DAY}" not in partitions, "a day without rows is still a partition"
