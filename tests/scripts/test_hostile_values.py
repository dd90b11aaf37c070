"""Hostile values in every text field of every source: every row lands or says why not.

What would silently go wrong: a row that is lost, or refused for a reason that is not its own. The rows are made from
the specification alone, so that a new column is attacked from its first day.
"""

import datetime
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from landing.spec import Column, Table, read_spec

SURROGATE = "\ud800"
MARK = "hostile"
VALUES = [
    *("all", "internal", "unattributed", "other", "none", "ALL", " all ", "all (source)", "Internal", "self_hosted"),
    *("null", "NULL", "None", "NaN", "", " ", "  padded  ", "1042.0", "1042", "1e3", "0", "-1", "true", "2026-03-01"),
    *("x" * 20_000, "x" * 200 + "/" + "y" * 200, 'say "hi"', "it's", "'; drop table raw.loads; --", "%s {0} ${x} $1"),
    *("{{ jinja }} {% if %} {# x", f"<script>{MARK}()</script>", f"<img src=x onerror={MARK}()>", "&lt;b&gt;", "@x"),
    *(f"</script><{MARK}>", f"<!--{MARK}-->", "a\nb\r\nc", "tab\tbell\a", "nul\0inside", SURROGATE, "\uffff", "=1+1"),
    *("\u202ertl\u200f", "\u200bzero\ufeff", "🎉👩\u200d👩", "\u0430ll", "\uff41\uff4c\uff4c", "e\u0301"),
    *("a|b", "|", "\\", "a,b;c", "a:b:c", "{", "[]", '{"a": 1}', "self_hosted|all", "../../etc", "\u0130 ß", "month"),
]  # fmt: skip
TEXTS = ("text", "id", "enum", "cur", "json", "hex", "attributes")
OTHER_LOGS = ("litellm_spend_logs", "langfuse_observations", "helicone_requests", "openrouter_generations")
RESPONSES = ("call_id", "provider_response_id", "response_id", "upstream_id")
START = datetime.date(2026, 1, 5)
DAYS = 40

# What a good row holds where the specification alone does not make sense of it.
PLAIN = {
    "model": "gpt-5-mini", "provided_model_name": "gpt-5-mini", "cheap_model": "gpt-5-mini", "expensive_model": "gpt-5",
    "provider": "openai", "custom_llm_provider": "openai", "platform": "google", "environment": "production",
    "service_tier": "standard", "call_type": "generation", "is_billed": True, "usd_per_unit": "1",
    "charge_category": "Usage", "service_category": "AI and Machine Learning", "provider_name": "Amazon Web Services",
    "recurring_interval": "month", "recurring_interval_count": 1, "unit_amount": 1000, "quantity": 1, "paid": True,
    "captured": True, "livemode": True, "spend": "5", "total": 10, "amount_paid": 10, "metadata": {}, "n": 10,
    "usage_details": {"input": 10, "output": 5, "total": 15}, "prompt_tokens": 10, "completion_tokens": 5,
    "attributes": {"gen_ai.request.model": "gpt-5-mini", "gen_ai.provider.name": "openai",
                   "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5},
}  # fmt: skip
PLAIN_OF = {
    "langfuse_observations": {"type": "GENERATION", "level": "DEFAULT"},
    "langfuse_scores": {"name": "user_feedback", "data_type": "NUMERIC", "value": 1},
    "litellm_spend_logs": {"status": "success", "call_type": "acompletion"},
    "helicone_requests": {"status": 200, "request_path": "/v1/chat/completions"},
    "otel_genai_spans": {"status_code": "OK"},
    "openrouter_generations": {"finish_reason": "stop", "model": "openai/gpt-5-mini"},
    "openai_usage": {"object": "organization.usage.completions.result"},
    "stripe_invoices": {"status": "paid"},
    "stripe_subscriptions": {"status": "active"},
    "stripe_charges": {"status": "succeeded", "amount": 10, "amount_refunded": 0},
    "stripe_refunds": {"status": "succeeded", "amount": 1},
    "stripe_disputes": {"status": "lost", "amount": 1},
    "stripe_credit_notes": {"status": "issued", "amount": 1},
    "stripe_invoice_payments": {"status": "paid"},
    "stripe_credit_grants": {"category": "paid", "amount": 10},
    "stripe_credit_balance_transactions": {"type": "debit", "amount": 1},
    "finetuning_jobs": {"model": "ft:gpt-5-mini:acme"},
    "fx_rates": {"currency": "ALL"},  # what some of the hostile values are as a currency
}
# Left out of a good row: what makes one row of another, or another kind of row of it.
ABSENT = {
    *("merged_into_customer_id", "master_record_id", "property_hs_merged_object_ids", "parent_observation_id"),
    *("parent_span_id", "charge_class", "cache_reference_id", "refund_id", "lines", "token_type", "cost_type"),
    *("call_id", "provider_response_id", "response_id", "upstream_id"),
    *(
        "workspace_ids",
        "string_value",
        "upstream_inference_cost",
        "cost_micros",
        "spend_micros",
        "request_tags",
        "tags",
    ),
}
TIMES = {"created", "finalized_at", "paid_at", "period_start", "period_end", "start_time", "end_time", "effective_at"}


def entity(table: str, column: str) -> str:
    """What an id names: `customer` of customer_id, of stripe_customers.id."""
    if column in ("id", "deal_id"):
        return table.split("_", 1)[1].removesuffix("s")
    if column == "request_id" and table in ("litellm_spend_logs", "helicone_requests"):
        return table  # equal ids in two sources would be one call
    return column.removesuffix("_id").removeprefix("stripe_")


def plain(table: Table, number: int) -> dict:
    """A good row; the ids of other things repeat, its own is its own."""
    day = START + datetime.timedelta(days=number % DAYS)
    row, own = {}, next((column.name for column in table.columns if column.required and column.kind == "id"), None)
    said = PLAIN | PLAIN_OF.get(table.name, {})
    for column in table.columns:
        if column.name in ABSENT:
            continue
        if column.name in said:
            value = said[column.name]
            row[column.name] = value[number % len(value)] if isinstance(value, list) else value
        elif column.kind in ("ts", "date") and (column.required or column.name in TIMES):
            is_end = "end" in column.name.split("_") or column.name == "ending_at"
            row[column.name] = f"{day + datetime.timedelta(days=is_end)}" + "T00:00:00Z" * (column.kind == "ts")
        elif column.kind == "hex" and column.required:
            row[column.name] = f"{number + 1:016x}"
        elif column.kind == "id":
            of = number if column.name == own else number % 5
            row[column.name] = f"{entity(table.name, column.name)}-{of}"
        elif column.kind == "text":
            row[column.name] = f"{column.name} {number % 3}"
        elif column.kind == "cur":
            row[column.name] = "USD"
        elif column.required:
            row[column.name] = column.values[number % len(column.values)] if column.values else 10
    return row


def objects(value: str) -> list:
    """A value inside a JSON object: behind every key that is asked for, and as a key."""
    keys = ("customer_id", "user_id", "team", "feature", "use_case", "workflow", "step", "product_id", "environment")
    return [dict.fromkeys(keys, value), {value: value}, [value]]


@dataclass
class Row:
    """A row of a file, and the reasons for which it may be refused; none: it must land."""

    values: dict
    reasons: set[str | None] = field(default_factory=lambda: {None})


def reason(column: Column, value: str) -> str | None:
    """Why a text is refused in a column of texts."""
    nothing = ("",) if column.required and column.kind != "enum" else ("", "NULL", "null", "None", "NaN")
    if value.strip(" ") in nothing:
        return f"missing_required:{column.name}" if column.required else None
    is_word = column.kind != "enum" or value.strip(" ").lower() in column.values
    return None if is_word else f"bad_value:{column.name}"


def wild(table: Table) -> list[Row]:
    """Rows with one hostile field each, and rows with nothing but hostile texts."""
    fields = [column for column in table.columns if column.kind in TEXTS]
    if table.name in OTHER_LOGS:  # rows of several logs under one id or response would be one call
        fields = [c for c in fields if c.name not in RESPONSES and not (c.required and c.kind == "id")]
    rows, number = [], 100
    for value in VALUES:
        texts = [column for column in fields if column.kind in ("text", "id")]
        texts = [column for column in texts if column.name not in RESPONSES]
        refused = [why for column in texts if (why := reason(column, value))]
        rows.append(Row(plain(table, number) | {column.name: value for column in texts}, {*refused[:1]} or {None}))
        if value.startswith("{"):  # an object in the place of its id has none
            rows[-1].reasons |= {f"missing_required:{column.name}" for column in texts if column.kind == "id"}
        for column in fields:
            nested = objects(value) if column.kind in ("json", "attributes") else []
            for one in (value, *nested):
                number += 1
                rows.append(Row(plain(table, number) | {column.name: one}, {None, f"bad_type:{column.name}"}))
                if column.kind in ("text", "id", "enum"):
                    rows[-1].reasons = {reason(column, value)}
                    if column.kind == "id" and value.startswith("{"):  # an object in the place of its id has none
                        rows[-1].reasons.add(f"missing_required:{column.name}")
                elif column.required:
                    rows[-1].reasons |= {f"missing_required:{column.name}"}
        if value == SURROGATE:
            for row in rows:
                row.reasons = {"broken_row"} if SURROGATE in json.dumps(row.values, ensure_ascii=False) else row.reasons
    return rows


def write(folder: Path, tables: list[Table]) -> dict[str, list[Row]]:
    """Write a file of JSON lines for each source, good rows before hostile ones; its rows by source."""
    written = {}
    for table in tables:
        good = [Row(plain(table, number)) for number in range(DAYS)]
        rows = written[table.name] = good + wild(table)
        (folder / table.name).mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(row.values) + "\n" for row in rows)
        (folder / table.name / "rows.jsonl").write_text(lines, encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    return [table for table in read_spec().values() if table.landed]


@pytest.fixture(scope="module")
def written(warehouse, tables):
    """Land the hostile company; its rows by source."""
    rows = write(warehouse.landing, tables)
    warehouse.land()
    return rows


def test_every_row_lands_or_says_why_not(warehouse, written):
    found = {source: {} for source in written}
    for source, line, why in warehouse.query("select source, line, reason from raw.quarantine"):
        found[source][line] = why
    loads = warehouse.query("select source, rows_landed, rows_quarantined, rows_blank, status from raw.loads")
    assert sorted(loads) == sorted(
        (source, len(rows) - len(found[source]), len(found[source]), 0, "landed") for source, rows in written.items()
    )
    unexpected = [
        f"{source} line {line}: {found[source].get(line)}, not one of {row.reasons}"
        for source, rows in written.items()
        for line, row in enumerate(rows, start=1)
        if found[source].get(line) not in row.reasons
    ]
    assert not unexpected, "\n".join(unexpected[:40])
