"""The shape of the project: who may read whom, what is documented, and that an empty warehouse builds."""

import json
from pathlib import Path

import pytest

# Layer -> layers it may read. Exceptions: none, and it stays so.
LAYERS = {
    "staging": {"source"},
    "intermediate": {"staging", "seed", "intermediate", "core"},
    "core": {"intermediate", "seed", "core"},
    "unit_economics": {"intermediate", "seed", "core"},
    "growth": {"intermediate", "seed", "core"},
    "quality": {"intermediate", "seed", "core"},
    "finance": {"intermediate", "seed", "core", "unit_economics", "growth", "quality", "finance"},
    "decisions": {"intermediate", "seed", "core", "unit_economics", "growth", "quality", "finance", "decisions"},
}


@pytest.fixture(scope="module")
def built(warehouse):
    """An empty warehouse that was never landed into, built with every test, and what dbt knows of the project."""
    warehouse.dbt("--write-json", "build")
    manifest = warehouse.folder.parent / "target" / "manifest.json"
    return json.loads(manifest.read_text(encoding="utf-8"))


def layer(node):
    if node["resource_type"] != "model":
        return node["resource_type"]
    folders = Path(node["path"]).parts
    return folders[1] if folders[0] == "marts" else folders[0]


def models(manifest):
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def test_layers_read_only_what_they_may(built):
    everything = built["nodes"] | built["sources"]
    broken = [
        f"{node['name']} ({layer(node)}) reads {everything[parent]['name']} ({layer(everything[parent])})"
        for node in models(built).values()
        for parent in node["depends_on"]["nodes"]
        if layer(everything[parent]) not in LAYERS[layer(node)]
    ]
    assert not broken


def test_every_model_has_its_own_page(built):
    missing = []
    for node in models(built).values():
        page = Path(node["patch_path"].split("://")[-1]) if node["patch_path"] else None
        if page is None or page.stem != node["name"]:
            missing.append(f"{node['name']}: no yml of its own")
        if not node["description"]:
            missing.append(f"{node['name']}: no description")
        missing += [f"{node['name']}.{name}" for name, column in node["columns"].items() if not column["description"]]
    assert not missing


def test_every_model_has_a_key_test(built):
    tested = {
        node["attached_node"]
        for node in built["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in ("unique", "unique_combination")
    }
    one_row = {"int_as_of_date"}
    # The view the calls fact is a copy of; its key is tested there.
    tested_below = {"int_calls_priced"}
    assert {node["name"] for key, node in models(built).items() if key not in tested} == one_row | tested_below


def test_money_is_decimal_under_contract(built):
    wrong = []
    for node in models(built).values():
        money = [column for name, column in node["columns"].items() if name.endswith("_usd")]
        if money and layer(node) not in ("staging", "intermediate") and not node["config"]["contract"]["enforced"]:
            wrong.append(f"{node['name']}: no contract")
        wrong += [f"{node['name']}.{c['name']} {c['data_type']}" for c in money if "decimal" not in c["data_type"]]
    assert not wrong


def test_descriptions_reach_the_warehouse(built, warehouse):
    """A misspelt `description:` parses; the comment in the warehouse is missing then."""
    without = warehouse.query(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
    )
    assert without == []


def test_an_empty_warehouse_has_every_mart_and_no_number(built, warehouse):
    tables = [
        name
        for (name,) in warehouse.query("select table_name from information_schema.tables where table_schema = 'marts'")
    ]
    assert len(tables) == sum(layer(node) not in ("staging", "intermediate") for node in models(built).values())
    rows = {name: warehouse.query(f"select count(*) from marts.{name}")[0][0] for name in tables}
    assert rows.pop("dim_customers") == 2  # unattributed and internal
    assert rows.pop("scorecard") == 8  # it says what is missing
    assert warehouse.query("select distinct status, missing = '' from marts.scorecard") == [("no_data", False)]
    assert set(rows.values()) == {0}
    raw = [name for (name,) in warehouse.query("select table_name from duckdb_tables() where schema_name = 'raw'")]
    assert sorted(raw) == sorted(source["name"] for source in built["sources"].values())


def test_every_analysis_runs(built, warehouse):
    warehouse.dbt("compile", "--quiet", "--select", "resource_type:analysis")
    folder = warehouse.folder.parent / "target" / "compiled" / "ai_unit_economics" / "analyses"
    analyses = sorted(folder.glob("*.sql"))
    assert len(analyses) == sum(node["resource_type"] == "analysis" for node in built["nodes"].values()) > 1
    for analysis in analyses:
        warehouse.query(analysis.read_text(encoding="utf-8"))
