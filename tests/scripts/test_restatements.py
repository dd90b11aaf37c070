"""From landed files to the reason a published month changed: a release, corrections of every kind, the next build.

What would silently go wrong: a wrong reason, a month restated by days that are new, a build compared with itself.
"""

import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest

import publish

# What publishing keeps, and what is compared with it.
KEPT = ("path:models/staging/publishing", "path:models/measures/restatements", "price_restatements")
BUILD = ("build", "--resource-type", "model", "--resource-type", "seed", "--select", "+price_restatements", *KEPT)


def call(number, day, customer, **fields):
    base = {"request_id": f"r{number}", "timestamp": f"{day}T10:00:00Z", "customer_id": customer}
    return json.dumps(
        base | {"provider": "openai", "model": "gpt-5", "input_tokens": 1_000_000, "output_tokens": 0} | fields
    )


def bill(bill_id, month, amount, **fields):
    base = {"bill_id": bill_id, "provider": "somebody", "component": "other_ai", "currency": "USD", "amount": amount}
    period = {"period_start": f"2026-{month:02}-01", "period_end": f"2026-{month + 1:02}-01"}
    return json.dumps(base | period | fields)


def account(customer, merged_into=None, **fields):
    base = {"customer_id": customer, "signed_up_at": "2025-12-01", "merged_into_customer_id": merged_into}
    return json.dumps(base | fields)


def payer(customer, **metadata):
    return json.dumps({"id": f"cus_{customer}", "metadata": json.dumps(metadata)})


def invoice(customer, month, dollars, **fields):
    """An invoice with one line, for a calendar month: as sources to land."""
    key, first, after = f"in_{customer}", f"2026-{month:02}-01T00:00:00Z", f"2026-{month + 1:02}-01T00:00:00Z"
    base = {"id": key, "customer_id": f"cus_{customer}", "currency": "usd", "created": first, "status": "paid"}
    line = {"invoice_id": key, "id": f"il_{customer}", "amount": dollars * 100, "currency": "usd", "product_id": "p"}
    return {
        "stripe_invoices": json.dumps(base | {"total": dollars * 100, "amount_paid": dollars * 100} | fields),
        "stripe_invoice_line_items": json.dumps(line | {"period_start": first, "period_end": after}),
    }


def by_source(*rows):
    """Rows by source, of many objects."""
    return {source: [row[source] for row in rows] for source in rows[0]}


def rate(usd_per_unit):
    return json.dumps({"rate_date": "2026-04-30", "currency": "EUR", "usd_per_unit": usd_per_unit})


def land(warehouse, wave, **sources):
    """Land lines by source, all at once."""
    for source, lines in sources.items():
        (warehouse.landing / source).mkdir(parents=True, exist_ok=True)
        (warehouse.landing / source / f"{wave}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    warehouse.land()


def publish_marts(warehouse, folder):
    """Publish the few marts that were built, as if the build had been a whole one with its tests."""
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("update raw.builds set status = 'green'")
        connection.execute("create table if not exists marts.alerts as from raw.published_alerts where false")
    return publish.publish(warehouse.path, folder)


COST = "as_reported_usd, restated_usd"
REVENUE = "reported_revenue_usd, restated_revenue_usd"


def restatements(warehouse, columns=COST, changed="change_usd"):
    """Cause, as reported and restated by month and customer, steps in order, where it changed."""
    found = {}
    for month, customer, *step in warehouse.query(
        f"""select period_start_date, customer_id, cause, {columns} from marts.price_restatements
        where {changed} <> 0 order by period_start_date, customer_id, cause_rank"""
    ):
        found.setdefault((month.month, customer), []).append(tuple(step))
    return found


def is_anything_restated(warehouse):
    return warehouse.query("select count(*) from marts.price_restatements") != [(0,)]


@pytest.fixture(scope="module")
def published(warehouse, tmp_path_factory):
    """A folder with a first release: gpt-5 costs 1.25 USD per million input tokens, gpt-5-mini 0.25."""
    folder = tmp_path_factory.mktemp("published")
    calls = [
        call(1, "2026-01-05", "late"),
        call(2, "2026-01-05", "neighbour"),
        call(3, "2026-02-05", "gone"),
        call(4, "2026-02-05", "survivor"),
        call(5, "2026-03-05", "billed"),
        call(6, "2026-04-05", "foreign"),
        call(7, "2026-05-05", "repriced", model="gpt-5-mini"),
        call(8, "2026-06-05", "mixed", model="gpt-5-mini"),
        call(9, "2026-07-05", "open"),
    ]
    bills = [
        bill("shared", 1, "6"),
        bill("vendor", 3, "1.50", provider="openai", component="llm_api"),
        bill("euro", 4, "10", currency="EUR"),
    ]
    accounts = [account("gone"), account("survivor"), account("known")]
    payers = [payer("gone", customer_id="gone"), payer("stranger")]
    payers += [payer(customer, customer_id=customer) for customer in ("billed", "foreign", "late", "open")]
    invoices = by_source(
        invoice("gone", 2, 28), invoice("billed", 2, 28), invoice("foreign", 3, 31), invoice("stranger", 4, 30),
        invoice("late", 5, 31),
    )  # fmt: skip
    land(warehouse, 1, inference_events=calls, ai_bills=bills, crm_customers=accounts, fx_rates=[rate("1.1")])
    land(warehouse, 1, stripe_customers=payers, **invoices)
    warehouse.dbt(*BUILD)
    assert not is_anything_restated(warehouse), "there was no release yet"
    publish_marts(warehouse, folder)
    return folder


def test_every_cause_is_named_and_new_days_are_none(published, warehouse):
    calls = [
        call(10, "2026-01-06", "late"),
        call(11, "2026-06-06", "mixed", model="gpt-5-mini"),
        call(12, "2026-07-06", "open"),
        call(13, "2026-05-06", "repriced", model="gpt-5-mini", cache_hit=True),  # late, and costs nothing
    ]
    bills = [bill("vendor", 3, "1.40", provider="openai", component="llm_api")]
    accounts = [account("gone", merged_into="survivor"), account("known", stripe_customer_id="cus_stranger")]
    land(warehouse, 2, inference_events=calls, ai_bills=bills, crm_customers=accounts, fx_rates=[rate("1.2")])
    note = {"id": "cn", "invoice_id": "in_billed", "amount": 1400, "currency": "usd", "created": "2026-02-15"}
    void = invoice("foreign", 3, 31, status="void", amount_paid=0, voided_at="2026-03-11T00:00:00Z")
    invoices = by_source(void, invoice("open", 7, 31))
    land(warehouse, 2, stripe_credit_notes=[json.dumps(note | {"status": "issued"})], **invoices)
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("update raw.model_prices set input_usd_per_mtok = 0.5 where model = 'gpt-5-mini'")
    warehouse.dbt(*BUILD)
    tests = ("assert_price_restatements_make_the_difference", "assert_revenue_restatements_make_the_difference")
    warehouse.dbt("test", "--select", *tests)
    usd = Decimal
    assert restatements(warehouse) == {
        # 1.25 and half of the bill of 6; a third call makes it two thirds, and a third for who has one.
        (1, "late"): [("late_events", usd("4.25"), usd("6.5"))],
        (1, "neighbour"): [("late_events", usd("4.25"), usd("3.25"))],
        (2, "gone"): [("crm", usd("1.25"), usd("0"))],
        (2, "survivor"): [("crm", usd("1.25"), usd("2.5"))],
        (3, "billed"): [("bill", usd("1.5"), usd("1.4"))],
        (4, "foreign"): [("fx", usd("12.25"), usd("13.25"))],
        (5, "repriced"): [("price", usd("0.25"), usd("0.5"))],
        (6, "mixed"): [("late_events", usd("0.25"), usd("0.5")), ("price", usd("0.5"), usd("1"))],
    }
    assert restatements(warehouse, REVENUE, "revenue_change_usd") == {
        # A note on the 15th over half of the month's price: half of what was served is taken back, the rest shrinks.
        (2, "billed"): [("billing", usd("28"), usd("14"))],
        (2, "gone"): [("crm", usd("28"), usd("0"))],
        (2, "survivor"): [("crm", usd("0"), usd("28"))],
        (3, "foreign"): [("billing", usd("31"), usd("0"))],
        # A payer nobody knew, whom the CRM names since. July was not over at the release: its invoice restates nothing.
        (4, "cus_stranger"): [("crm", usd("30"), usd("0"))],
        (4, "known"): [("crm", usd("0"), usd("30"))],
    }
    # Where only revenue changed, cost stands as it is; in a month that runs, revenue is not told.
    assert (
        warehouse.query(f"select {COST} from marts.price_restatements where cause = 'billing'")
        == [(usd("0"), usd("0"))] * 2
    )
    assert restatements(warehouse, f"{COST}, {REVENUE}")[1, "late"] == [
        ("late_events", usd("4.25"), usd("6.5"), usd("0"), usd("0"))
    ]

    # Published, it is what was reported: nothing is left to restate, and one release is kept.
    release = publish_marts(warehouse, published)
    assert warehouse.query("select distinct release_id, reported_to_date from raw.published_costs") == [
        (release.release_id, date(2026, 7, 6))
    ]
    for table in ("published_inputs", "published_revenue"):
        assert warehouse.query(f"select distinct release_id from raw.{table}") == [(release.release_id,)]
    warehouse.dbt("run", "--select", *KEPT)
    assert not is_anything_restated(warehouse)


def test_a_release_that_did_not_keep_all_restates_nothing(published, warehouse):
    """After an update the release is one of the version before, and so may be a build file that is begun anew."""
    with duckdb.connect(str(published / publish.FILE_NAME)) as connection:
        connection.execute("drop table _published_revenue")
        connection.execute("alter table _published_costs drop column paid_call_count")
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("drop table raw.published_revenue")
        connection.execute("alter table raw.published_costs drop column paid_call_count")
        connection.execute("delete from raw.published_inputs")
    warehouse.dbt("run", "--select", *KEPT)  # makes the table again
    kept = "select count(*) > 0, count(paid_call_count) from raw.published_costs"
    assert warehouse.query(kept) == [(True, 0)], "the rows stay, without what they lack"
    publish.remember(warehouse.path, published)
    assert warehouse.query("select count(*) from raw.published_revenue") == [(0,)]
    assert warehouse.query(kept) == [(True, 0)]
    assert warehouse.query("select count(*) > 0 from raw.published_inputs") == [(True,)]
    warehouse.dbt("run", "--select", *KEPT)
    assert not is_anything_restated(warehouse)
