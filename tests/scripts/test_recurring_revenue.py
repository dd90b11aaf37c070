"""A flat price is flat to the cent over ten years of months, whatever day and interval it is billed on.

What would silently go wrong: February, leap days and month ends make the days of a month's price differ, and a price
that never changed expands and contracts every spring.
"""

import calendar
import json
from datetime import date, timedelta
from itertools import pairwise

import pytest

# Customer: price, its interval and count (none: the price was not exported), cents of an invoice, worth a month.
EVERY_MONTH = {f"monthly{day}": ("month", 1, day, 3100, "31.00") for day in (28, 29, 30, 31)}
EVERY_QUARTER = {f"quarterly{day}": ("month", 3, day, 9300, "31.00") for day in (29, 31)}
UNKNOWN = {f"unknown{day}": (None, 1, day, 3100, "31.00") for day in (29, 31)}
SUBSCRIPTIONS = (
    EVERY_MONTH
    | EVERY_QUARTER
    | UNKNOWN
    | {
        "leap_day": ("year", 1, 29, 37200, "31.00"),
        "weekly": ("week", 1, 1, 1200, "52.00"),
        "every_30_days": ("day", 30, 1, 1200, "12.17"),
    }
)


def month_step(start, anchor, months):
    """The billing date so many months after the start: the anchor's day, or the month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(anchor, calendar.monthrange(year, month + 1)[1]))


def billing_dates(interval, count, anchor):
    """Dates of ten years of invoices."""
    if interval in ("week", "day"):
        days = 7 * count if interval == "week" else count
        return [date(2016, 1, 4) + timedelta(days * step) for step in range(3700 // days + 1)]
    months = 12 * count if interval == "year" else count
    start = date(2016, 2, 29) if interval == "year" else date(2016, 1, anchor)
    return [month_step(start, anchor, step * months) for step in range(120 // months + 1)]


def rows_of(customer, interval, count, anchor, cents):
    """The rows of a customer by raw table: no unit price, so that the net amount has to tell."""
    price = f"price_{customer}"
    tables = {
        "stripe_customers": [{"id": f"cus_{customer}", "metadata": {"customer_id": customer}}],
        "crm_customers": [{"customer_id": customer, "signed_up_at": "2016-01-01T00:00:00Z", "segment": customer}],
        "stripe_prices": [],
        "stripe_invoices": [],
        "stripe_invoice_line_items": [],
    }
    if interval:
        recurring = {"recurring_interval": interval, "recurring_interval_count": count}
        tables["stripe_prices"].append({"id": price, "product_id": "prod", "currency": "usd"} | recurring)
    dates = billing_dates(interval, count, anchor)
    for number, (start, end) in enumerate(pairwise(dates)):
        invoice = {"id": f"in_{customer}_{number}", "customer_id": f"cus_{customer}", "status": "paid"}
        tables["stripe_invoices"].append(
            invoice | {"currency": "usd", "created": f"{start}T08:00:00Z", "total": cents, "tax": 0}
        )
        line = {"id": f"il_{number}", "invoice_id": invoice["id"], "amount": cents, "currency": "usd"}
        period = {"period_start": f"{start}T08:00:00Z", "period_end": f"{end}T08:00:00Z"}
        tables["stripe_invoice_line_items"].append(line | period | {"price_id": price, "type": "subscription"})
    return tables


@pytest.fixture(scope="module")
def built(warehouse):
    for customer, (interval, count, anchor, cents, _) in SUBSCRIPTIONS.items():
        for table, rows in rows_of(customer, interval, count, anchor, cents).items():
            folder = warehouse.landing / table
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{customer}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    spend = [{"spend_date": "2025-12-31", "channel": "fair", "amount": "1"}]
    (warehouse.landing / "acquisition_spend").mkdir()
    (warehouse.landing / "acquisition_spend" / "spend.json").write_text(json.dumps(spend), encoding="utf-8")
    warehouse.land()
    warehouse.dbt("build", "--exclude-resource-type", "unit_test", "test", "--select", "+recurring_revenue_monthly")
    return warehouse


def test_a_flat_price_is_flat_over_ten_years(built):
    found = built.query(
        """select dimension_value, count(distinct closing_mrr_usd), round(max(closing_mrr_usd), 2)::varchar
        from marts.recurring_revenue_monthly where dimension = 'segment' group by all order by all"""
    )
    assert found == sorted((customer, 1, worth) for customer, (*_, worth) in SUBSCRIPTIONS.items())


def test_nothing_moves_after_the_first_month(built):
    moved = built.query(
        """select dimension_value, period_start_date from marts.recurring_revenue_monthly
        where dimension = 'segment' and opening_mrr_usd > 0
        and (expansion_mrr_usd <> 0 or contraction_mrr_usd <> 0 or churned_mrr_usd <> 0 or fx_mrr_usd <> 0
            or nrr_ratio <> 1 or grr_ratio <> 1 or coalesce(nrr_t12m_ratio, 1) <> 1)"""
    )
    assert moved == []
    months = built.query(
        """select count(*) from marts.recurring_revenue_monthly
        where dimension = 'segment' and dimension_value = 'monthly31'"""
    )
    assert months == [(120,)]
