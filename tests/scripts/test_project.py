"""The shape of the project: who may read whom, what is documented, and that an empty warehouse builds."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml

from landing.spec import read_spec
from running import freshness

PROJECT = Path(__file__).resolve().parents[2]
# Data runs down this list: a folder reads itself and folders above it. models/docs/overview.md says what each is for.
FOLDERS = [
    "staging",
    "intermediate/reference",
    "intermediate/calls",
    "intermediate/prices",
    "intermediate/usage",
    "intermediate/bills",
    "intermediate/revenue",
    "intermediate/rebuild",
    "core",
    "measures",
    "marts",
]
# The one circle (its README says why): what a build writes again depends on what was built before.
CIRCLE = "intermediate/rebuild"
# Areas of marts whose marts may read those of other areas.
READ_OTHER_MARTS = {"finance", "decisions"}
LONGEST_LINE = 140
LONGEST_MODEL = 150  # lines
LONGEST_PATH = 33  # a ceiling to lower, never to raise


@pytest.fixture(scope="module")
def built(warehouse):
    """An empty warehouse that was never landed into, built with every test, and what dbt knows of the project."""
    warehouse.dbt("build", "--write-json")
    manifest = warehouse.folder.parent / "target" / "manifest.json"
    return json.loads(manifest.read_text(encoding="utf-8"))


def folder(node):
    """The folder of FOLDERS a model lies in; the kind of node of anything else."""
    if node["resource_type"] != "model":
        return node["resource_type"]
    parts = Path(node["path"]).parts
    return "/".join(parts[:2]) if parts[0] == "intermediate" else parts[0]


def models(manifest):
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def test_folders_read_only_folders_above(built):
    everything = built["nodes"] | built["sources"]
    broken = []
    for node in models(built).values():
        mine = folder(node)
        for parent in (everything[key] for key in node["depends_on"]["nodes"]):
            theirs = folder(parent)
            reads = f"{node['name']} ({mine}) reads {parent['name']} ({theirs})"
            if theirs == "source" and mine != "staging":
                broken.append(f"{reads}: only staging reads raw tables")
            if theirs not in FOLDERS:
                continue
            if CIRCLE not in (mine, theirs) and FOLDERS.index(theirs) > FOLDERS.index(mine):
                broken.append(f"{reads}: that is below it")
            if mine == "staging" or (mine == "marts" and theirs == "staging"):
                broken.append(f"{reads}: staging is read by what lies between it and the marts")
            if mine == theirs == "marts":
                area, other = Path(node["path"]).parts[1], Path(parent["path"]).parts[1]
                if area != other and area not in READ_OTHER_MARTS:
                    broken.append(f"{reads}: another area's mart")
    assert not broken


def test_what_is_written_by_touched_days_is_written_before_that_is_noted(built):
    """A model the note of what was built does not wait for would miss the days of a build that stopped in between."""
    nodes, waited_for = models(built), set()
    open_keys = ["model.ai_unit_economics.int_references_built"]
    while open_keys:
        parents = set(nodes[open_keys.pop()]["depends_on"]["nodes"]) & nodes.keys()
        open_keys += parents - waited_for
        waited_for |= parents
    written = {key for key, node in nodes.items() if node["config"]["materialized"] == "incremental"}
    assert len(written) >= 14
    assert written <= waited_for


# Who reads single calls without being written by touched days, and why that does not grow with history.
CALL_READERS = {
    "int_calls_repriced": "the 28 days, and months whose evidence allowed a cheaper model",
    "int_downgrade_premiums": "of those",
    "int_downgrade_traffic": "of those",
    "int_waste_premium_daily": "of those",
    "unit_cost_trend_monthly": "of those",
    "int_savings_of_models": "the 28 days",
    "int_savings_of_calls": "the 28 days",
    "int_savings_of_prefixes": "the 28 days",
    "int_savings_of_prompt_caching": "the 28 days",
    "int_savings_levers": "the 28 days",
    "int_feedback_attributed": "the requests that users said something of",
    "int_outcomes_attributed": "one call of each workflow run and day",
}


def test_single_calls_are_summed_once(built):
    """Above the facts, only what is written by touched days looks at single calls."""
    of_calls = {key for key, node in models(built).items() if "call_id" in node["columns"]}
    readers = {
        node["name"]
        for node in models(built).values()
        if folder(node) in ("measures", "marts")
        and of_calls & set(node["depends_on"]["nodes"])
        and node["config"]["materialized"] != "incremental"
    }
    assert readers == CALL_READERS.keys()


def test_every_log_of_calls_is_asked_for_its_models(built):
    """A model that only one program's log names would have no price."""
    asked = {table.name for table in read_spec().values() if table.names}
    unasked = set()
    for key in parents(built, "int_native_calls_read", "model.ai_unit_economics.stg_"):
        tables = {name.rpartition(".")[2] for name in parents(built, key.rpartition(".")[2], "source.")}
        if not tables & asked:
            unasked.add(key)
    assert unasked == set()
    landed = parents(built, "int_calls_landed", "model.")
    assert {key.rpartition(".")[2] for key in landed} == {"stg_canonical__inference_events", "int_native_calls_named"}


def parents(manifest, name, kind):
    """What a model reads, of a kind."""
    return {key for key in manifest["parent_map"][f"model.ai_unit_economics.{name}"] if key.startswith(kind)}


def test_dbt_finds_the_folder_of_its_file_in_a_fresh_clone():
    """It makes the file, not the folder: without one in the repository `dbt build` fails until `make build` was run."""
    default = re.search(r"'WAREHOUSE_PATH', '([^']+)'", (PROJECT / "profiles.yml").read_text(encoding="utf-8"))[1]
    kept = (PROJECT / default).parent / ".gitignore"
    assert kept.read_text(encoding="utf-8").splitlines()[-2:] == ["*", f"!{kept.name}"]


def test_every_folder_is_one_of_the_list(built):
    assert {folder(node) for node in models(built).values()} == set(FOLDERS)


def test_what_is_published_is_public_and_no_more(built):
    """Other dbt projects may build on the marts, whose columns are a contract, and on nothing that may change."""
    public = {key for key, node in models(built).items() if node["access"] == "public"}
    assert public == {key for key, node in models(built).items() if node["schema"] == "marts"}


def test_the_longest_path_stays_readable(built):
    """Models from a raw table to a mart, the rebuild circle aside."""
    every = models(built)
    lengths = {}

    def length(key):
        if key not in lengths:
            above = [
                parent
                for parent in every[key]["depends_on"]["nodes"]
                if parent in every and folder(every[parent]) != CIRCLE
            ]
            lengths[key] = 1 + max(map(length, above), default=0)
        return lengths[key]

    longest = max(every, key=length)
    assert lengths[longest] <= LONGEST_PATH, longest


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


# Hand a call on as they find it, with a few columns more, which alone they list.
HAND_ON = {"int_calls_split", "int_calls_to_cost"}


def test_every_column_of_a_model_is_on_its_page(built, warehouse):
    """What a log says of its calls is read off the list of its staging model: a column too few there would be lost."""
    there = {}
    for name, column in warehouse.query("select table_name, column_name from duckdb_columns()"):
        there.setdefault(name, set()).add(column)
    listed = {node["name"]: set(node["columns"]) for node in models(built).values()}
    assert {name for name, columns in listed.items() if columns != there[name]} == HAND_ON


def test_every_analysis_has_a_description(built):
    nodes = [node for node in built["nodes"].values() if node["resource_type"] == "analysis"]
    assert len(nodes) > 15
    assert [node["name"] for node in nodes if not node["description"]] == []


def test_every_macro_says_what_it_does_and_takes(built):
    """Those of ours that are called by name; what stands for one on an engine is said with it."""
    wrong = []
    for macro in built["macros"].values():
        name = macro["name"]
        if macro["package_name"] != "ai_unit_economics" or Path(macro["original_file_path"]).parts[0] != "macros":
            continue
        if name.startswith(("duckdb__", "spark__", "materialization_")):
            continue
        taken = re.search(r"{%-?\s*macro \w+\((.*?)\)\s*-?%}", macro["macro_sql"])[1]
        names = [part.split("=")[0].strip() for part in taken.split(",") if part.strip()]
        described = {argument["name"]: argument["description"] for argument in macro["arguments"]}
        if not macro["description"]:
            wrong.append(f"{name}: no description")
        if list(described) != names or not all(described.values()):
            wrong.append(f"{name}: takes {names}, described are {list(described)}")
    assert not wrong


def test_every_mart_is_in_the_exposures_of_what_is_published_and_in_the_readme(built):
    """Somebody who is about to change a mart is told who reads it; `python scripts/spell_out.py` lists a new one."""
    marts = {key for key, node in models(built).items() if node["schema"] == "marts"}
    exposures = {exposure["name"]: exposure for exposure in built["exposures"].values()}
    for name in ("published_file", "parquet_files"):
        assert set(exposures[name]["depends_on"]["nodes"]) == marts, name
    assert [name for name, exposure in exposures.items() if "@" in str(exposure["owner"])] == []
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert [key for key in marts if f"`{key.rpartition('.')[2]}`" not in readme] == []


def test_every_model_has_a_key_test(built):
    tested = {
        node["attached_node"]
        for node in built["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in ("unique", "unique_combination")
    }
    one_row = {"int_as_of_date"}
    # The views before and after int_calls_priced, whose key is tested.
    tested_below = {"int_calls_costed", "int_calls_split", "int_bills_allocated_to_calls", "fct_inference_calls"}
    # Ids and days of rows, looked through and never joined.
    tested_below |= {"int_call_rows_seen"}
    assert {node["name"] for key, node in models(built).items() if key not in tested} == one_row | tested_below


def vars_read(manifest, node, seen):
    """The vars that the code of a model or macro names, and that of the macros it calls."""
    found = set(re.findall(r"""var\(\s*['"](\w+)['"]""", node.get("raw_code") or node["macro_sql"]))
    for key in set(node["depends_on"]["macros"]) - seen:
        if key.startswith("macro.ai_unit_economics."):
            seen.add(key)
            found |= vars_read(manifest, manifest["macros"][key], seen)
    return found


def test_every_unit_test_states_the_settings_its_model_reads(built):
    """A build with other settings runs the unit tests too: what they expect holds for those that they state."""
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    # What the columns are made of, and names of keys that no expectation is about but those that state them.
    settings = set(settings) - {"cost_components", "logged_dimensions", "attribution_keys"}
    silent = {}
    for test in built["unit_tests"].values():
        read = vars_read(built, built["nodes"][f"model.ai_unit_economics.{test['model']}"], set())
        missing = (read & settings) - set((test["overrides"] or {}).get("vars", {}))
        if missing:
            silent[test["name"]] = sorted(missing)
    assert not silent


def marts(manifest):
    """The models that are published, by name."""
    return {node["name"]: node for node in models(manifest).values() if node["schema"] == "marts"}


def arguments_of(manifest, node, kind):
    """Arguments of the generic tests of a kind that a model has."""
    tests = [test for test in manifest["nodes"].values() if test.get("attached_node") == node["unique_id"]]
    return [test["test_metadata"]["kwargs"] for test in tests if test["test_metadata"]["name"] == kind]


def test_every_number_says_how_it_adds_up(built):
    """Who sums a column of a mart learns of dollars that stand in it twice from its comment alone."""
    unsaid, misleading = [], []
    for name, node in marts(built).items():
        if name.startswith("dim_"):
            continue
        repeats = [column for column in ("period_grain", "dimension") if column in node["columns"]]
        for column in node["columns"].values():
            if not column["data_type"].startswith(("bigint", "decimal", "double")):
                continue
            said = re.search(r"(?<![a-z])([Nn]ot additive|[Aa]dditive (?:over|within) [^.;:]+)", column["description"])
            if said is None:
                unsaid.append(f"{name}.{column['name']}: {column['description']}")
            elif "dditive within" in said[0] or "over all" in said[0]:
                misleading += [f"{name}.{column['name']}: {said[0]}" for key in repeats if key not in said[0]]
            if column["name"].endswith(("_ratio", "_cpi_usd")) and "over all rows" in column["description"]:
                misleading.append(f"{name}.{column['name']}: a ratio that adds up")
    assert not unsaid
    assert not misleading


def test_what_rows_are_asked_by_is_listed(built):
    """The comment names every value, as the test of the data does."""
    wrong = []
    for name, node in marts(built).items():
        for column in {"period_grain", "dimension"} & node["columns"].keys():
            tested = [t["values"] for t in arguments_of(built, node, "accepted_values") if t["column_name"] == column]
            listed = re.search(r"One of: ([a-z_, ]+)\.$", node["columns"][column]["description"])
            if not listed or [listed[1].split(", ")] != tested:
                wrong.append(f"{name}.{column}: listed {listed and listed[1]}, tested {tested}")
    assert not wrong


def test_every_fact_is_joined_with_every_dimension(built):
    """Each pair of a fact and a dimension table it has the key of has a test that the join changes no sum."""
    published, missing = marts(built), []
    keys = {
        name: [t["columns"] for t in arguments_of(built, published[name], "unique_combination")] for name in published
    }
    for fact, node in published.items():
        # Its rows are those of fct_inference_calls, under call_id.
        if not fact.startswith("fct_") or fact == "fct_inference_costs":
            continue
        day = next(name for name in ("usage_date", "revenue_date", "spend_date") if name in node["columns"])
        tests = arguments_of(built, node, "finds_one_row")
        tested = {(test["dimension"], *test["keys"].items(), test.get("day")) for test in tests}
        for dimension in (name for name in published if name.startswith("dim_")):
            spans = {"customer_id", "valid_from_date"} <= published[dimension]["columns"].keys()
            for key in ["customer_id"] if spans else [key[0] for key in keys[dimension] if len(key) == 1]:
                mine = day if key == "date_day" else key
                needed = (f"ref('{dimension}')", (mine, key), day if spans else None)
                if mine in node["columns"] and needed not in tested:
                    missing.append(f"{fact}.{mine} with {dimension}")
    assert not missing


def test_money_is_decimal_under_contract(built):
    wrong = []
    for node in models(built).values():
        money = [column for name, column in node["columns"].items() if name.endswith("_usd")]
        if money and folder(node) in ("core", "marts") and not node["config"]["contract"]["enforced"]:
            wrong.append(f"{node['name']}: no contract")
        wrong += [f"{node['name']}.{c['name']} {c['data_type']}" for c in money if "decimal" not in c["data_type"]]
    assert not wrong


def formats_of(name, formats):
    """The formats an ending of this name asks for; an ending without a first `_` is a whole word or words."""
    return [
        kind
        for kind, endings in formats.items()
        if any(name.endswith(e) if e.startswith("_") else f"_{name}".endswith(f"_{e}") for e in endings)
    ]


def test_every_number_of_a_mart_has_one_format(built):
    """What BI formats it by: config `meta: formats`, in dbt_project.yml once for all. No ending is idle."""
    marts = [node for node in models(built).values() if node["access"] == "public"]
    formats = marts[0]["config"]["meta"]["formats"]
    assert all(node["config"]["meta"]["formats"] == formats for node in marts)
    columns = {(name, column["data_type"]) for node in marts for name, column in node["columns"].items()}
    told_by_type = ("string", "boolean", "date", "timestamp")
    numbers = {name for name, data_type in columns if data_type not in told_by_type}
    assert {name: formats_of(name, formats) for name in numbers if len(formats_of(name, formats)) != 1} == {}
    words = {name for name, data_type in columns if data_type in told_by_type}
    assert [name for name in words if set(formats_of(name, formats)) - {"by_row"}] == []
    idle = [e for endings in formats.values() for e in endings if not any(formats_of(n, {"": [e]}) for n in numbers)]
    assert idle == []


def test_every_selector_selects_and_is_explained(built, warehouse):
    selectors = yaml.safe_load((PROJECT / "selectors.yml").read_text(encoding="utf-8"))["selectors"]
    page = (PROJECT / "models" / "docs" / "operations.md").read_text(encoding="utf-8")
    for selector in selectors:
        assert warehouse.dbt("ls", "--quiet", "--selector", selector["name"]), selector
        assert f"| `{selector['name']}` |" in page


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
    assert len(tables) == sum(node["schema"] == "marts" for node in models(built).values())
    rows = {name: warehouse.query(f"select count(*) from marts.{name}")[0][0] for name in tables}
    assert rows.pop("dim_customers") == 2  # unattributed and internal
    assert rows.pop("scorecard") == 8  # it says what is missing
    assert rows.pop("savings_opportunities") == 10  # every lever says what is missing
    assert rows.pop("dim_models") == 1  # unattributed
    assert rows.pop("dim_products") == 5  # unattributed, and the others of the seed product_ai_share
    assert warehouse.query("select distinct status, missing = '' from marts.scorecard") == [("no_data", False)]
    assert set(rows.values()) == {0}
    raw = [name for (name,) in warehouse.query("select table_name from duckdb_tables() where schema_name = 'raw'")]
    assert sorted(raw) == sorted(source["name"] for source in built["sources"].values())


def test_no_line_of_sql_is_too_long():
    """As written: the lint would measure the lines that Jinja makes of them."""
    files = [path for folder in ("models", "macros", "tests", "analyses") for path in (PROJECT / folder).rglob("*.sql")]
    long = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert not long


def test_every_model_is_short_enough_to_read():
    lengths = {
        path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in PROJECT.glob("models/**/*.sql")
    }
    assert {name for name, length in lengths.items() if length > LONGEST_MODEL} == set()


def test_every_model_above_staging_ends_with_its_final_step():
    files = [path for path in PROJECT.glob("models/**/*.sql") if "staging" not in path.parts]
    assert not [path.stem for path in files if not path.read_text(encoding="utf-8").endswith("select * from final\n")]


def analyses(manifest, in_folder):
    """Analyses of the build file (folder analyses/), or of the published one (analyses/published/)."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "analysis" and Path(node["original_file_path"]).parent == Path(in_folder)
    }


def test_every_analysis_of_the_build_runs(built, warehouse):
    """Those of the published file run in test_ask.py, as they are written."""
    warehouse.dbt("compile", "--quiet", "--select", "resource_type:analysis")
    folder = warehouse.folder.parent / "target" / "compiled" / "ai_unit_economics" / "analyses"
    compiled = sorted(folder.glob("*.sql"))
    assert [path.stem for path in compiled] == sorted(analyses(built, "analyses"))
    for analysis in compiled:
        warehouse.query(analysis.read_text(encoding="utf-8"))


# Sources that come every day where they come at all: logs, usage and cost reports, what users and campaigns do.
DAILY = {
    "ad_reporting_campaigns",
    "anthropic_cost_report",
    "anthropic_usage_report",
    "helicone_requests",
    "inference_events",
    "langfuse_observations",
    "langfuse_traces",
    "litellm_spend_logs",
    "openai_costs",
    "openai_usage",
    "openrouter_generations",
    "otel_genai_spans",
    "workflow_outcomes",
}


def test_sources_that_come_daily_have_a_freshness(built):
    """As dbt reads it: a freshness in a place where it means nothing is accepted and ignored."""
    known = {
        source["name"]: timedelta(**{f"{source['freshness']['warn_after']['period']}s": after})
        for source in built["sources"].values()
        if source["loaded_at_field"] and (after := ((source["freshness"] or {}).get("warn_after") or {}).get("count"))
    }
    assert set(known) >= DAILY
    assert known == {source: late for source, _, late in freshness.expected()}
    misplaced = [
        f"{source['name']}.{name}"
        for source in built["sources"].values()
        for name, column in source["columns"].items()
        if "freshness" in column.get("config", {})
    ]
    assert not misplaced


def test_only_sources_that_had_rows_are_late(built, warehouse):
    moment = datetime(2026, 6, 10)
    with duckdb.connect(str(warehouse.path)) as connection:
        assert freshness.stale_sources(connection, moment) == []
        connection.execute(
            """insert into raw.inference_events by name select timestamp '2026-06-07' as _landed_at;
            insert into raw.fx_rates by name select timestamp '2026-06-07' as _landed_at"""
        )
        assert freshness.stale_sources(connection, moment) == ["inference_events"]
        connection.execute("delete from raw.inference_events; delete from raw.fx_rates")
