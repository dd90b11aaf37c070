"""Traps of call logs that need more than one model: from the vendors' files to the facts, in whatever order they land.

What would silently go wrong: a company that costs more or less because of the program it exported from, a call of two
logs counted twice, or a call that stays as it was after a later file has said more of it.
"""

import json
import shutil

import pytest
from exports import WRITERS, company, lines, openrouter_company
from test_incremental import assert_equals_full_refresh

FACT = "marts.fct_inference_calls"
MARTS = ["fct_inference_calls", "fct_usage_daily", "logged_costs_monthly"]
SELECTION = ["--select", *(f"+{mart}" for mart in MARTS), "+int_references_built"]
BUILD = ["--exclude-resource-type", "unit_test", "test", *SELECTION]
# What a vendor's log cannot tell, or tells in its own way.
OWN_WAY = {"source_name", "attempt_number", "latency_ms", "has_assumed_ttl"}


@pytest.fixture(scope="module")
def exported(warehouse):
    """The same small company in every format, and beside each the canonical rows; one build."""
    for number, (source, write) in enumerate(WRITERS.items()):
        make = openrouter_company if source == "openrouter_generations" else company
        for world, position, text_of in ((source, number, write), (f"{source}-canonical", number + 8, lines)):
            folder = warehouse.landing / (source if text_of is write else "inference_events")
            folder.mkdir(parents=True, exist_ok=True)
            suffix = ".json" if source == "langfuse_observations" and text_of is write else ".jsonl"
            (folder / f"{world}{suffix}").write_text(text_of(make(world, position)), encoding="utf-8")
    warehouse.land()
    warehouse.dbt("build", *BUILD)
    return warehouse


@pytest.mark.parametrize("source", WRITERS)
def test_T01_every_export_gives_the_same_facts_as_the_canonical_log(exported, source):
    for mart, own in (("fct_usage_daily", set()), ("fct_inference_calls", OWN_WAY)):
        columns = [name for (name,) in exported.query(f"select column_name from (describe marts.{mart})")]
        shown = []
        for column in columns:
            if column in ("call_id", "request_id", "inference_id", "workflow_run_id"):
                continue
            shown.append("split_part(customer_id, '~', 1)" if column == "customer_id" else column)
        shown = [column for column in shown if column not in own]
        # Internal use has no customer's mark; it is counted below.
        select = f"select {', '.join(shown)} from marts.{mart} where customer_id like '%~"
        worlds = (source, f"{source}-canonical")
        rows = {world: sorted(map(repr, exported.query(f"{select}{world}'"))) for world in worlds}
        assert rows[source] == rows[f"{source}-canonical"]
        assert len(rows[source]) > 4


def test_internal_use_is_internal_in_every_export(exported):
    internal = exported.query(f"select source_name, count(*) from {FACT} where customer_id = 'internal' group by all")
    assert dict(internal) == {
        "litellm_spend_logs": 1, "langfuse_observations": 1, "helicone_requests": 1, "otel_genai_spans": 1,
        "inference_events": 4,
    }  # fmt: skip


def test_T18_retries_are_attempts_of_one_request_in_every_export(exported):
    requests = exported.query(
        f"""select split_part(customer_id, '~', 2), count(*) - sum(is_inference::int) from {FACT}
        where customer_id <> 'internal' and customer_id not like '%openrouter%' group by all"""
    )
    # The retry of the failed call is another customer's row here, yet of its request.
    assert {number for _, number in requests} == {1}


def otel_line(span, parent=None, trace="a" * 32, start=1772445600, name="call", **attributes):
    span_row = {
        "trace_id": trace, "span_id": span, "parent_span_id": parent, "name": name, "start_time": start,
        "end_time": start + 1, "attributes": attributes,
    }  # fmt: skip
    return json.dumps(span_row)


def call_span(span, **fields):
    attributes = {"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000,
                  "gen_ai.usage.output_tokens": 100}  # fmt: skip
    known = ("parent", "trace", "start", "name")
    said = {key: value for key, value in fields.items() if key not in known}
    return otel_line(span, **{key: fields[key] for key in known if key in fields}, **attributes, **said)


def event(request, timestamp, **fields):
    base = {"request_id": request, "timestamp": timestamp, "provider": "openai", "model": "gpt-4o"}
    return json.dumps(base | {"input_tokens": 1000, "output_tokens": 100} | fields)


def test_T19_T21_later_files_change_earlier_calls_like_a_full_refresh(warehouse, tmp_path):
    shutil.rmtree(warehouse.folder)
    warehouse.folder.mkdir()
    day = 86_400
    warehouse.land_lines("otel_genai_spans", [
        call_span("0000000000000001"),
        call_span("0000000000000002", trace="b" * 32, start=1772445600 + day, **{"gen_ai.response.id": "resp-1"},
                  customer_id="acme", feature="chat"),
        call_span("0000000000000003", trace="c" * 32, start=1772445600 + 2 * day),
    ])  # fmt: skip
    warehouse.dbt("build", *BUILD)
    assert warehouse.query(f"select count(*) from {FACT}") == [(3,)]

    # A child makes the first span a parent, on another day; our own log has the second call, on the day before.
    child = call_span("0000000000000009", parent="0000000000000001", start=1772445600 + day)
    warehouse.land_lines("otel_genai_spans", [child])
    ours = event("r", "2026-03-02T23:59:59Z", provider_response_id="resp-1", team="core")
    warehouse.land_lines("inference_events", [ours])
    warehouse.dbt("build", *BUILD)
    calls = warehouse.query(f"select call_id, customer_id, feature, team, source_name from {FACT} order by 1")
    assert calls == [
        ("a" * 32 + ":0000000000000009", "unattributed", "unattributed", "unattributed", "otel_genai_spans"),
        ("c" * 32 + ":0000000000000003", "unattributed", "unattributed", "unattributed", "otel_genai_spans"),
        ("resp-1", "acme", "chat", "core", "inference_events"),
    ]
    assert_equals_full_refresh(warehouse, tmp_path, *SELECTION)
    warehouse.dbt("build", *BUILD)

    # The customer that a call of ours took from another log is merged away; only our call's day shows it.
    warehouse.land_lines("crm_customers", [
        json.dumps({"customer_id": "acme", "signed_up_at": "2026-01-01", "merged_into_customer_id": "acme2"}),
        json.dumps({"customer_id": "acme2", "signed_up_at": "2026-01-01"}),
    ])  # fmt: skip
    warehouse.dbt("build", *BUILD)
    assert warehouse.query(f"select customer_id from {FACT} where call_id = 'resp-1'") == [("acme2",)]
    assert_equals_full_refresh(warehouse, tmp_path, *SELECTION)


def test_T19_the_order_of_landing_does_not_matter(warehouse):
    """The same files the other way round give the same calls."""
    seen = warehouse.query(f"select * exclude (computed_cost_usd) from {FACT} order by call_id")
    files = [path for path in sorted(warehouse.landing.rglob("*.jsonl"))]
    texts = [(path.parent.name, path.read_text(encoding="utf-8")) for path in files]
    shutil.rmtree(warehouse.folder)
    warehouse.folder.mkdir()
    for source, text in reversed(texts):
        warehouse.land_lines(source, text.splitlines())
    warehouse.dbt("build", *BUILD)
    assert warehouse.query(f"select * exclude (computed_cost_usd) from {FACT} order by call_id") == seen


def test_T18_a_tag_names_no_logical_request(warehouse):
    """A tag says what a call was for, often the same of many; the request is named in the call's own metadata."""
    shutil.rmtree(warehouse.folder)
    warehouse.folder.mkdir()
    tagged = {"metadata": {}, "request_tags": ["operation_id:summarise"]}
    named = {"metadata": {"spend_logs_metadata": {"operation_id": "job"}}, "request_tags": ["logical_request_id:other"]}
    base = {"startTime": "2026-03-02 10:00:00", "model": "gpt-4o", "prompt_tokens": 1, "completion_tokens": 1}
    warehouse.land_lines(
        "litellm_spend_logs",
        [json.dumps({"request_id": key} | base | row) for key, row in (("l1", tagged), ("l2", named))],
    )
    base = {"trace_id": "t", "type": "GENERATION", "start_time": "2026-03-02 10:00:00", "usage_details": {"input": 1}}
    tagged = {"tags": ["logical_request_id:job-7"]}
    named = {"metadata": {"logical_request_id": "job"}, "tags": ["logical_request_id:job-7"]}
    warehouse.land_lines(
        "langfuse_observations", [json.dumps({"id": key} | base | row) for key, row in (("o1", tagged), ("o2", named))]
    )
    warehouse.dbt("run", "--select", "+int_native_calls_read")
    assert warehouse.query("select base_call_id, request_id from intermediate.int_native_calls_read order by 1") == [
        ("l1", "l1"), ("l2", "job"), ("o1", "o1"), ("o2", "job"),
    ]  # fmt: skip
