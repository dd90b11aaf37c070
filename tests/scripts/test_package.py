"""Another dbt project installs this one: its own names stay its own, ours go where it wants them, the numbers hold.

What would silently go wrong: the installing project's models move to other schemas, or ours look for what they built in
a schema they were moved out of, build every day again each night, and record vars the run did not have.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from dbt.cli.main import dbtRunner
from dbt_in_process import dbt
from genai_prices import Usage, calc_price

PROJECT = Path(__file__).resolve().parents[2]
SPAN = ("valid_from_date", "valid_to_date")
PROJECT_FILE = {
    "name": "shop",
    "version": "1.0.0",
    "profile": "shop",
    "models": {
        "shop": {"+schema": "board"},
        "ai_unit_economics": {
            "marts": {"+schema": "economics"},
            "intermediate": {"+schema": "{{ target.schema }}_work"},
        },
    },
    "seeds": {
        "ai_unit_economics": {"reference": {"model_aliases": {"+enabled": False}}},
        "shop": {"model_aliases": {"+column_types": {"resolved_provider": "string"} | dict.fromkeys(SPAN, "date")}},
    },
    "vars": {"ai_unit_economics": {"publish_user_ids": "none"}, "company_stage": "growth"},
}
OUTPUT = {"type": "duckdb", "schema": "analytics", "threads": 2, "settings": {"TimeZone": "UTC"}}
MODEL = """
select period_start_date, ai_cost_usd, successful_inference_count, cpi_usd
from {{ ref('ai_unit_economics', 'cost_per_inference') }}
where period_grain = 'month' and dimension = 'all'
"""
SOURCES = "sources: [{name: raw, tables: [{name: orders, columns: [{name: order_id}]}]}]"
MOMENT = datetime(2026, 3, 1, 10, tzinfo=UTC)
CALL = {"timestamp": "2026-03-01T10:00:00Z", "provider": "openai", "customer_id": "a"}
CALLS = [
    {"request_id": "r-1", "model": "gpt-5-mini", "input_tokens": 1200, "output_tokens": 90},
    {"request_id": "r-2", "model": "our-large-model", "input_tokens": 2000, "output_tokens": 100},
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Somebody's project that installs this one, lands two calls with its scripts and builds a model on a mart."""
    shop = tmp_path_factory.mktemp("shop")
    warehouse = shop / "shop.duckdb"
    profile = {"shop": {"target": "dev", "outputs": {"dev": OUTPUT | {"path": str(warehouse)}}}}
    for name, content in {
        "dbt_project.yml": json.dumps(PROJECT_FILE),
        "packages.yml": json.dumps({"packages": [{"local": str(PROJECT)}]}),
        "profiles.yml": json.dumps(profile),
        "models/unit_cost.sql": MODEL,
        "models/orders.yml": SOURCES,
        "seeds/model_aliases.csv": alias_table(),
        "landing/inference_events/calls.jsonl": "\n".join(json.dumps(CALL | call) for call in CALLS) + "\n",
    }.items():
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text(content, encoding="utf-8")
    assert dbtRunner().invoke(["deps", "--project-dir", str(shop), "--log-path", str(shop / "logs")]).success
    script = [sys.executable, "dbt_packages/ai_unit_economics/scripts/land.py"]
    paths = ["--landing", "landing", "--warehouse", warehouse.name, "--seeds", "seeds"]
    subprocess.run([*script, *paths], cwd=shop, check=True, capture_output=True)
    # What later builds compare with is built last, and no part of what the mart is made of.
    build(warehouse, "+unit_cost", "+int_references_built")
    return warehouse


def build(warehouse, *models):
    shop = warehouse.parent
    words = ["build", "--exclude-resource-type", "test", "unit_test", "--select", *models]
    dbt(shop, warehouse, shop / "target", *words)


def alias_table():
    """Our table of names with a line of the shop's."""
    columns = (PROJECT / "seeds" / "reference" / "model_aliases.csv").read_text(encoding="utf-8").splitlines()[0]
    row = {"provider": "openai", "model": "our-large-model", "resolved_model": "gpt-5"}
    return f"{columns}\n" + ",".join(row.get(column, "") for column in columns.split(",")) + "\n"


def rows(warehouse, sql):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_each_project_names_its_own_schemas(shop):
    schemas = dict(rows(shop, "select table_name, table_schema from information_schema.tables"))
    assert schemas["unit_cost"] == "analytics_board"  # dbt's own rule, not ours
    assert schemas["cost_per_inference"] == "economics"
    assert schemas["int_calls_priced"] == "analytics_work"
    assert schemas["fct_usage_daily"] == "marts"
    assert schemas["inference_events"] == "raw"
    assert "orders" not in schemas  # a source of the shop that is called raw too


def test_the_numbers_are_those_of_the_price_book(shop):
    called = {
        "gpt-5-mini": Usage(input_tokens=1200, output_tokens=90),
        "gpt-5": Usage(input_tokens=2000, output_tokens=100),
    }
    cost = sum(
        calc_price(usage, model, provider_id="openai", genai_request_timestamp=MOMENT).total_price
        for model, usage in called.items()
    )
    ((day, ai_cost, inferences, cpi),) = rows(shop, "from analytics_board.unit_cost")
    assert (str(day), inferences) == ("2026-03-01", 2)
    assert (ai_cost, cpi) == (Decimal(cost), Decimal(cost) / 2)


def test_the_build_is_recorded_with_the_vars_it_had(shop):
    ((given, seeds, project_file),) = rows(shop, "select vars, seeds, project_file from raw.builds")
    given, ours = json.loads(given), yaml.safe_load(project_file)["vars"]
    assert given == ours | {"publish_user_ids": "none", "company_stage": "growth"}
    assert "model_aliases" in json.loads(seeds)


def test_what_was_built_is_found_where_the_shop_put_it(shop):
    """Else every day would be built again every night."""
    build(shop, "int_days_touched")
    assert rows(shop, "select count(*) from analytics_work.int_days_touched") == [(0,)]
