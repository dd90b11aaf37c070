"""Landing of vendors' files in the shapes they are exported in: pages, events, buckets, spans inside documents.

What would go wrong silently without these tests: rows of a page lost or taken twice, a nested value read as none, money
at a nested path through a float, a page of another list taken for the rows.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from test_land import SPEC, Workspace, lines, put_parquet

import land
from landing import shapes
from running.inputs import LANDED

MARCH = 1772323200  # 2026-03-01


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty landing folder, landed without the price book."""
    monkeypatch.setattr(land.price_book, "refresh", lambda *_: [])
    monkeypatch.setattr(land, "read_spec", lambda: SPEC)
    return Workspace(tmp_path / "landing", tmp_path / "warehouse.duckdb")


def landed(workspace: Workspace, source: str, *columns: str) -> list[tuple]:
    """Columns of a raw table in landing order."""
    names = ", ".join(columns)
    return workspace.rows(f"select {names} from raw.{source} order by _load_id, _source_row")


def put(workspace: Workspace, source: str, document: object, name: str = "a.json") -> None:
    workspace.put(f"{source}/{name}", document if isinstance(document, str) else json.dumps(document))


# ------------------------------------------------------------------------------------------------- pages and buckets

COST = {
    "object": "organization.costs.result",
    "amount": {"value": 0.5, "currency": "usd"},
    "line_item": "gpt-4o, input",
}


def bucket(*results: dict, start: int = MARCH) -> dict:
    return {"object": "bucket", "start_time": start, "end_time": start + 86400, "results": list(results)}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"object": "page", "data": [bucket(COST), bucket()], "has_more": False, "next_page": None}),
        json.dumps([bucket(COST), bucket()]),
        json.dumps(bucket(COST), indent=1),
        lines(bucket(COST), bucket()),
        json.dumps([{"start_time": MARCH, "end_time": MARCH + 86400} | COST]),
        json.dumps({"errors": [{"code": 1}], "data": [bucket(COST)]}),
    ],
)
def test_t47_buckets_in_any_wrapping(workspace, text):
    put(workspace, "openai_costs", text)
    assert workspace.land() == 0
    assert landed(workspace, "openai_costs", "cast(start_time as text)", "amount_value", "amount_currency") == [
        ("2026-03-01 00:00:00", Decimal("0.5"), "USD")
    ]
    assert workspace.rows("select rows_landed, rows_quarantined from raw.loads") == [(1, 0)]


def test_an_empty_bucket_is_no_row_but_is_kept_for_what_it_empties(workspace):
    empty = {"start_time": MARCH, "end_time": MARCH + 86400, "results": []}
    text = json.dumps({"data": [bucket(COST), empty, empty]}).replace("[]", "[ \n ]")
    put(workspace, "openai_costs", text, "a.json")
    assert workspace.land() == 0
    before = workspace.rows(LANDED)
    put(workspace, "openai_costs", json.dumps(empty), "b.jsonl")
    put(workspace, "openai_usage", {"data": [empty]})
    times = {"starting_at": "2026-03-02T00:00:00Z", "ending_at": "2026-03-03T00:00:00Z"}
    put(workspace, "anthropic_cost_report", {"data": [times | {"results": []}], "has_more": False})
    assert workspace.land() == 0
    assert workspace.rows("select * exclude load_id from raw.empty_buckets order by all") == [
        ("anthropic_cost_report", datetime(2026, 3, 2), datetime(2026, 3, 3)),
        ("openai_costs", datetime(2026, 3, 1), datetime(2026, 3, 2)),
        ("openai_costs", datetime(2026, 3, 1), datetime(2026, 3, 2)),
        ("openai_usage", datetime(2026, 3, 1), datetime(2026, 3, 2)),
    ]
    assert workspace.rows("select count(distinct load_id) from raw.empty_buckets join raw.loads using (load_id)") == [
        (4,)
    ]
    assert workspace.rows(
        "select source, sum(rows_landed), sum(rows_quarantined) from raw.loads group by 1 order by 1"
    ) == [
        ("anthropic_cost_report", 0, 0),
        ("openai_costs", 1, 0),
        ("openai_usage", 0, 0),
    ]
    assert workspace.rows(LANDED) != before, "a job would take it for nothing new"


def test_t27_money_at_a_nested_path_keeps_its_digits(workspace):
    values = ["123456789.123456789012", "0.0133175000000005", "5.5e-06", '"0.0000000000005"', "-1.10"]
    costs = ", ".join(
        f'{{"line_item": "a, \\"value\\": 1", "amount": {{"currency": "usd", "value": {v}}}}}' for v in values
    )
    text = f'{{"start_time": {MARCH}, "end_time": {MARCH + 86400}, "results": [{costs}]}}'
    put(workspace, "openai_costs", f'{{"data": [{text}]}}')
    put(workspace, "openai_costs", text, "b.jsonl")
    rows = "\n".join(
        f'{{"start_time": {MARCH}, "end_time": {MARCH + 86400}, "amount": {{"value": {v}}}}}' for v in values
    )
    put(workspace, "openai_costs", rows, "c.jsonl")
    workspace.land()
    expected = [Decimal(v.strip('"')).quantize(Decimal("1e-12"), "ROUND_HALF_UP") for v in values]
    assert [value for (value,) in landed(workspace, "openai_costs", "amount_value")] == expected * 3


def test_results_of_anthropic_reports(workspace):
    usage = {
        "uncached_input_tokens": 10,
        "cache_creation": {"ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 2},
        "cache_read_input_tokens": 3,
        "output_tokens": 4,
        "server_tool_use": {"web_search_requests": 5},
        "model": None,
    }
    times = {"starting_at": "2026-03-01T00:00:00Z", "ending_at": "2026-03-02T00:00:00Z"}
    put(workspace, "anthropic_usage_report", {"data": [times | {"results": [usage, usage]}, times | {"results": []}]})
    cost = {"currency": "USD", "amount": "123.45", "cost_type": "tokens", "model": "claude-sonnet-4-5-20250929"}
    put(workspace, "anthropic_cost_report", {"data": [times | {"results": [cost]}], "has_more": True, "next_page": "x"})
    workspace.land()
    columns = (
        "cast(starting_at as text)",
        "cache_creation_ephemeral_5m_input_tokens",
        "cache_creation_ephemeral_1h_input_tokens",
        "server_tool_use_web_search_requests",
        "_source_row",
    )
    assert landed(workspace, "anthropic_usage_report", *columns) == [
        ("2026-03-01 00:00:00", 1, 2, 5, 1),
        ("2026-03-01 00:00:00", 1, 2, 5, 2),
    ]
    assert landed(workspace, "anthropic_cost_report", "amount", "currency") == [(Decimal("123.45"), "USD")]


def test_a_page_that_has_more_is_listed(workspace, capsys):
    put(workspace, "openai_costs", {"data": [bucket(COST)], "has_more": True, "next_page": "p2"})
    put(workspace, "stripe_customers", {"object": "list", "data": [{"id": "c"}], "has_more": False})
    workspace.land()
    said = capsys.readouterr().err
    assert (
        "openai_costs/a.json: 1 lists 'data' say has_more" in said
        and "stripe_customers" not in said.split("unknown")[0]
    )


def test_rows_in_several_lists_are_refused(workspace, capsys):
    row = {"experiment_id": "e", "model": "m", "arm": "cheap", "observed_at": "2026-03-01", "score": 1}
    put(workspace, "ab_results", {"errors": [{"message": "x"}], "items": [row]}, "good.json")
    put(workspace, "ab_results", {"items": [row], "others": [row]}, "bad.json")
    assert workspace.land() == 3
    assert landed(workspace, "ab_results", "_source_file") == [("ab_results/good.json",)]
    assert "rows in several lists, 'items' and 'others'" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------------------- calls


def attribute(key: str, **value: object) -> dict:
    return {"key": key, "value": value}


SPAN = {
    "traceId": "0AF7651916CD43DD8448EB211C80319C",
    "spanId": "00000000000000A1",
    "parentSpanId": "",
    "name": "chat",
    "kind": 3,
    "startTimeUnixNano": "1772445600000000000",
    "endTimeUnixNano": 1772445601000000000,
    "status": {"code": 2},
    "attributes": [
        attribute("gen_ai.usage.input_tokens", intValue="4210"),
        attribute("gen_ai.usage.output_tokens", intValue=100),
        attribute("gen_ai.usage.cost", doubleValue=0.1),
        attribute("stream", boolValue=True),
        attribute('said "x"', stringValue='a "b" {"stringValue":"c"} \\'),
        attribute("reasons", arrayValue={"values": [{"stringValue": "stop]"}, {"intValue": "1"}]}),
        attribute("map", kvlistValue={"values": [attribute("a", stringValue="x"), attribute("b", intValue="2")]}),
        attribute("none"),
        attribute("empty", arrayValue={}),
    ],
}
FLAT = {
    "gen_ai.usage.input_tokens": 4210,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cost": 0.1,
    "stream": True,
    'said "x"': 'a "b" {"stringValue":"c"} \\',
    "reasons": ["stop]", 1],
    "map": {"a": "x", "b": 2},
    "none": None,
}


def spans(*rows: dict) -> dict:
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [attribute("service.name", stringValue="app")]},
                "scopeSpans": [{"scope": {"name": "s"}, "spans": list(rows)}],
            }
        ]
    }


def test_otlp_documents(workspace):
    child = SPAN | {"spanId": "A2", "parentSpanId": "00000000000000A1", "status": {}, "attributes": []}
    put(workspace, "otel_genai_spans", lines(spans(SPAN, child), spans(), {"resourceSpans": []}), "a.jsonl")
    put(workspace, "otel_genai_spans", json.dumps(spans(SPAN), indent=2), "b.json")
    assert workspace.land() == 0
    columns = ("trace_id", "span_id", "parent_span_id", "status_code", "scope_name", "cast(end_time as text)")
    trace, end = SPAN["traceId"].lower(), "2026-03-02 10:00:01"
    assert landed(workspace, "otel_genai_spans", *columns) == [
        (trace, "00000000000000a1", None, "2", "s", end),
        (trace, "a2", "00000000000000a1", None, "s", end),
        (trace, "00000000000000a1", None, "2", "s", end),
    ]
    for text, resource in landed(workspace, "otel_genai_spans", "attributes", "resource_attributes")[::2]:
        found = json.loads(text)
        assert found.pop("empty") in (None, [], {})
        assert found == FLAT
        assert json.loads(resource) == {"service.name": "app"}
    assert landed(workspace, "otel_genai_spans", "attributes")[1] == ("{}",)


def test_flat_spans(workspace):
    attributes = {"gen_ai.request.model": "gpt-5", "n": 1}
    row = {
        "Timestamp": "2026-03-02 10:00:00.000000000",
        "TraceId": "AB",
        "SpanId": "CD",
        "ParentSpanId": "0000000000000000",
        "SpanName": "chat",
        "Duration": 1000,
        "StatusCode": "STATUS_CODE_ERROR",
    }
    rows = [
        row | {"SpanAttributes": attributes},
        row | {"SpanAttributes": json.dumps(attributes)},
        row | {"attributes": [{"key": key, "value": value} for key, value in attributes.items()]},
    ]
    put(workspace, "otel_genai_spans", lines(*rows), "a.jsonl")
    put_parquet(
        workspace,
        "otel_genai_spans/b.parquet",
        """select timestamp_ns '2026-03-02 10:00:00' as "Timestamp", 'AB' as "TraceId", 'CD' as "SpanId", 'chat' as
        "SpanName", 1000 as "Duration", 'STATUS_CODE_ERROR' as "StatusCode",
        map {'gen_ai.request.model': 'gpt-5', 'n': '1'} as "SpanAttributes" """,
    )
    workspace.land()
    assert (
        landed(workspace, "otel_genai_spans", "trace_id", "span_id", "parent_span_id", "name", "duration_ns")
        == [("ab", "cd", None, "chat", 1000)] * 4
    )
    found = [json.loads(text) for (text,) in landed(workspace, "otel_genai_spans", "attributes")]
    assert found == [attributes] * 3 + [attributes | {"n": "1"}]


OBSERVATION = {
    "id": "o",
    "traceId": "t",
    "type": "GENERATION",
    "startTime": "2026-03-02T10:00:00.000Z",
    "model": "projects/p/models/gemini-2.5-flash",
    "usageDetails": {"input": 5, "output": 94},
    "totalCost": 0.001425,
    "metadata": json.dumps(json.dumps({"customer_id": "acme"})),
}


def test_langfuse_wrappings(workspace):
    trace = {"id": "t", "timestamp": "2026-03-02T10:00:00.000Z", "name": "ask", "tags": ["feature:chat"]}
    put(workspace, "langfuse_observations", {"trace": trace, "observations": [OBSERVATION]}, "file.json")
    put(workspace, "langfuse_observations", {"data": [OBSERVATION], "meta": {"page": 1}}, "page.json")
    put(workspace, "langfuse_observations", lines(OBSERVATION), "lines.json")
    put_parquet(
        workspace,
        "langfuse_observations/blob.parquet",
        """select 'o' as id, 't' as trace_id, 'GENERATION' as type, timestamp '2026-03-02 10:00:00' as start_time,
        'm' as provided_model_name, map {'input': 5::ubigint, 'output': 94} as usage_details,
        map {'total': 0.001425000001::decimal(18, 12)} as cost_details, 0.001425::decimal(18, 12) as total_cost,
        '{"customer_id": "acme"}' as metadata""",
    )
    assert workspace.land() == 0
    found = landed(workspace, "langfuse_observations", "total_cost", "metadata ->> 'customer_id'", "usage_details")
    assert [(cost, customer, json.loads(usage)) for cost, customer, usage in found] == [
        (Decimal("0.001425"), "acme", {"input": 5, "output": 94})
    ] * 4
    assert landed(workspace, "langfuse_observations", "cost_details ->> 'total'")[0] == ("0.001425000001",)
    assert landed(workspace, "langfuse_traces", "name", "tags", "_source_file") == [
        ("ask", '["feature:chat"]', "langfuse_observations/file.json")
    ]
    assert workspace.rows("select source, rows_landed from raw.loads where name like '%file.json' order by 1") == [
        ("langfuse_observations", 1),
        ("langfuse_traces", 1),
    ]


def test_openrouter_bodies(workspace):
    generation = {
        "id": "gen-1",
        "created_at": "2024-07-15T23:33:19.433273+00:00",
        "model": "m",
        "total_cost": 0.0015,
        "native_tokens_prompt": 10,
        "native_tokens_completion": 25,
        "provider_responses": [{"status": 200}],
    }
    put(workspace, "openrouter_generations", {"data": generation}, "a.json")
    put(workspace, "openrouter_generations", {"data": [generation]}, "b.json")
    put(workspace, "openrouter_generations", generation, "c.json")
    put(workspace, "openrouter_generations", lines({"data": generation}, generation), "d.jsonl")
    workspace.land()
    assert (
        landed(workspace, "openrouter_generations", "id", "total_cost", "provider_responses")
        == [("gen-1", Decimal("0.0015"), '[{"status":200}]')] * 5
    )


def test_helicone_export_of_users(workspace):
    row = {
        "request_id": "r",
        "request_created_at": "2026-03-02 11:00:00",
        "response_status": 200,
        "delay_ms": 120,
        "request_user_id": "u",
        "request_properties": '{"Customer-Id": "acme"}',
        "response_model": "",
        "request_model": "gpt-4o",
        "request_path": "/v1/chat/completions",
        "costUSD": "0.0015",
        "total_tokens": 7,
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(row))
    writer.writeheader()
    writer.writerow(row)
    workspace.put("helicone_requests/a.csv.gz", gzip.compress(out.getvalue().encode()))
    put(workspace, "helicone_requests", lines(row), "b.jsonl")
    workspace.land()
    columns = ("status", "latency", "user_id", "model", "cost_usd", "total_tokens", "properties ->> 'Customer-Id'")
    assert (
        landed(workspace, "helicone_requests", *columns)
        == [(200, 120, "u", "gpt-4o", Decimal("0.0015"), 7, "acme")] * 2
    )


# -------------------------------------------------------------------------------------------------------------- Stripe

OLD_LINE = {
    "id": "il_1",
    "object": "line_item",
    "amount": 1000,
    "currency": "usd",
    "discount_amounts": [{"amount": 100, "discount": "di_1"}, {"amount": 50, "discount": "di_2"}],
    "tax_amounts": [{"amount": 90, "inclusive": True}, {"amount": 7, "inclusive": False}],
    "period": {"start": MARCH, "end": MARCH + 86400},
    "price": {"id": "price_1", "product": "prod_1", "recurring": {"interval": "month"}},
    "proration": True,
    "subscription": "sub_1",
    "type": "subscription",
}
NEW_LINE = {
    "id": "il_2",
    "object": "line_item",
    "invoice": "in_1",
    "amount": 1000,
    "currency": "usd",
    "discount_amounts": [],
    "taxes": [{"amount": 90, "tax_behavior": "inclusive"}, {"amount": 7, "tax_behavior": "exclusive"}],
    "period": {"start": MARCH, "end": MARCH + 86400},
    "pricing": {"price_details": {"price": "price_1", "product": "prod_1"}, "type": "price_details"},
    "parent": {
        "type": "subscription_item_details",
        "subscription_item_details": {"proration": True, "subscription": "sub_1"},
    },
}
INVOICE = {
    "id": "in_1",
    "object": "invoice",
    "customer": {"id": "cus_1", "object": "customer"},
    "status": "open",
    "currency": "usd",
    "created": MARCH,
    "total": 1097,
    "status_transitions": {"finalized_at": MARCH + 60, "paid_at": None, "voided_at": None},
    "lines": {"object": "list", "data": [OLD_LINE, NEW_LINE], "has_more": False},
    "parent": {"subscription_details": {"subscription": "sub_1"}},
    "total_taxes": [{"amount": 90}, {"amount": 7}],
    "payments": {
        "object": "list",
        "data": [{"id": "inpay_1", "amount_paid": 5, "payment": {"payment_intent": "pi_1", "type": "payment_intent"}}],
    },
}


@pytest.mark.parametrize("wrap", [lambda invoice: invoice, lambda invoice: {"object": "list", "data": [invoice]}])
def test_invoices_bring_their_lines_and_payments(workspace, wrap):
    put(workspace, "stripe_invoices", wrap(INVOICE))
    assert workspace.land() == 0
    columns = ("customer_id", "subscription_id", "tax", "cast(finalized_at as text)", "paid_at")
    assert landed(workspace, "stripe_invoices", *columns) == [("cus_1", "sub_1", 97, "2026-03-01 00:01:00", None)]
    columns = (
        "invoice_id, amount, discount_amount, tax_amount, price_id, product_id, proration, type, subscription_id",
        "cast(period_end as text)",
    )
    rest = (90, "price_1", "prod_1", True, "subscription", "sub_1", "2026-03-02 00:00:00")
    assert landed(workspace, "stripe_invoice_line_items", *columns) == [
        ("in_1", 1000, 150, *rest),
        ("in_1", 1000, 0, *rest),
    ]
    assert landed(workspace, "stripe_invoice_line_items", "_source_row") == [(1,), (2,)]
    assert landed(workspace, "stripe_invoice_payments", "invoice_id", "payment_intent", "amount_paid") == [
        ("in_1", "pi_1", 5)
    ]
    assert workspace.rows("select source, rows_landed from raw.loads order by load_id") == [
        ("stripe_invoices", 1),
        ("stripe_invoice_line_items", 2),
        ("stripe_invoice_payments", 1),
    ]


def test_long_documents_are_opened_a_few_at_a_time(workspace, monkeypatch):
    monkeypatch.setattr(shapes, "PART_BYTES", 1)
    invoices = [INVOICE | {"id": f"in_{number}"} for number in range(3)]
    pages = lines(*({"object": "list", "data": invoices[start : start + 2]} for start in (0, 2)))
    put(workspace, "stripe_invoices", pages, "a.jsonl")
    assert workspace.land() == 0
    assert landed(workspace, "stripe_invoices", "id", "_source_row") == [("in_0", 1), ("in_1", 2), ("in_2", 3)]
    assert landed(workspace, "stripe_invoice_line_items", "id", "_source_row") == [
        (line["id"], 2 * number + position)
        for number in range(3)
        for position, line in enumerate((OLD_LINE, NEW_LINE), start=1)
    ]


def test_the_newest_of_listed_events_lands_last(workspace):
    events = [
        {
            "id": f"evt_{status}",
            "object": "event",
            "created": created,
            "type": f"invoice.{status}",
            "data": {"object": INVOICE | {"status": status}, "previous_attributes": {}},
        }
        for status, created in (("paid", MARCH + 9), ("open", MARCH + 5))
    ]
    put(workspace, "stripe_invoices", {"object": "list", "data": events})
    workspace.land()
    assert landed(workspace, "stripe_invoices", "status") == [("open",), ("paid",)]


@pytest.mark.parametrize("broken", ['{"id": "in_2", "status', "word", '{"lines": {"data": [}', '{"id": "\\ud800"}'])
def test_a_broken_line_among_invoices_costs_that_line(workspace, broken):
    line = {"id": "il_1", "amount": 500, "currency": "usd"}
    invoice = {"id": "in_1", "customer": "cus_1", "status": "paid", "currency": "usd", "created": MARCH}
    rows = lines(invoice | {"lines": {"object": "list", "data": [line]}}, broken, invoice | {"id": "in_3"})
    put(workspace, "stripe_invoices", rows, "a.jsonl")
    put(workspace, "stripe_products", {"id": "prod_1"})  # lands after it
    assert workspace.land() == 0
    assert landed(workspace, "stripe_invoices", "id") == [("in_1",), ("in_3",)]
    assert landed(workspace, "stripe_invoice_line_items", "id") == [("il_1",)]
    assert workspace.quarantined() == [(2, "broken_row")]
    assert landed(workspace, "stripe_products", "id") == [("prod_1",)]


@pytest.mark.parametrize("text", ["{{ jinja }}", "{", '{"a": '])
def test_an_id_that_begins_like_an_object_is_a_text(workspace, text):
    put(workspace, "stripe_charges", {"id": "ch_1", "customer": text, "invoice": {"id": "in_1"}, "amount": 1})
    assert workspace.land() == 0
    assert landed(workspace, "stripe_charges", "id", "customer_id", "invoice_id") == [("ch_1", text, "in_1")]


def test_objects_of_stripe(workspace):
    price = {
        "id": "price_1",
        "product": {"id": "prod_1"},
        "currency": "usd",
        "unit_amount_decimal": "1.5",
        "recurring": {"interval": "month", "interval_count": 3, "usage_type": "metered", "meter": "mtr_1"},
    }
    item = {"price": {"id": "price_1"}, "quantity": 5, "current_period_start": MARCH, "current_period_end": MARCH + 1}
    coupon = {"percent_off": 12.5, "duration": "once"}
    put(workspace, "stripe_prices", lines(price), "a.jsonl")
    subscription = {
        "id": "s",
        "customer": "c",
        "items": {"data": [item]},
        "discounts": [{"source": {"coupon": coupon}}],
    }
    put(workspace, "stripe_subscriptions", lines(subscription), "a.jsonl")
    note_lines = [{"invoice_line_item": "il_1", "amount": 5}]
    note = {
        "id": "cn",
        "invoice": "in_1",
        "amount": 5,
        "currency": "usd",
        "created": MARCH,
        "lines": {"object": "list", "data": note_lines},
        "refunds": [{"refund": "re_1", "amount_refunded": 5}],
    }
    put(workspace, "stripe_credit_notes", note)
    refund = {"id": "re_1", "amount": 5, "currency": "usd", "created": MARCH, "status": "succeeded"}
    charges = [{"id": "ch_1", "amount": 9, "refunds": {"data": [refund]}}, {"id": "ch_2", "amount": 9, "refunds": None}]
    put(workspace, "stripe_charges", charges)
    workspace.land()
    columns = (
        "product_id, unit_amount_decimal, recurring_interval, recurring_interval_count, recurring_usage_type, meter"
    )
    assert landed(workspace, "stripe_prices", columns) == [("prod_1", Decimal("1.5"), "month", 3, "metered", "mtr_1")]
    columns = "price_id, quantity, cast(current_period_end as text), discounts -> '$[0].source.coupon'"
    (found,) = landed(workspace, "stripe_subscriptions", columns)
    assert (*found[:3], json.loads(found[3])) == ("price_1", 5, "2026-03-01 00:00:01", coupon)
    (found,) = landed(workspace, "stripe_credit_notes", "refund_id", "lines", "refunds")
    assert (found[0], json.loads(found[1]), json.loads(found[2])) == ("re_1", note_lines, note["refunds"])
    assert landed(workspace, "stripe_refunds", "id", "charge_id") == [("re_1", "ch_1")]
    assert len(landed(workspace, "stripe_charges", "id")) == 2


def test_prepaid_credits_used_and_given_back_name_their_invoice(workspace):
    money = {"type": "monetary", "monetary": {"currency": "usd", "value": 4000}}
    used = {"type": "credits_applied", "amount": money, "credits_applied": {"invoice": "in_1"}}
    reason = "credits_application_invoice_voided"
    given_back = {"type": reason, "amount": money, reason: {"invoice": "in_1"}}
    rows = [
        {"id": "t_1", "credit_grant": "cg", "type": "debit", "debit": used, "credit": None},
        {"id": "t_2", "credit_grant": "cg", "type": "credit", "debit": None, "credit": given_back},
    ]
    put(workspace, "stripe_credit_balance_transactions", rows)
    assert workspace.land() == 0
    assert landed(workspace, "stripe_credit_balance_transactions", "id", "invoice_id", "amount") == [
        ("t_1", "in_1", 4000),
        ("t_2", "in_1", 4000),
    ]


@pytest.mark.parametrize("word", ["", "NULL", "null", "None", "NaN", " None "])
def test_t44_a_spelling_that_holds_no_value_leaves_it_to_the_next(workspace, word):
    workspace.put(
        "helicone_requests/a.csv",
        "request_id,request_created_at,response_model,request_model\n"
        f"asked,2026-03-02 11:00:00,{word},gpt-4o\nnone,2026-03-02 11:00:00,{word},{word}\n",
    )
    workspace.put(
        "focus_charges/a.csv",
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceProviderName,ProviderName\n"
        f"1,USD,Usage,2026-03-02,2026-03-03,{word},AWS\n",
    )
    workspace.land()
    assert landed(workspace, "helicone_requests", "request_id", "model") == [("asked", "gpt-4o"), ("none", None)]
    assert landed(workspace, "focus_charges", "provider_name") == [("AWS",)]


def test_t42_not_a_number_is_a_bad_number_whatever_the_next_spelling_holds(workspace):
    workspace.put(
        "helicone_requests/a.csv",
        "request_id,request_created_at,model,status,response_status\nr,2026-03-02 11:00:00,gpt-4o,NaN,200\n",
    )
    workspace.land()
    assert workspace.rows("select reason from raw.quarantine") == [("bad_type:status",)]


# ------------------------------------------------------------------------------------------------- bills, CRM and spend


def test_t43_t44_focus_spellings(workspace):
    pascal = (
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ProviderName,ServiceProviderName,"
        "InvoiceId,Tags,x_Team\n"
        '-1.10,USD,Usage,4/1/25,04/02/2025 0:00,Old,OpenAI,NULL,"{""customer_id"": ""acme""}",red\n'
        "0.5,usd,Usage,2025-04-01 00:00:00,2025-04-02T00:00:00Z,OpenAI,NULL,i,NULL,\n"
    )
    workspace.put("focus_charges/a.csv", "\ufeff" + pascal)
    row = {
        "billed_cost": 0.5,
        "billing_currency": "USD",
        "charge_category": "Usage",
        "charge_period_start": "2025-04-01",
        "charge_period_end": "2025-04-02",
        "service_provider_name": "OpenAI",
        "sku_price_details": {"ModelId": "gpt-4o"},
        "Tags": [{"key": "customer_id", "value": "acme"}, {"key": "feature", "value": "chat"}],
    }
    put(workspace, "focus_charges", lines(row), "b.jsonl")
    workspace.land()
    columns = ("billed_cost", "provider_name", "invoice_id", "cast(charge_period_start as text)", "_extra ->> 'x_Team'")
    assert landed(workspace, "focus_charges", *columns) == [
        (Decimal("-1.1"), "OpenAI", None, "2025-04-01 00:00:00", "red"),
        (Decimal("0.5"), "OpenAI", "i", "2025-04-01 00:00:00", None),
        (Decimal("0.5"), "OpenAI", None, "2025-04-01 00:00:00", None),
    ]
    columns = ("sku_price_details ->> 'ModelId'", "tags ->> 'customer_id'", "tags ->> 'feature'")
    assert landed(workspace, "focus_charges", *columns) == [
        (None, "acme", None),
        (None, None, None),
        ("gpt-4o", "acme", "chat"),
    ]


def test_us_dates_are_dates_in_focus_only(workspace):
    workspace.put("acquisition_spend/a.csv", "spend_date,channel,amount\n4/1/25,x,1\n")
    workspace.land()
    assert workspace.quarantined() == [(2, "bad_type:spend_date")]


def test_hubspot_and_salesforce_pages(workspace):
    company = {
        "id": 42,
        "properties": {"name": "Acme", "createdate": "2026-03-01T00:00:00Z", "customer_id": "acme"},
        "updatedAt": "2026-03-02T00:00:00Z",
        "archived": True,
    }
    put(workspace, "hubspot_companies", {"results": [company], "paging": {"next": {"after": "1"}}})
    account = {
        "attributes": {"type": "Account"},
        "Id": "001",
        "Name": "Acme",
        "CreatedDate": "2026-03-01T00:00:00.000+0000",
    }
    put(
        workspace, "salesforce_accounts", {"totalSize": 1, "done": True, "records": [account | {"customer_id__c": "a"}]}
    )
    workspace.land()
    columns = ("id", "property_name", "is_deleted", "cast(_fivetran_synced as text)", "_extra ->> 'customer_id'")
    assert landed(workspace, "hubspot_companies", *columns) == [("42", "Acme", True, "2026-03-02 00:00:00", "acme")]
    columns = ("id", "name", "cast(created_date as text)", "_extra ->> 'customer_id__c'")
    assert landed(workspace, "salesforce_accounts", *columns) == [("001", "Acme", "2026-03-01 00:00:00", "a")]


def test_spend_in_one_of_three_columns(workspace):
    workspace.put(
        "ad_reporting_campaigns/a.csv",
        "date_day,platform,spend,cost_micros,spend_micros\n2026-03-01,google_ads,,1500000,\n2026-03-01,x,,,\n",
    )
    workspace.land()
    assert landed(workspace, "ad_reporting_campaigns", "cost_micros") == [(1500000,)]
    assert workspace.quarantined() == [(3, "missing_required:spend")]


# ---------------------------------------------------------------------------------------------- files of another kind

FOCUS_ROW = {"BilledCost": 1, "BillingCurrency": "USD", "ChargeCategory": "Usage", "ChargePeriodStart": "2026-03-01"}
OTHER_KINDS = {
    "litellm_spend_logs/usage.csv": (
        "Date,Team,Team ID,Spend ($),Requests,Successful,Failed,Total Tokens\n",
        "SpendLogs",
    ),
    "litellm_spend_logs/daily.json": (
        json.dumps({"results": [{"date": "2026-03-01", "metrics": {}, "breakdown": {}}], "metadata": {}}),
        "LiteLLM_SpendLogs",
    ),
    "openrouter_generations/activity.csv": ("date,model,model_permaslug,provider_name,usage,requests\n", "generation"),
    "inference_events/focus.jsonl": (lines(FOCUS_ROW), "focus_charges"),
    "ai_bills/focus.csv": (
        "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart\n1,USD,Usage,x\n",
        "focus_charges",
    ),
    "openai_costs/cur.csv": ("line_item_usage_start_date,line_item_unblended_cost\n2026-03-01,1\n", "FOCUS"),
    "ai_bills/cur.csv": ("lineItem/UsageStartDate,lineItem/UnblendedCost\n2026-03-01,1\n", "FOCUS"),
    "focus_charges/azure.csv": ("costInBillingCurrency,meterCategory,date\n1,x,2026-03-01\n", "FOCUS"),
    "ai_bills/google.json": (
        json.dumps([{"billing_account_id": "b", "usage_start_time": "t", "cost": 1, "sku": {}}]),
        "FOCUS",
    ),
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_a_file_of_another_kind_is_refused_with_what_to_deliver(workspace, capsys, name):
    content, instead = OTHER_KINDS[name]
    workspace.put(name, content)
    assert workspace.land() == 3
    said = capsys.readouterr().err
    assert f"refused: {name}: it is " in said and instead in said
    assert workspace.rows("select status, rows_landed, rows_quarantined from raw.loads") == [("rejected", 0, 1)]
