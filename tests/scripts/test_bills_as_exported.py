"""One company, landed in our own formats and as its vendors export it: the marts are the same.

A writer per vendor turns the canonical rows into the vendor's file: OpenAI and Anthropic pages, a FOCUS bill with lines
that are no AI, HubSpot and Salesforce tables, a campaign report in micros.
"""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from test_incremental import copy_of_marts, differences

DAYS = [date(2026, 3, day) for day in range(1, 11)]
MODELS = {"openai": "gpt-4o", "anthropic": "claude-sonnet-4-5", "aws": "amazon.titan-text-express-v1"}
CUSTOMERS = {"acme": "search", "bolt": "partner", "core": "events"}
# What the way a company is landed may show in: what became of its rows, and the provider's own ids of bills.
OWN_WAY = {"marts.landed_rows_monthly"}
MARTS = ["bill_reconciliation_monthly", "vendor_spend_monthly", "fct_acquisition_spend_daily", "dim_customers"]
MARTS += ["fct_usage_daily", "landed_rows_monthly"]


def events():
    """A call of each customer, model and day; its cost is near what is billed for it."""
    for day in DAYS:
        for provider, model in MODELS.items():
            for customer in CUSTOMERS:
                call = f"{day}-{provider}-{customer}"
                yield {
                    "request_id": call,
                    "call_id": call,
                    "timestamp": f"{day}T10:00:00Z",
                    "provider": provider,
                    "model": model,
                    "input_tokens": 100_000,
                    "output_tokens": 10_000,
                    "customer_id": customer,
                }


def bills():
    """A day's bill of each provider, in dollars with fractions of a cent; some of them negative."""
    for number, day in enumerate(DAYS):
        for provider, model in MODELS.items():
            amount = Decimal("-0.0125") if (provider, number) == ("aws", 3) else Decimal(number + 1) / Decimal(16)
            yield {
                "bill_id": f"{provider}-{day}",
                "provider": provider,
                "component": "llm_api",
                "model": model,
                "period_start": str(day),
                "period_end": str(day + timedelta(days=1)),
                "amount": str(amount),
            }


def accounts():
    for number, (customer, channel) in enumerate(CUSTOMERS.items()):
        yield {"customer_id": customer, "customer_name": customer.title(), "acquisition_channel": channel,
               "signed_up_at": f"2026-01-0{number + 1}T08:00:00Z"}  # fmt: skip


def spend():
    for day in DAYS:
        yield {"spend_date": str(day), "channel": "google_ads", "campaign": "brand", "amount": "12.345678"}


def as_lines(folder, name, rows):
    target = folder / name
    target.mkdir(parents=True)
    (target / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def as_table(folder, name, rows):
    target = folder / name
    target.mkdir(parents=True)
    with (target / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def as_page(folder, name, buckets, file="page"):
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    page = {"object": "page", "data": buckets, "has_more": False, "next_page": None}
    (target / f"{file}.json").write_text(json.dumps(page), encoding="utf-8")


def as_pages(folder, name, bucket, bills):
    """The report twice: what the first says of the day before, the second takes back."""
    before = bucket(bills[0] | {"period_start": str(DAYS[0] - timedelta(days=1)), "period_end": str(DAYS[0])})
    as_page(folder, name, [before, bucket(bills[0])], file="a")
    as_page(folder, name, [before | {"results": []}, *map(bucket, bills)])


def seconds(day):
    return int(datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).timestamp())


def openai_bucket(bill):
    result = {"object": "organization.costs.result", "amount": {"value": float(bill["amount"]), "currency": "usd"},
              "line_item": f"{bill['model']}, input", "project_id": None}  # fmt: skip
    times = {"start_time": seconds(bill["period_start"]), "end_time": seconds(bill["period_end"])}
    return {"object": "bucket", **times, "results": [result]}


def anthropic_bucket(bill):
    result = {"amount": str(Decimal(bill["amount"]) * 100), "currency": "USD", "cost_type": "tokens",
              "model": bill["model"], "description": "tokens"}  # fmt: skip
    times = {"starting_at": f"{bill['period_start']}T00:00:00Z", "ending_at": f"{bill['period_end']}T00:00:00Z"}
    return {**times, "results": [result]}


def focus_row(bill, **other):
    row = {"BilledCost": bill["amount"], "BillingCurrency": "USD", "ChargeCategory": "Usage", "ChargeClass": "NULL",
           "ChargePeriodStart": f"{bill['period_start']} 00:00:00", "ChargePeriodEnd": f"{bill['period_end']} 00:00:00",
           "BillingPeriodStart": "2026-03-01 00:00:00", "ProviderName": "AWS",
           "ServiceCategory": "AI and Machine Learning", "ServiceName": "Amazon Bedrock", "SkuMeter": "input tokens",
           "SkuPriceDetails": json.dumps({"ModelId": bill["model"]})}  # fmt: skip
    return row | other


def native(folder):
    """The company as its vendors export it."""
    as_lines(folder, "inference_events", events())
    by_provider = {name: [bill for bill in bills() if bill["provider"] == name] for name in MODELS}
    as_pages(folder, "openai_costs", openai_bucket, by_provider["openai"])
    as_pages(folder, "anthropic_cost_report", anthropic_bucket, by_provider["anthropic"])
    no_ai = {"ServiceCategory": "Compute", "ServiceName": "EC2", "SkuMeter": "hours", "SkuPriceDetails": "NULL"}
    # Each of two billing accounts has half of every charge, in a file of its own: only the account tells them apart.
    for account in ("1", "2"):
        halves = [bill | {"amount": str(Decimal(bill["amount"]) / 2)} for bill in by_provider["aws"]]
        rows = [focus_row(bill, BillingAccountId=account, **other) for bill in halves for other in ({}, no_ai)]
        as_table(folder, f"focus_charges/{account}", rows)
    people = list(accounts())
    companies = [{"id": number, "property_name": row["customer_name"], "property_customer_id": row["customer_id"],
                  "property_createdate": row["signed_up_at"], "is_deleted": "false"}
                 for number, row in enumerate(people[:2])]  # fmt: skip
    contacts = [{"id": 100 + number, "property_associatedcompanyid": number, "property_createdate": row["signed_up_at"],
                 "property_hs_analytics_source": row["acquisition_channel"], "_fivetran_deleted": "false"}
                for number, row in enumerate(people[:2])]  # fmt: skip
    as_table(folder, "hubspot_companies", companies)
    as_table(folder, "hubspot_contacts", contacts)
    as_table(folder, "salesforce_accounts", [
        {"id": "001q0000010PXTE", "name": row["customer_name"], "Customer_ID__c": row["customer_id"],
         "created_date": row["signed_up_at"], "account_source": row["acquisition_channel"], "is_deleted": "false"}
        for row in people[2:]
    ])  # fmt: skip
    as_table(folder, "ad_reporting_campaigns", [
        {"date_day": row["spend_date"], "platform": row["channel"], "account_id": 1, "campaign_id": 1,
         "campaign_name": row["campaign"], "cost_micros": int(Decimal(row["amount"]) * 1_000_000)}
        for row in spend()
    ])  # fmt: skip


def canonical(folder):
    for name, rows in {"inference_events": events(), "ai_bills": bills(), "crm_customers": accounts(),
                       "acquisition_spend": spend()}.items():  # fmt: skip
        as_lines(folder, name, rows)


@pytest.fixture(scope="module")
def found(warehouse, tmp_path_factory):
    """What differs between the marts of the company landed in one way and the other."""
    folder = tmp_path_factory.mktemp("exported")
    build = ["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious", "--select"]
    build += [f"+{mart}" for mart in MARTS]
    canonical(folder / "canonical")
    warehouse.land(folder / "canonical")
    warehouse.dbt(*build)
    kept = copy_of_marts(warehouse, folder / "kept.duckdb")
    warehouse.path.unlink()
    native(folder / "native")
    warehouse.land(folder / "native")
    warehouse.dbt(*build)
    assert warehouse.query("select count(*) from raw.quarantine") == [(0,)]
    return differences(warehouse, kept)


def test_a_company_as_its_vendors_export_it_has_the_same_marts(found):
    unlike = {name: rows for name, rows in found.items() if name.removeprefix("other.") not in OWN_WAY}
    assert not unlike


def test_the_bills_were_there(warehouse, found):
    billed = warehouse.query("select sum(billed_cost_usd), count(*) from marts.bill_reconciliation_monthly")
    assert billed[0][0] == sum(Decimal(bill["amount"]) for bill in bills() if Decimal(bill["amount"]) != 0)
    sources = warehouse.query("select distinct source_name from intermediate.int_bill_months_chosen where is_bill")
    assert {name for (name,) in sources} == {"openai_costs", "anthropic_cost_report", "focus_charges"}
