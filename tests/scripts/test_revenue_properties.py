"""What must hold for any account, whatever happens to its invoices, and in whatever order they are landed.

What would silently go wrong: a reduction on a combination nobody thought of (a note of a line, voided, on an invoice
with tax inside whose first line was never landed) loses a cent or a day; an export that comes in pieces makes other
revenue than one that comes whole; a customer who left stays a payer. Every account is there twice: landed in one piece,
and as a twin whose rows are landed in three waves in a random order. All stand in one build; what is expected is worked
out from the drawn accounts (random_accounts.py). REVENUE_SEED draws others.
"""

import json
import os
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
import random_accounts
from random_accounts import AS_OF, PRICE_ROWS, named, rate_on, rate_rows

SEED = int(os.environ.get("REVENUE_SEED", "14"))
INVOICED, SUBSCRIBED = 150, 75
CENT = Fraction(1, 200)
PARTS = ("invoiced", "recognised", "reduced", "deferred", "unbilled", "bad_debt", "other_loss")
MONTHS = [date(2025, month, 1) for month in (11, 12)] + [date(2026, month, 1) for month in range(1, 10)]
RECONCILED = (
    "assert_revenue_makes_the_invoices",
    "assert_reductions_are_taken_whole",
    "assert_revenue_daily_equals_its_lines",
    "assert_recurring_revenue_moves_as_its_customers",
)
ALONE = ("--exclude", "test_type:generic", "test_type:unit", "--indirect-selection", "cautious", "--quiet")


@pytest.fixture(scope="module")
def accounts():
    """The accounts and their twins."""
    single = random_accounts.accounts(SEED, INVOICED, SUBSCRIBED)
    invoices = sum(len(account.invoices) for account in single)
    print(f"\n{len(single)} accounts with {invoices} invoices, REVENUE_SEED={SEED}")
    return named(single, "acct"), named(single, "twin")


def company_rows():
    rows = [("stripe_prices", row) for row in PRICE_ROWS] + [("fx_rates", row) for row in rate_rows()]
    return [*rows, ("acquisition_spend", {"spend_date": str(AS_OF), "channel": "fair", "amount": "1"})]


def rows_of(accounts):
    """All rows, the versions of an object in their order."""
    return [row for account in accounts for row in account.rows()]


def shuffled(rows, rng):
    """The rows in a random order, except that versions of one object stay in theirs."""
    order = list(range(len(rows)))
    rng.shuffle(order)
    places = defaultdict(list)
    for place, number in enumerate(order):
        table, row = rows[number]
        places[table, row.get("invoice_id", ""), row["id"]].append(place) if "id" in row else None
    for several in places.values():
        for place, number in zip(several, sorted(order[place] for place in several), strict=True):
            order[place] = number
    return [rows[number] for number in order]


def write(landing, wave, rows):
    tables = defaultdict(list)
    for table, row in rows:
        tables[table].append(json.dumps(row))
    for table, lines in tables.items():
        (landing / table).mkdir(parents=True, exist_ok=True)
        (landing / table / f"{wave}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


QUERIES = {
    "quarantine": "select * from raw.quarantine",
    "revenue": "select revenue_date, customer_id, product_id, revenue_usd from marts.fct_revenue_daily order by all",
    "paying": "select customer_id, paying_date from intermediate.int_customers_paying_daily",
    "balances": """select period_start_date, currency, opening_amount, invoiced_amount, recognised_amount,
        reduced_amount, closing_amount, deferred_amount, unbilled_amount, bad_debt_amount, other_loss_amount
        from marts.deferred_revenue_monthly order by all""",
    "mrr": """select period_start_date, opening_mrr_usd, new_mrr_usd, reactivated_mrr_usd, expansion_mrr_usd,
        contraction_mrr_usd, churned_mrr_usd, fx_mrr_usd, closing_mrr_usd
        from marts.recurring_revenue_monthly where dimension = 'all' order by 1""",
    "customer mrr": "select period_start_date, customer_id, mrr_usd from intermediate.int_customer_mrr order by all",
}


@pytest.fixture(scope="module")
def built(warehouse, accounts):
    """The rows of each of QUERIES."""
    single, twins = accounts
    mixed = shuffled(rows_of(twins), random.Random(SEED))
    third = len(mixed) // 3
    waves = [company_rows() + rows_of(single) + mixed[:third], mixed[third : 2 * third], mixed[2 * third :]]
    for number, rows in enumerate(waves):
        write(warehouse.landing / str(number), number, rows)
        warehouse.land(warehouse.landing / str(number))
    marts = ("+deferred_revenue_monthly", "+recurring_revenue_monthly", "+fct_revenue_daily")
    warehouse.dbt("build", "--select", *marts, *RECONCILED, *ALONE)
    return {name: warehouse.query(sql) for name, sql in QUERIES.items()}


def fraction(value):
    return Fraction(value if isinstance(value, Decimal) else Decimal(str(value)))


def test_nothing_is_quarantined(built):
    assert built["quarantine"] == []


def test_revenue_of_every_day_is_that_of_the_accounts(built, accounts):
    expected = defaultdict(Fraction)
    for account in accounts[0]:
        for invoice in account.invoices:
            for day, product, dollars in invoice.revenue(AS_OF):
                expected[day, account.customer, product] += dollars
    found = {row[:3]: fraction(row[3]) for row in built["revenue"] if row[1].startswith("acct")}
    wrong = [
        (*key, float(expected.get(key, 0)), float(found.get(key, 0)))
        for key in sorted(expected.keys() | found.keys())
        if abs(expected.get(key, 0) - found.get(key, 0)) > Fraction(1, 10**6)
    ]
    assert wrong == []
    assert len(found) > 20_000


def last_day(month):
    """The last day of a month that is counted."""
    return min((month.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1), AS_OF)


def sums_at(accounts, day, currency):
    """What all invoices of a currency come to until a day is over."""
    sums = dict.fromkeys(PARTS, Fraction())
    for invoice in (invoice for account in accounts for invoice in account.invoices):
        if invoice.currency == currency and invoice.kind == "invoice" and invoice.counts:
            for part, amount in invoice.balance_at(day).items():
                sums[part] += amount
    return sums


def test_recognised_reduced_deferred_less_unbilled_make_the_invoices_at_every_month_end(built, accounts):
    everybody = accounts[0] + accounts[1]
    running, closed = defaultdict(lambda: [Fraction()] * 5), defaultdict(Fraction)
    for month, currency, opening, *amounts in built["balances"]:
        invoiced, recognised, reduced, closing, deferred, unbilled, bad_debt, other_loss = map(fraction, amounts)
        assert opening == closed[currency] and closing == deferred - unbilled
        closed[currency] = closing
        so_far = (invoiced, recognised, reduced, bad_debt, other_loss)
        running[currency] = [x + y for x, y in zip(running[currency], so_far, strict=True)]
        invoiced, recognised, reduced, bad_debt, other_loss = running[currency]
        expected = sums_at(everybody, last_day(month), currency)
        found = dict(zip(PARTS, (invoiced, recognised, reduced, deferred, unbilled, bad_debt, other_loss), strict=True))
        wrong = {
            part: (float(expected[part]), float(found[part]))
            for part in PARTS
            if abs(expected[part] - found[part]) >= CENT
        }
        assert wrong == {}, f"{currency} {month}: (expected, found)"
        assert abs(recognised + reduced + deferred - unbilled - expected["invoiced"]) < CENT, f"{currency} {month}"
    assert {row[:2] for row in built["balances"]} >= {
        (month, code) for month in MONTHS[2:] for code in ("EUR", "JPY", "KWD", "USD")
    }


def of(word, rows):
    """Rows of one kind of account, without the word."""
    return [(row[0], row[1].removeprefix(word), *row[2:]) for row in rows if row[1].startswith(word)]


def test_nothing_depends_on_the_order_of_landing(built):
    for name in ("revenue", "customer mrr"):
        assert of("twin", built[name]) == of("acct", built[name]) != [], name


def test_a_void_leaves_no_trace_from_its_date_on(built, accounts):
    found = defaultdict(list)
    for day, customer, _, dollars in built["revenue"]:
        found[customer].append((day, fraction(dollars)))
    voided = 0
    for account in accounts[0]:
        invoices = account.invoices
        if all(
            invoice.status == "void" and invoice.voided_at and invoice.voided_at.date() <= AS_OF for invoice in invoices
        ):
            voided += 1
            last = max(invoice.voided_at.date() for invoice in invoices)
            assert [day for day, _ in found[account.customer] if day > last] == []
            assert sum(dollars for _, dollars in found[account.customer]) == 0, account.customer
        if not any(invoice.counts for invoice in invoices):
            assert found[account.customer] == []
    assert voided > 10


def test_paying_are_those_who_are_served_and_nobody_who_left_at_once(built, accounts):
    found = defaultdict(set)
    for customer, day in built["paying"]:
        found[customer].add(day)
    absences = 0
    for account in accounts[0]:
        served, price = defaultdict(Fraction), defaultdict(Fraction)
        for invoice in (invoice for invoice in account.invoices if invoice.status == "paid"):
            for day, amount, whole in invoice.served(AS_OF):
                served[day, invoice.currency] += amount
                price[day, invoice.currency] += whole
        paying = {key[0] for key, left in served.items() if left > Fraction(1, 10**6) and left > price[key] / 100}
        assert found[account.customer] == paying, account.customer
        for at, again in account.absences:
            absences += 1
            until = again.date() if again else AS_OF + timedelta(1)
            assert [day for day in found[account.customer] if at.date() < day < until] == [], account.customer
    assert absences > 20


def expected_mrr(accounts):
    """Rows of `all` by month: opening, new, reactivated, expansion, contraction, churned, fx, closing."""
    rows, was_customer = {}, set()
    for month, following in pairwise(MONTHS[2:]):
        sums = dict.fromkeys(
            ("opening", "new", "reactivated", "expansion", "contraction", "churned", "fx", "closing"), Fraction()
        )
        for account in accounts:
            first, last = (
                datetime.combine(day, datetime.min.time()) - timedelta(seconds=1) for day in (month, following)
            )
            rate_before, rate = (rate_on(account.currency, moment.date()) for moment in (first, last))
            opening, closing = account.mrr_amount(first) * rate_before, account.mrr_amount(last) * rate
            change = account.mrr_amount(last) * rate_before - opening if opening else closing
            name = "expansion" if change >= 0 else "contraction"
            if not opening:
                name = "reactivated" if account.customer in was_customer else "new"
            elif not closing:
                name = "churned"
            sums[name] += abs(change)
            for part, dollars in (("opening", opening), ("closing", closing), ("fx", closing - opening - change)):
                sums[part] += dollars
            if closing:
                was_customer.add(account.customer)
        rows[month] = list(sums.values())
    return rows


def test_recurring_revenue_opens_moves_and_closes_as_subscribed(built, accounts):
    expected, closed = expected_mrr(accounts[0] + accounts[1]), Fraction()
    assert [row[0] for row in built["mrr"]] == list(expected)
    for month, *dollars in built["mrr"]:
        opening, new, reactivated, expansion, contraction, churned, fx, closing = map(fraction, dollars)
        assert closing == opening + new + reactivated + expansion - contraction - churned + fx, month
        assert opening == closed, month
        closed = closing
        found = [opening, new, reactivated, expansion, contraction, churned, fx, closing]
        assert [round(float(x), 6) for x in found] == [round(float(x), 6) for x in expected[month]], month
