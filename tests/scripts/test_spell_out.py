"""A component, a dimension and a mart are added as CONTRIBUTING says, in a copy of the project, and reach every place.

What would silently go wrong: a list of components somewhere in a model, the page or the terminal table that nobody told
of the new one. The total still holds, and a vendor's whole bill is in none of its parts. Of a dimension: a model that
adds its rows up without it, or a source of calls that does not fill it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import spell_out

PROJECT = Path(__file__).resolve().parents[2]
# Names that nobody would take for a list of their own.
COMPONENT = "    spelled_guards: {source: bills, label: Spelled guards, short: spelled}\n"
BEFORE = "    fine_tuning: {source"
DIMENSIONS = "  logged_dimensions: ["
MART = "spelled_signups_monthly"
MART_COLUMNS = f"""models:
  - name: {MART}
    description: "One row."
    config: {{contract: {{enforced: true}}}}
    columns:
      - {{name: signup_count, data_type: int, description: "Signups."}}
"""
CALL = {"provider": "openai", "model": "gpt-5", "input_tokens": 1000, "output_tokens": 100}
GATEWAY_CALL = {
    "request_id": "g1",
    "call_type": "acompletion",
    "spend": 0.01,
    "total_tokens": 1100,
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "startTime": "2026-03-31 12:00:00.000",
    "endTime": "2026-03-31 12:00:01.000",
    "model": "gpt-5",
    "custom_llm_provider": "openai",
    "metadata": json.dumps({"spend_logs_metadata": {"customer_id": "c1", "Spelled-Region": "south"}}),
}
BILL = {"component": "spelled_guards", "provider": "lakera", "currency": "USD", "period_start": "2026-03-01"}
BILL |= {"bill_id": "b1", "period_end": "2026-04-01"}
# On the south's calls the narrower scope counts.
SCENARIO = "South costs twice,price,,,1,\nSouth costs twice,price,spelled_region,south,2,\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project with a component and a dimension more: two customers, two regions, 32 USD billed of the component."""
    copy = tmp_path_factory.mktemp("spelled")
    folders = ("macros", "models", "scripts", "seeds", "tests", "analyses")
    for part in (*folders, "profiles.yml", "dbt_project.yml", "README.md"):
        take = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        take(PROJECT / part, copy / part)
    settings = copy / "dbt_project.yml"
    listed = settings.read_text(encoding="utf-8")
    assert listed.count(BEFORE) == listed.count(DIMENSIONS) == 1
    listed = listed.replace(BEFORE, COMPONENT + BEFORE).replace(DIMENSIONS, DIMENSIONS + "spelled_region, ")
    settings.write_text(listed, encoding="utf-8")
    (copy / f"models/marts/growth/{MART}.sql").write_text("select 1 as signup_count\n", encoding="utf-8")
    (copy / f"models/marts/growth/{MART}.yml").write_text(MART_COLUMNS, encoding="utf-8")
    written = run(copy, "scripts/spell_out.py").splitlines()
    assert {line.rpartition(": ")[2] for line in written} == {"spelled_guards", "spelled_region", MART}
    assert run(copy, "scripts/spell_out.py") == ""
    with (copy / "seeds/reference/scenarios.csv").open("a", encoding="utf-8") as scenarios:
        scenarios.write(SCENARIO)
    land(
        copy,
        "inference_events",
        [
            CALL
            | {
                "request_id": f"r{day}",
                "timestamp": f"2026-03-{day:02}T10:00:00Z",
                "customer_id": f"c{day % 2}",
                "feature": "chat",
                "spelled_region": ("north", "south")[day % 2],
            }
            for day in range(1, 32)
        ],
    )
    land(copy, "litellm_spend_logs", [GATEWAY_CALL])
    land(copy, "ai_bills", [BILL | {"amount": "32.00", "updated_at": "2026-04-01T00:00:00Z"}])
    run(copy, "scripts/run.py")
    return copy


def land(project, source, rows):
    folder = project / "landing" / source
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def run(project, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=os.environ | {"DBT_PROFILES_DIR": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} exited {done.returncode}\n{done.stdout[-5000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def published(project, sql):
    with duckdb.connect(str(project / "warehouse/published/ai_unit_economics.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchone()


def test_every_mart_of_cost_holds_it(project):
    """32 USD over 32 inferences of March, a dollar each; computed cost comes on top."""
    month = "period_start_date = '2026-03-01'"
    assert published(project, "select sum(spelled_guards_cost_usd) from marts.fct_usage_daily") == (32,)
    assert published(project, "select sum(spelled_guards_cost_usd) from marts.fct_inference_costs") == (32,)
    cost = f"from marts.cost_per_inference where period_grain = 'month' and dimension = 'all' and {month}"
    assert published(project, f"select spelled_guards_cost_usd, spelled_guards_cpi_usd {cost}") == (32, 1)
    total = published(project, f"select ai_cost_usd, ai_cost_usd > 32 {cost}")
    assert total[1]
    assert published(project, f"select sum(ai_cost_usd) from marts.customer_margins_monthly where {month}") == total[:1]
    billed = f"from marts.bill_reconciliation_monthly where component = 'spelled_guards' and {month}"
    assert published(project, f"select sum(allocated_cost_usd) {billed}") == (32,)


def test_a_dimension_is_asked_by_in_every_mart_that_has_them(project):
    """16 of the log's 31 calls are from the south, on odd days, and one that the gateway logged: 17 of 32."""
    asked = "from marts.cost_per_inference where dimension = 'spelled_region' and dimension_value = 'south'"
    month = "period_grain = 'month' and period_start_date = '2026-03-01'"
    counted = f"select successful_inference_count, spelled_guards_cost_usd {asked} and {month}"
    assert published(project, counted) == (17, 17)
    calls = "from marts.fct_inference_calls as calls join marts.fct_inference_costs as costs using (call_id)"
    south = "where calls.spelled_region = 'south'"
    assert published(project, f"select count(*), sum(costs.spelled_guards_cost_usd) {calls} {south}") == (17, 17)
    daily = "select sum(call_count), count(distinct spelled_region) from marts.fct_usage_daily"
    assert published(project, daily) == (32, 2)


def test_a_scenario_reaches_a_part_of_the_dimension(project):
    """What the south's calls cost comes on top: a part is a narrower scope than everything, whose price stays."""
    south = "select sum(llm_api_cost_usd) from marts.fct_usage_daily where spelled_region = 'south'"
    added = "scenario_ai_cost_usd - baseline_ai_cost_usd"
    scenario = "from marts.scenario_results where scenario = 'South costs twice' and dimension = 'all'"
    replayed = f"select scenario_status, {added} = ({south}), {added} > 0 {scenario}"
    assert published(project, replayed) == ("applied", True, True)


def test_a_mart_is_published_and_in_the_table_of_its_area(project):
    listed = (project / "models/marts/_exposures.yml").read_text(encoding="utf-8")
    assert listed.count(f"      - ref('{MART}')\n") == 1
    [row] = [line for line in (project / "README.md").read_text(encoding="utf-8").splitlines() if MART in line]
    assert row.startswith("| growth, quality |")
    assert published(project, f"select * from marts.{MART}") == (1,)


def test_examples_of_models_stand_for_themselves(project):
    """Unit tests that list every component or dimension in their rows say which: a new one changes nothing."""
    models = ("int_usage_parts_monthly", "int_usage_by_dimension_daily")
    run(project, "-m", "dbt.cli.main", "test", "--select", *(f"{model},test_type:unit" for model in models))


def test_the_page_and_the_terminal_show_it(project):
    assert "Spelled guards" in (project / "warehouse/published/report.html").read_text(encoding="utf-8")
    table = run(project, "scripts/summary.py", "--warehouse", "warehouse/build.duckdb")
    assert "spelled" in table
    dashboard = (project / "scripts/superset_assets/dashboard.yml").read_text(encoding="utf-8")
    assert "spelled_guards_cpi_usd" in dashboard


def test_a_changed_bill_of_it_is_a_restatement(project):
    """A dollar more for March, in one line of its own; without the list it would be in no cause.

    The project's folder has another name by then: what dbt remembers of where it was must not matter.
    """
    project = project.rename(project.with_name("moved"))
    land(project, "ai_bills", [BILL | {"amount": "33.00", "updated_at": "2026-04-02T00:00:00Z"}])
    run(project, "scripts/land.py", "--landing", "landing", "--warehouse", "warehouse/build.duckdb")
    run(project, "-m", "dbt.cli.main", "run", "--select", "+price_restatements")
    with duckdb.connect(str(project / "warehouse/build.duckdb"), read_only=True) as connection:
        changes = connection.execute(
            "select cause, sum(change_usd) from marts.price_restatements group by 1"
        ).fetchall()
    [(cause, change)] = changes
    assert cause == "bill"
    assert abs(change - 1) < 1e-9  # a part is rounded per row


@pytest.mark.parametrize(
    ("name", "entry", "said"),
    [
        ("guards", {"source": "bills", "short": "g"}, "guards: has no label;"),
        ("guards", {"source": "bills", "label": "G", "short": "g", "drivers": ["requests"]}, "is shared by requests;"),
        ("guards", {"source": "calls", "label": "G", "short": "g"}, "only components of source bills"),
        ("guards_cost_usd", {"source": "bills", "label": "G", "short": "g"}, "without _cost_usd"),
        ("Guards", {"source": "bills", "label": "G", "short": "g"}, "in lower case"),
    ],
)
def test_a_component_that_cannot_be_is_refused_with_the_remedy(name, entry, said):
    with pytest.raises(SystemExit, match=re.escape(said)):
        spell_out.words_of_component(name, entry)


def test_words_after_the_command_are_answered_with_what_it_does(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["spell_out.py", "--help"])
    with pytest.raises(SystemExit, match="Takes no argument"):
        spell_out.main()
