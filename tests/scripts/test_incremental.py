"""Law: after any sequence of landings and builds the marts equal a full refresh, row for row.

What would silently go wrong: a late, corrected or moved call counted twice or not at all, a day rewritten for nothing,
or a changed price, merge, alias or use case that never reaches the days already built.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import answers
import duckdb
import pytest
from dbt_in_process import write_semantic_manifest

PROJECT = Path(__file__).resolve().parents[2]
FACT = "intermediate.int_calls_priced"
# The incremental models, what they are built from and what they remember.
FACTS = ["--select", "+config.materialized:incremental", "*_built", "fct_inference_calls"]


# Written by touched days or months; which build wrote what (int_days_written) is another history after a full refresh.
INCREMENTAL = {path.stem for path in (PROJECT / "models").rglob("*.sql") if "touched_days_config" in path.read_text()}


def tables(warehouse):
    """The marts, and what is written by touched days."""
    names = warehouse.query(
        """select table_schema, table_name from information_schema.tables
        where table_schema in ('marts', 'intermediate') order by all"""
    )
    return [f"{schema}.{name}" for schema, name in names if schema == "marts" or name in INCREMENTAL]


def copy_of_marts(warehouse, path):
    """Keep the marts as they are in a file of their own."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{warehouse.path}' as build (read_only)")
        connection.execute("create schema marts; create schema intermediate")
        for name in tables(warehouse):
            connection.execute(f"create table {name} as select * from build.{name}")
    return path


def differences(warehouse, other):
    """Rows that one side has and the other has not, per mart."""
    found = {}
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        connection.execute(f"attach '{other}' as other (read_only)")
        for name in tables(warehouse):
            for left, right in ((name, f"other.{name}"), (f"other.{name}", name)):
                rows = connection.execute(f"select * from {left} except all select * from {right}").fetchall()
                if rows:
                    found[left] = (len(rows), rows[0])
    return found


def assert_equals_full_refresh(warehouse, folder, *selection):
    kept = copy_of_marts(warehouse, folder / "incremental.duckdb")
    warehouse.dbt("run", "--full-refresh", *selection)
    changed = differences(warehouse, kept)
    kept.unlink()
    assert not changed


def assert_answers_agree(warehouse, folder):
    """The answers of analyses/published on a release of the company, each beside the same numbers by another way."""
    script = str(PROJECT / "scripts" / "publish.py")
    # A release remembers in its warehouse what it said, and the alerts of the next build are not new: release a copy.
    copy = folder / "released" / warehouse.path.name
    copy.parent.mkdir()
    shutil.copy(warehouse.path, copy)
    warehouse.run(sys.executable, script, "--warehouse", str(copy), "--published", str(folder / "published"))
    release = answers.opened(folder / "published" / "ai_unit_economics.duckdb")
    for name in set(answers.ANSWERS) - answers.EMPTY_IN_DEMO:
        assert answers.ask(release, name) > 0, f"{name} has no row: nothing is compared"
    assert answers.wrong(release) == []
    release.close()
    copy.unlink()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    script = PROJECT / "scripts" / "demo_company.py"
    subprocess.run([sys.executable, script, "--out", folder, "--calls", "6000"], check=True, capture_output=True)
    return folder


def wave(demo, target, months):
    """Copy the files of some months, and with the first wave those of no month."""
    for path in demo.rglob("*"):
        if path.is_file() and (path.name[:7] in months or (path.name[:2] != "20" and "2025-09" in months)):
            copy = target / path.relative_to(demo)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)


def test_three_waves_equal_a_full_refresh(demo, warehouse, tmp_path):
    months = sorted({path.name[:7] for path in (demo / "inference_events").iterdir()})
    assert len(months) == 14
    # Out of order on purpose: the middle of the year lands last.
    last = months[5:10]
    for part in (months[:5], months[10:], last):
        wave(demo, warehouse.landing, part)
        warehouse.land()
        # The marts are tested when everything has landed: they are made of the facts alone.
        only_facts = [] if part is last else ["--indirect-selection", "buildable", *FACTS]
        warehouse.dbt("build", "--exclude-resource-type", "unit_test", *only_facts)
    repeated = warehouse.query("select count(*) from intermediate.int_calls_repeated where not is_in_force")
    assert repeated[0][0] > 0, "the demo company has no corrected or doubled call: nothing is tested"
    touched_before = warehouse.query(f"select count(*) from {FACT}")[0][0]
    assert touched_before > 5_000
    assert_answers_agree(warehouse, tmp_path)
    assert_equals_full_refresh(warehouse, tmp_path)


def test_every_metric_equals_the_marts(demo, warehouse, tmp_path):
    """The semantic layer, on the warehouse the test above leaves: each metric by each dimension it can be asked by."""
    python = PROJECT / os.environ.get("METRICS_BIN", ".venv-metrics/bin") / "python"
    if not python.is_file():
        pytest.skip(f"no MetricFlow at {python}: make metrics-env")
    if not warehouse.path.exists():
        shutil.copytree(demo, warehouse.landing, dirs_exist_ok=True)
        warehouse.land()
        warehouse.dbt("build", "--exclude-resource-type", "unit_test", "test")
    manifest = tmp_path / "semantic_manifest.json"
    write_semantic_manifest(PROJECT, manifest)
    script = PROJECT / "tests" / "metrics" / "compare.py"
    done = subprocess.run([python, script, manifest, warehouse.path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-5000:]}\n{done.stderr[-3000:]}"
    assert done.stdout.splitlines()[-1].endswith(" 0 differences")


def test_only_what_no_passed_build_has_seen_is_tested(warehouse):
    """On the warehouse the tests above leave: a cost of an old day is falsified, which a nightly test need not see."""
    tested = ["--select", "int_days_to_test", "assert_call_costs_make_usage_costs"]
    day = warehouse.query("select min(usage_date) from marts.fct_usage_daily where call_count > 0")[0][0]

    def change(sql, *values):
        with duckdb.connect(str(warehouse.path)) as connection:
            connection.execute(sql, values)

    def note_build(status, *, is_verified):
        change(
            """insert into raw.builds (build_id, build_number, status, is_history_verified)
            select uuid()::varchar, max(build_number) + 1, ?, ? from raw.builds""",
            status,
            is_verified,
        )

    def finds_it():
        try:
            warehouse.dbt("build", *tested)
        except RuntimeError as failure:
            assert "assert_call_costs_make_usage_costs" in str(failure)
            return True
        return False

    note_build("green", is_verified=True)
    assert not finds_it()
    change("update marts.fct_inference_costs set other_ai_cost_usd = other_ai_cost_usd + 1 where usage_date = ?", day)
    assert not finds_it(), "the day was written by a build that passed"
    note_build("failed", is_verified=True)
    assert finds_it(), "history was to be verified, and was not"
    note_build("green", is_verified=True)
    assert not finds_it()
    change("insert into intermediate.int_days_written select max(build_number) + 1, ? from raw.builds", day)
    assert finds_it(), "a build wrote the day"
    assert finds_it(), "and until one passes it is looked at again"
    note_build("green", is_verified=False)
    assert not finds_it()
    change("update marts.fct_inference_costs set other_ai_cost_usd = other_ai_cost_usd - 1 where usage_date = ?", day)


def call(request, timestamp, **fields):
    base = {"request_id": request, "timestamp": timestamp, "provider": "openai", "model": "gpt-5", "input_tokens": 1000}
    return json.dumps(base | {"output_tokens": 100, "customer_id": "c1", "feature": "chat"} | fields)


@contextmanager
def days_written(warehouse, expected):
    """Land and build inside; afterwards the rows of the fact that were written must be exactly these, by day.

    Every row is marked first, in a column the test's calls leave empty: a row without the mark was written.
    """
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(f"update {FACT} set latency_ms = -1")
    yield
    with duckdb.connect(str(warehouse.path)) as connection:
        rows = connection.execute(
            f"select cast(usage_date as varchar), count(*) from {FACT} where latency_ms is null group by 1"
        ).fetchall()
        connection.execute(f"update {FACT} set latency_ms = null")
    assert dict(rows) == expected


def days(warehouse, sql="request_id"):
    rows = warehouse.query(f"select {sql}, cast(usage_date as varchar), is_inference from {FACT} order by all")
    return {key: (day, is_inference) for key, day, is_inference in rows}


def test_a_wave_rewrites_the_days_it_touches_and_no_other(warehouse, tmp_path):
    shutil.rmtree(warehouse.folder)
    warehouse.folder.mkdir()
    warehouse.land_lines("inference_events", [call(f"r{d}", f"2026-03-{d:02}T10:00:00Z") for d in range(1, 11)])
    warehouse.dbt("seed")
    warehouse.dbt("run", *FACTS)

    # A new day: that day alone is written.
    with days_written(warehouse, {"2026-03-11": 2}):
        new_day = [call("r11", "2026-03-11T10:00:00Z"), call("r11b", "2026-03-11T11:00:00Z")]
        warehouse.land_lines("inference_events", new_day)
        warehouse.dbt("run", *FACTS)

    # Nothing new: nothing is written.
    with days_written(warehouse, {}):
        warehouse.land()
        warehouse.dbt("run", *FACTS)

    # Four things at once, each on days of its own: a correction moves a call and leaves its day empty; a request
    # fails; an id that is used twice turns up at an earlier time; a second customer calls.
    with days_written(warehouse, {"2026-03-05": 2, "2026-03-08": 2, "2026-03-06": 2, "2026-03-07": 1, "2026-03-02": 2}):
        wave = [
            call("r3", "2026-03-05T09:00:00Z", call_id="r3", updated_at="2026-03-12T00:00:00Z"),
            call("retried", "2026-03-08T23:59:59Z", status="error"),
            call("r7", "2026-03-06T08:00:00Z"),
            call("other", "2026-03-02T12:00:00Z", customer_id="c2"),
        ]
        warehouse.land_lines("inference_events", wave)
        warehouse.dbt("run", *FACTS)
    calls = days(warehouse, "call_id")
    assert calls["r3"] == ("2026-03-05", True)
    assert calls["retried"] == ("2026-03-08", True)
    assert (calls["r7"][0], calls["r7#2"][0]) == ("2026-03-06", "2026-03-07")

    # The emptied day is touched again, and the superseded version must not come back; a success after midnight takes
    # the request over from the failed attempt; a merge in the CRM moves the calls of the merged account.
    with days_written(warehouse, {"2026-03-03": 1, "2026-03-08": 2, "2026-03-09": 2, "2026-03-02": 2}):
        wave = [call("late", "2026-03-03T23:00:00Z"), call("retried", "2026-03-09T00:00:01Z", attempt=2)]
        warehouse.land_lines("inference_events", wave)
        survivor = {"customer_id": "c1", "signed_up_at": "2026-01-01"}
        merged = {"customer_id": "c2", "signed_up_at": "2026-01-01", "merged_into_customer_id": "c1"}
        warehouse.land_lines("crm_customers", [json.dumps(survivor), json.dumps(merged)])
        warehouse.dbt("run", *FACTS)
    calls = days(warehouse, "call_id")
    assert calls["r3"] == ("2026-03-05", True)
    assert calls["retried"] == ("2026-03-08", False)
    assert calls["retried:2"] == ("2026-03-09", True)
    assert warehouse.query(f"select distinct customer_id from {FACT}") == [("c1",)]

    # A price that changes in the book restates the days on which it was used.
    everything = dict(warehouse.query(f"select cast(usage_date as varchar), count(*) from {FACT} group by 1"))
    with days_written(warehouse, everything):
        with duckdb.connect(str(warehouse.path)) as connection:
            connection.execute(
                "update raw.model_prices set output_usd_per_mtok = 2 * output_usd_per_mtok where model = 'gpt-5'"
            )
        warehouse.dbt("run", *FACTS)
    assert_equals_full_refresh(warehouse, tmp_path, *FACTS)


def random_call(chance):
    """A call of three weeks in March, at an hour where days meet; request, prompt and run are those of others, too."""
    day, hour, minute = chance.randrange(1, 22), chance.choice((0, 12, 23)), chance.randrange(60)
    fields = {
        "attempt": chance.choice((None, None, 2, 3)),
        "status": chance.choice(("success", "success", "success", "error", "timeout", "cancelled")),
        "customer_id": chance.choice(("c1", "c2", "c3", None)),
        "user_id": chance.choice(("u1", "u2", None)),
        "feature": chance.choice(("faq_bot", "tagger", None)),
        "model": chance.choice(("gpt-5", "gpt-5-mini", "nobody-knows")),
        "input_tokens": chance.choice((1000, 4000)),
        "cached_input_tokens": chance.choice((0, 500)),
        "cache_hit": chance.random() < 0.1,
        "prompt_hash": chance.choice(("p1", "p2", "p3", None)),
        "prefix_hash": chance.choice(("x1", "x2", None)),
        "workflow": chance.choice(("ticket", None)),
        "workflow_run_id": chance.choice(("w1", "w2", "w3", None)),
        "step": chance.choice(("draft", "review", None)),
        "cost_usd": chance.choice((None, 0.001, 0.002)),
    }
    if chance.random() < 0.2:  # a correction, of a call that may have landed
        fields |= {
            "call_id": f"fixed{chance.randrange(6)}",
            "updated_at": f"2026-04-{chance.randrange(1, 30):02}T00:00:00Z",
        }
    return call(f"q{chance.randrange(50)}", f"2026-03-{day:02}T{hour:02}:{minute:02}:00Z", **fields)


def spend_log(request, day, session, **fields):
    """A line of LiteLLM's log; the version that ended last holds."""
    base = {"request_id": request, "call_type": "acompletion", "session_id": session, "metadata": {}}
    base |= {"startTime": f"2026-03-{day:02}T23:50:00Z", "endTime": f"2026-03-{day:02}T23:50:05Z", "end_user": "c1"}
    base |= {
        "status": "success",
        "model": "gpt-5",
        "custom_llm_provider": "openai",
        "prompt_tokens": 1000,
        "completion_tokens": 100,
    }
    return json.dumps(base | {"total_tokens": 1100, "spend": 0.001, "cache_hit": "None"} | fields)


def observation(name, day, trace, parent=None, **fields):
    """A generation of Langfuse's log; the version with the newest event_ts holds."""
    base = {"id": name, "trace_id": trace, "type": "GENERATION", "parent_observation_id": parent, "level": "DEFAULT"}
    base |= {"start_time": f"2026-03-{day:02}T10:00:00Z", "end_time": f"2026-03-{day:02}T10:00:01Z", "metadata": {}}
    base |= {"provided_model_name": "gpt-5", "usage_details": {"input": 1000, "output": 100, "total": 1100}}
    return json.dumps(base | {"event_ts": f"2026-03-{day:02}T10:00:01Z"} | fields)


def trace(name, **fields):
    """A trace of Langfuse's log, with what its keys say of its observations."""
    base = {"id": name, "timestamp": "2026-03-01T10:00:00Z", "name": "chat", "metadata": fields}
    return json.dumps(base | {"updated_at": "2026-03-01T10:00:00Z"})


def random_native_lines(chance):
    """Calls of two other programs that change their sessions, traces and parents from version to version."""
    when = {"event_ts": f"2026-04-{chance.randrange(1, 30):02}T00:00:00Z"}
    ended = {"endTime": f"2026-04-{chance.randrange(1, 30):02}T00:00:00Z"}
    number, names = chance.randrange(5), (*"01234", None)
    keys = {"logical_request_id": chance.choice(("q1", "z1"))} if chance.random() < 0.3 else {}
    parent, place = chance.choice(names), f"t{chance.randrange(3)}"
    return {
        "litellm_spend_logs": [spend_log(f"l{number}", 1 + 3 * number, f"s{chance.randrange(3)}", **ended)],
        "langfuse_observations": [
            observation(f"o{number}", 2 + 3 * number, place, parent and f"o{parent}", metadata=keys, **when)
        ],
        "langfuse_traces": [trace(place, customer_id=chance.choice(("c1", "c3")), **keys)],
    }


def random_wave(chance, number):
    """Lines of each source: calls, accounts that merge, move and turn internal, a bill of the month, outcomes."""
    accounts = [
        {
            "customer_id": name,
            "signed_up_at": "2026-01-01",
            "segment": chance.choice(("smb", "enterprise")),
            "plan": chance.choice(("free", "pro")),
            "is_internal": name == "c3" and chance.random() < 0.4,
            "merged_into_customer_id": "c1" if name == "c2" and number and chance.random() < 0.5 else None,
            "updated_at": f"2026-04-0{number + 1}T00:00:00Z",
        }
        for name in ("c1", "c2", "c3")
    ]
    component = chance.choice(("llm_api", "gpu_compute", "other_ai"))
    bill = {"bill_id": f"b{number}", "provider": "openai", "component": component, "currency": "USD", "kind": "usage"}
    bill |= {"period_start": "2026-03-01", "period_end": "2026-04-01", "amount": str(chance.randrange(1, 90))}
    outcomes = [
        {"workflow_run_id": f"w{chance.randrange(1, 4)}", "outcome": "completed", "resolved_at": "2026-03-20T00:00:00Z"}
    ]
    return {
        "inference_events": [random_call(chance) for _ in range(60 if number == 0 else chance.randrange(1, 12))],
        "crm_customers": [json.dumps(account) for account in accounts],
        "ai_bills": [json.dumps(bill)] * (number > 0),
        "workflow_outcomes": [json.dumps(outcome) for outcome in outcomes],
    } | random_native_lines(chance)


def test_random_waves_equal_a_full_refresh(warehouse, tmp_path):
    """Retries and repeats over midnight, late, moved and corrected calls, other prices, bands, bills and accounts."""
    shutil.rmtree(warehouse.folder)
    warehouse.folder.mkdir()
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    edits = [
        "update reference.token_targets set input_high = input_high + 1000 where use_case = 'chat'",
        "update raw.model_prices set input_usd_per_mtok = 2 * input_usd_per_mtok where model = 'gpt-5-mini'",
        "update reference.use_cases set use_case = 'rag' where feature = 'tagger'",
    ]
    for number in range(4):
        for source, lines in random_wave(chance, number).items():
            if lines and (source != "crm_customers" or chance.random() < 0.7):
                warehouse.land_lines(source, lines)
        if number == 0:
            warehouse.dbt("seed")
        elif chance.random() < 0.6:
            with duckdb.connect(str(warehouse.path)) as connection:
                connection.execute(chance.choice(edits))
        warehouse.dbt("run", *FACTS)
    assert_equals_full_refresh(warehouse, tmp_path, *FACTS)


def test_what_leaves_its_trace_touches_those_it_left(warehouse, tmp_path):
    """A parent whose child moved away is a call again; a session of one call is no run; a trace names no request."""
    shutil.rmtree(warehouse.folder)
    warehouse.folder.mkdir()
    warehouse.land_lines("litellm_spend_logs", [spend_log("l1", 8, "s1"), spend_log("l2", 9, "s1")])
    agent = [observation("agent", 5, "t1"), observation("leaf", 5, "t1", "agent")]
    warehouse.land_lines("langfuse_observations", [*agent, observation("failed", 1, "t3", level="ERROR")])
    warehouse.land_lines("langfuse_traces", [trace("t3", logical_request_id="q")])
    warehouse.dbt("seed")
    warehouse.dbt("run", *FACTS)
    calls = f"select call_id, request_id, workflow_run_id, is_inference from {FACT} order by all"
    first = [("failed", "failed", "t3", True), ("l1", "l1", "s1", True), ("l2", "l2", "s1", True)]
    assert warehouse.query(calls) == [*first, ("leaf", "leaf", "t1", True)]
    warehouse.land_lines("litellm_spend_logs", [spend_log("l2", 9, "s2", endTime="2026-03-10T00:00:00Z")])
    moved = observation("leaf", 6, "t2", "agent", event_ts="2026-03-10T00:00:00Z")
    warehouse.land_lines("langfuse_observations", [moved, observation("answered", 2, "t4")])
    warehouse.land_lines("langfuse_traces", [trace("t4", logical_request_id="q")])
    warehouse.dbt("run", *FACTS)
    assert warehouse.query(calls) == [
        ("agent", "agent", "t1", True),
        ("answered", "answered", "t4", True),
        ("failed", "failed", "t3", True),
        ("l1", "l1", None, True),
        ("l2", "l2", None, True),
        ("leaf", "leaf", "t2", True),
    ]
    assert_equals_full_refresh(warehouse, tmp_path, *FACTS)


def test_a_failed_build_is_done_again(warehouse, tmp_path):
    """A build that stops between the facts leaves no day behind: the next one builds it."""
    warehouse.land_lines("inference_events", [call("half", "2026-03-04T10:00:00Z")])
    warehouse.dbt("run", "--select", "+fct_inference_calls")  # stops before fct_usage_daily
    warehouse.dbt("run", *FACTS)
    counted = warehouse.query("select sum(call_count) from marts.fct_usage_daily where usage_date = '2026-03-04'")
    assert counted == warehouse.query(f"select count(*) from {FACT} where usage_date = '2026-03-04'")
    assert_equals_full_refresh(warehouse, tmp_path, *FACTS)


def test_inputs_put_back_after_a_build_that_did_not_end(warehouse, tmp_path):
    """A typo in a price, a build that stops after the facts have it, and the price as it was: no day keeps the typo."""
    warehouse.land_lines("inference_events", [call("typo", "2026-03-04T11:00:00Z")])
    warehouse.dbt("run", *FACTS)
    costs = f"select call_id, computed_cost_usd from {FACT} order by all"
    before = warehouse.query(costs)
    price = "update raw.model_prices set input_usd_per_mtok = {} * input_usd_per_mtok where model = 'gpt-5'"
    for factor, models in ((2, ["--select", "+fct_inference_calls"]), (0.5, FACTS)):
        with duckdb.connect(str(warehouse.path)) as connection:
            connection.execute(price.format(factor))
        warehouse.dbt("run", *models)
        assert (warehouse.query(costs) == before) == (factor == 0.5)
    assert_equals_full_refresh(warehouse, tmp_path, *FACTS)


def test_what_was_built_is_noted_by_a_whole_build_alone(warehouse):
    with pytest.raises(RuntimeError, match="this run leaves out int_references: build the whole project"):
        warehouse.dbt("run", "--select", "int_references_built")
