"""Hostile values in every text field of every source: a green build, every row accounted for, an unharmed page.

What would silently go wrong: a name that reads like one of our own words takes the place of a total, two keys that are
glued together become one, a quote or a tag gets out of its text. The rows are made from the specification alone, so
that a new column is attacked from its first day. Values that name nothing (descriptions, campaigns, people) are the
company's own in one warehouse and hostile in the other: every number must stay.
"""

import datetime
import html.parser
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from landing.spec import Column, Table, read_spec

PROJECT = Path(__file__).resolve().parents[2]
SURROGATE = "\ud800"
CALLS = "inference_events"
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
PRICED_CALLS = 12_000  # a model nobody knows may not be more than a twentieth of all calls

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
    *(
        "parent_span_id",
        "charge_class",
        "cache_reference_id",
        "refund_id",
        "refunds",
        "lines",
        "token_type",
        "cost_type",
    ),
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
# Fields that are neither keys nor dimensions nor say which line of a bill a row is: no number may ask for them.
NAMELESS = {
    "inference_events": ["prompt_version"],
    "ai_bills": ["invoice_id", "description"],
    "crm_customers": ["customer_name", "campaign"],
    "acquisition_spend": ["campaign"],
    "stripe_customers": ["name", "email"],
    "ad_reporting_campaigns": ["account_name", "campaign_name"],
    "openai_usage": ["user_id", "api_key_id"],
    "focus_charges": ["billing_account_id", "invoice_id", "resource_id", "sub_account_id", "pricing_currency"],
    "helicone_requests": ["prompt_id", "prompt_version"],
    "langfuse_observations": ["version", "prompt_name", "prompt_version", "model_id", "usage_pricing_tier_name"],
    "langfuse_traces": ["release", "version"],
    "langfuse_scores": ["source"],
    "litellm_spend_logs": ["model_group", "model_id"],
    "openrouter_generations": ["app_id", "preset_id", "api_type"],
    "otel_genai_spans": ["kind"],
    "salesforce_accounts": ["name", "type"],
    "hubspot_companies": ["property_name"],
    "hubspot_contacts": ["property_email"],
}
# Where such a text is shown.
SHOWN = {
    "customer_margins_monthly": ["customer_name"],
    "customer_margins_weekly": ["customer_name"],
    "dim_customers": ["customer_name"],
    "fct_inference_calls": ["prompt_version"],
    "plan_limit_usage_monthly": ["customer_name"],
    "waste_ledger_monthly": ["customer_name"],
}
COMPARED_APART = {"unmatched_payers"}  # compares names and addresses of people


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


def quiet(table: Table, is_hostile: bool) -> list[Row]:
    """Good rows, whose nameless fields are hostile or not."""
    rows = [plain(table, number) for number in range(PRICED_CALLS if table.name == CALLS else len(VALUES))]
    for number, row in enumerate(rows if is_hostile else ()):
        for place, name in enumerate(NAMELESS.get(table.name, ())):
            row[name] = VALUES[(number + place) % len(VALUES)].replace(SURROGATE, "")
    return [Row(row) for row in rows]


def write(folder: Path, tables: list[Table], is_hostile: bool) -> dict[str, list[Row]]:
    """Write a file of JSON lines for each source; its rows by source."""
    written = {}
    for table in tables:
        rows = written[table.name] = quiet(table, is_hostile) + wild(table)
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
    rows = write(warehouse.landing, tables, is_hostile=True)
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


@pytest.fixture(scope="module")
def built(warehouse, written):
    """The hostile company's build, every data test of it green."""
    warehouse.dbt("build", "--exclude-resource-type", "unit_test")
    return warehouse


def test_the_page_has_no_markup_of_theirs(built, tmp_path):
    script = PROJECT / "scripts"
    published = str(tmp_path / "published")
    built.run(sys.executable, str(script / "publish.py"), "--warehouse", str(built.path), "--published", published)
    built.run(sys.executable, str(script / "report.py"), "--published", published, "--out", str(tmp_path / "page.html"))
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert MARK in text and "&lt;" in text  # they are there, as text
    assert [value for value in VALUES if "<" in value and value in text] == []
    assert [tag for tag in page.tags if MARK in str(tag)] == []
    assert [script for script in page.scripts if MARK in script and "<" in script] == []


class Page(html.parser.HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.scripts, self.is_script = [], [], False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Note a tag."""
        self.tags.append((tag, attrs))
        self.is_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a script."""
        self.is_script = False

    def handle_data(self, data: str) -> None:
        """Note the text of a script."""
        self.scripts += [data] * self.is_script


def test_our_own_words_stay_ours(built):
    """A word that was made of a word: an entry that marks names twice, so that its joins miss."""
    marts = built.query(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and data_type = 'VARCHAR'"
    )
    twice = []
    for mart, column in marts:
        twice += built.query(
            f"""select distinct '{mart}.{column}', "{column}" from marts.{mart} where "{column}" in
            ('internal (source) (source)', 'unattributed (source) (source)')"""
        )
    assert twice == []


def test_no_number_asks_for_what_names_nothing(built, tables):
    """The same company with plain names in the fields that name nothing has the same marts, row for row."""
    hostile = built.path.rename(built.folder / "hostile.duckdb")
    shutil.rmtree(built.landing)
    write(built.landing, tables, is_hostile=False)
    built.land()
    built.dbt("build", "--exclude-resource-types", "unit_test", "test")
    with duckdb.connect(str(built.path), read_only=True) as connection:
        connection.execute(f"attach '{hostile}' as hostile (read_only)")
        columns = connection.execute(
            """select table_name, list(column_name order by column_index) from duckdb_columns()
            where schema_name = 'marts' and database_name = current_database() group by table_name"""
        ).fetchall()
        differing = []
        for mart, names in columns:
            compared = ", ".join(f'"{name}"' for name in names if name not in SHOWN.get(mart, ()))
            here, there = f"select {compared} from marts.{mart}", f"select {compared} from hostile.marts.{mart}"
            number = connection.execute(
                f"""select (select count(*) from ({here} except all {there})),
                (select count(*) from ({there} except all {here}))"""
            ).fetchone()
            differing += [f"{mart}: {number}"] * (mart not in COMPARED_APART and number != (0, 0))
    assert differing == []
