"""Settings that people change: a month is closed while the next one's calls are here, another log is believed first.

Lists name some of what there is: the rest comes last, or goes by its own name.

What would silently go wrong: a data test that holds only with the default holds a release back, and the marts behind it
are not made at all; or the setting is not what the numbers are of.
"""

import json

import pytest

SETTINGS = {
    "as_of_date": "2026-10-31",
    "source_priority": ["litellm_spend_logs", "inference_events"],
    "billed_statuses": {"any": ["success", "cancelled"], "azure": ["success", "timeout"]},
    "bill_source_priority": ["openai_costs"],
    "attribution_keys": {"customer_id": ["customer"]},
}
OCTOBER = {"period_start": "2026-10-01", "period_end": "2026-11-01"}


def call(name, day, **fields):
    """A call of acme's with gpt-4o at OpenAI, for 0.0035 USD."""
    base = {"call_id": name, "request_id": name, "timestamp": f"{day}T10:00:00Z", "provider": "openai"}
    base |= {"model": "gpt-4o", "input_tokens": 1000, "output_tokens": 100, "customer_id": "acme", "user_id": "u"}
    return json.dumps(base | fields)


@pytest.fixture(scope="module")
def built(warehouse):
    """Calls of October and, after as_of_date, of November; one of each is in LiteLLM's log too; built and tested."""
    ours = [
        call("first", "2026-10-15", provider_response_id="chatcmpl-1"),
        call("timed out", "2026-10-16", provider="azure.ai.openai", status="timeout"),
        call("later", "2026-11-15", provider_response_id="chatcmpl-2"),
        call("alone", "2026-11-16"),
    ]
    theirs = [
        json.dumps(
            {"request_id": f"chatcmpl-{number}", "call_type": "acompletion", "startTime": f"{day}T10:00:00"}
            | {"endTime": f"{day}T10:00:02", "model": "gpt-4o", "custom_llm_provider": "openai", "status": "success"}
            | {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, "spend": 0.0035, "metadata": "{}"}
        )
        for number, day in ((1, "2026-10-15"), (2, "2026-11-15"))
    ]
    warehouse.land_lines("inference_events", ours)
    warehouse.land_lines("litellm_spend_logs", theirs)
    bill = {"bill_id": "b", "provider": "openai", "component": "llm_api", "amount": "5", "currency": "USD"} | OCTOBER
    charge = {"BilledCost": "5", "BillingCurrency": "USD", "ChargeCategory": "Usage", "ProviderName": "OpenAI"}
    charge |= {"ServiceCategory": "AI and Machine Learning", "ConsumedUnit": "Tokens"}
    charge |= {"ChargePeriodStart": "2026-10-01", "ChargePeriodEnd": "2026-11-01"}
    warehouse.land_lines("ai_bills", [json.dumps(bill)])
    warehouse.land_lines("focus_charges", [json.dumps(charge)])
    warehouse.dbt("build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(SETTINGS))
    return warehouse


def test_the_source_named_first_has_the_call(built):
    """And what it leaves empty comes from ours."""
    rows = built.query("select call_id, customer_id, user_id is not null from marts.fct_inference_calls order by all")
    assert rows == [(name, "acme", True) for name in ("alone", "chatcmpl-1", "chatcmpl-2", "timed out")]


def test_a_provider_charges_by_its_line_whatever_the_log_calls_it(built):
    rows = built.query(
        "select pricing_status, computed_cost_usd from marts.fct_inference_calls where status = 'timeout'"
    )
    assert [(status, float(cost)) for status, cost in rows] == [("priced", 0.0035)]


def test_one_of_two_sources_that_are_not_named_is_the_bill(built):
    rows = built.query(
        "select sum(recognised_cost_usd) from marts.bill_reconciliation_monthly where resolved_provider = 'openai'"
    )
    assert [float(cost) for (cost,) in rows] == [5]


def test_no_period_after_as_of_date_has_a_row_and_no_call_is_cut(built):
    assert built.query("select count(*) from marts.fct_usage_daily where usage_date > '2026-10-31'") == [(2,)]
    for mart in ("bill_reconciliation_monthly", "active_user_economics_monthly", "prompt_efficiency_weekly"):
        months = built.query(f"select distinct strftime(period_start_date, '%Y-%m') from marts.{mart}")
        assert months == [("2026-10",)], mart
    last = "select table_name from information_schema.tables where table_schema = 'marts' and table_name = 'alerts'"
    assert built.query(last), "the last model of the build was not made"
