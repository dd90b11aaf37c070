"""Accounts of the demo company whose bills are told by hand: what real accounts have, one story each, in round numbers.

They have no calls, so that cost knows nothing of them. Amounts are of 200 000 calls; like all money they scale.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.stripe import Stripe

TEAM, BUSINESS, USAGE = "price_team_usd_month", "price_business_usd_month", "price_usage_usd_month"
USD = {TEAM: 12, BUSINESS: 29}
METER = "mtr_answers"


def moment(text: str) -> datetime:
    """A time of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def epoch(text: str | datetime) -> int:
    """Seconds since 1970."""
    return int((moment(text) if isinstance(text, str) else text).timestamp())


def month_after(start: datetime) -> datetime:
    """The same time of the next month; stories begin on the first."""
    return (start + timedelta(32)).replace(day=start.day)


class Books:
    """The bills of one told account."""

    def __init__(self, stripe: Stripe, account: Told) -> None:
        self.stripe, self.payer, self.customer_id = stripe, f"cus_WF{account.customer_id[5:]}", account.customer_id
        self.subscription = f"sub_{account.customer_id[5:]}"
        self.invoices: list[dict] = []

    def add(self, table: str, at: str | datetime, **row: object) -> dict:
        """A row known from a moment on."""
        return self.stripe.add(table, epoch(at) / 86400, **row)

    def cents(self, usd: float) -> int:
        """Minor units at the size of the company."""
        return self.stripe.minor(usd, "USD")

    def subscribe(self, price: str, since: str, until: str | None = None, **fields: object) -> None:
        """The subscription as it began and, where it ended, as it is now."""
        common = {"id": self.subscription, "customer_id": self.payer, "created": epoch(since)}
        common |= {"start_date": epoch(since), "quantity": 1, "price_id": price, "cancel_at_period_end": False} | fields
        self.add("stripe_subscriptions", since, **common, status="active")
        if until:
            gone = {"status": "canceled", "canceled_at": epoch(until), "ended_at": epoch(until)}
            self.add("stripe_subscriptions", until, **common, **gone)

    def line(self, price: str | None, cents: int, start: datetime, end: datetime, **fields: object) -> dict:
        """A line of the next invoice."""
        period = {"period_start": epoch(start), "period_end": epoch(end), "quantity": 1, "proration": False}
        kind = {
            "type": "subscription" if price else "invoiceitem",
            "subscription_id": self.subscription if price else None,
        }
        return (
            {"amount": cents, "discount_amount": 0, "price_id": price, "product_id": "prod_assist"}
            | period
            | kind
            | fields
        )

    def bill(self, at: str | datetime, lines: list[dict], *, is_paid: bool = True, **fields: object) -> dict:
        """An invoice and, where money came in for it, its charge."""
        number = f"{self.customer_id[5:]}_{len(self.invoices) + 1:02d}"
        total = sum(line["amount"] - line["discount_amount"] for line in lines)
        invoice = {"id": f"in_{number}", "customer_id": self.payer, "subscription_id": self.subscription}
        invoice |= {
            "status": "paid",
            "currency": "usd",
            "created": epoch(at),
            "total": total,
            "subtotal": total,
            "tax": 0,
        }
        invoice |= {"amount_paid": max(total, 0) if is_paid else 0, "livemode": True}
        invoice |= {"period_start": lines[0]["period_start"], "period_end": lines[0]["period_end"]} | fields
        self.invoices.append(self.add("stripe_invoices", at, **invoice))
        for position, line in enumerate(lines):
            identity = {"id": f"il_{number}_{position}", "invoice_id": invoice["id"], "currency": "usd"}
            self.add("stripe_invoice_line_items", at, **identity, **line)
        if invoice["amount_paid"] > 0:
            charge = {"id": f"ch_{number}", "customer_id": self.payer, "invoice_id": invoice["id"], "currency": "usd"}
            charge |= {"amount": invoice["amount_paid"], "amount_refunded": 0, "created": epoch(at) + 60}
            self.add("stripe_charges", at, **charge, status="succeeded", paid=True, livemode=True)
        return self.invoices[-1]

    def months(self, price: str, first: str, count: int, fields: dict | None = None, **line: object) -> None:
        """Invoices of whole months in advance."""
        start = moment(first)
        for _ in range(count):
            self.bill(
                start, [self.line(price, self.cents(USD[price]), start, month_after(start), **line)], **fields or {}
            )
            start = month_after(start)

    def change(self, at: str, old: str, new: str) -> int:
        """Another price in mid-period, to the second: the invoice of the proration, its total."""
        now = moment(at)
        start = now.replace(day=1, hour=0, minute=0, second=0)
        end = month_after(start)
        back, ahead = (round(self.cents(USD[price]) * (end - now) / (end - start)) for price in (old, new))
        lines = [(old, -back), (new, ahead)]
        made = self.bill(now, [self.line(price, cents, now, end, proration=True) for price, cents in lines])
        return made["total"]

    def used(self, day: str, answers: int) -> None:
        """Metered use of a day."""
        start, end = moment(day), moment(day) + timedelta(1)
        period = {"start_time": epoch(start), "end_time": epoch(end)}
        row = {"customer_id": self.payer, "meter": METER, "aggregated_value": answers}
        self.add("stripe_meter_event_summaries", end, **row, **period)

    def metered(self, month: str, usd: float, **fields: object) -> dict:
        """An invoice in arrears for the use of a month."""
        start = moment(month)
        return self.bill(month_after(start), [self.line(USAGE, self.cents(usd), start, month_after(start))], **fields)

    def accrue(self, month: str, usd: float) -> None:
        """What the billing system says is used in a month, not invoiced yet."""
        start, end = moment(month), month_after(moment(month))
        row = {"customer_id": self.customer_id, "product_id": "prod_assist", "amount": f"{self.cents(usd) / 100:.2f}"}
        period = {"period_start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "period_end": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
        self.add("revenue_accruals", end - timedelta(1), **row, **period, currency="USD")


def up_and_down(books: Books) -> None:
    """Team to business on 11 April at 14:24:36, back on 20 August at 18:30:15; the credit goes to September."""
    books.subscribe(TEAM, "2026-03-01")
    books.months(TEAM, "2026-03-01", 2)
    books.change("2026-04-11T14:24:36", TEAM, BUSINESS)
    books.months(BUSINESS, "2026-05-01", 4)
    credit = books.change("2026-08-20T18:30:15", BUSINESS, TEAM)
    paid = books.cents(USD[TEAM]) + credit
    books.months(TEAM, "2026-09-01", 1, {"amount_paid": paid, "starting_balance": credit, "ending_balance": 0})
    books.months(TEAM, "2026-10-01", 1)


def service_credit(books: Books) -> None:
    """4 USD for an outage on 18 June, to the customer's balance."""
    books.subscribe(BUSINESS, "2026-05-01")
    books.months(BUSINESS, "2026-05-01", 6)
    june, amount = books.invoices[1], books.cents(4)
    note = {"id": "cn_outage", "invoice_id": june["id"], "subtotal": amount, "amount": amount, "currency": "usd"}
    note |= {"created": epoch("2026-06-18T09:15:00"), "status": "issued", "livemode": True}
    books.add("stripe_credit_notes", "2026-06-18T09:15:00", **note)


def prepaid_pack(books: Books) -> None:
    """Credits of 100 for 90 on 4 May; 30 used in June, 40 in July; what is left expires on 15 October."""
    bought = moment("2026-05-04T10:00:00")
    books.subscribe(USAGE, "2026-05-04")
    pack = books.bill(bought, [books.line(None, books.cents(90), bought, bought)], subscription_id=None)
    grant = {"id": "credgr_pack", "customer_id": books.payer, "invoice_id": pack["id"], "category": "paid"}
    grant |= {"amount": books.cents(100), "currency": "usd", "effective_at": epoch(bought)}
    books.add("stripe_credit_grants", bought, **grant, expires_at=epoch("2026-10-15T00:00:00"))
    for month, usd in (("2026-06-01", 30), ("2026-07-01", 40)):
        settled = books.metered(month, usd, total=0, subtotal=0, amount_paid=0)
        use = {
            "credit_grant_id": "credgr_pack",
            "invoice_id": settled["id"],
            "type": "debit",
            "amount": books.cents(usd),
        }
        at = month_after(moment(month))
        books.add("stripe_credit_balance_transactions", at, id=f"cbtxn_{month}", **use, created=epoch(at))


def usage_accrued(books: Books) -> None:
    """Use of 8 USD in August on two days, of 10 in September (9 had been accrued), of 6.20 in October, accrued."""
    books.subscribe(USAGE, "2026-08-01")
    books.used("2026-08-10", 1000)
    books.used("2026-08-25", 3000)
    books.metered("2026-08-01", 8)
    books.accrue("2026-09-01", 9)
    books.metered("2026-09-01", 10)
    books.accrue("2026-10-01", 6.2)


def usage_in_arrears(books: Books) -> None:
    """A plan of 12 USD, and use of 5 in August and 7 in September; that of October nobody knows until November."""
    books.subscribe(TEAM, "2026-08-01")
    for month, used in (("2026-08-01", 0), ("2026-09-01", 5), ("2026-10-01", 7)):
        start = moment(month)
        before = (start - timedelta(1)).replace(day=1)
        use = [books.line(USAGE, books.cents(used), before, start)] if used else []
        books.bill(start, [books.line(TEAM, books.cents(USD[TEAM]), start, month_after(start)), *use])


def dispute(books: Books) -> None:
    """The payment of July is disputed on the 21st, and lost."""
    books.subscribe(TEAM, "2026-06-01", "2026-07-21")
    books.months(TEAM, "2026-06-01", 2)
    row = {"id": "dp_told", "charge_id": f"ch_{books.customer_id[5:]}_02", "amount": books.cents(12), "currency": "usd"}
    row |= {"created": epoch("2026-07-21"), "funds_withdrawn_at": epoch("2026-07-21")}
    books.add("stripe_disputes", "2026-07-21", **row, status="needs_response")
    books.add("stripe_disputes", "2026-09-02", **row, status="lost")


def bad_debt(books: Books) -> None:
    """May is never paid and given up on the 21st."""
    books.subscribe(TEAM, "2026-05-01", "2026-05-21")
    books.months(TEAM, "2026-05-01", 1, {"status": "open", "amount_paid": 0})
    given_up = {name: value for name, value in books.invoices[0].items() if name != "_seen"}
    given_up |= {"status": "uncollectible", "marked_uncollectible_at": epoch("2026-05-21T08:00:00")}
    books.add("stripe_invoices", "2026-05-21T08:00:00", **given_up)


def tax_inside(books: Books) -> None:
    """12 USD a month with a fifth of tax inside: 10 USD of revenue."""
    books.subscribe(TEAM, "2026-08-01")
    tax = books.cents(2)
    books.months(TEAM, "2026-08-01", 3, {"tax": tax, "subtotal": books.cents(12) - tax}, tax_amount=tax)


def coupon(books: Books) -> None:
    """A quarter off for ever: 21.75 of 29 USD."""
    books.subscribe(BUSINESS, "2026-08-01", discount_percent_off=25, discount_duration="forever")
    books.months(BUSINESS, "2026-08-01", 3, discount_amount=books.cents(29) // 4)


@dataclass(frozen=True)
class Told:
    """A told account; it signed up `since`, long before it pays, so that no cohort of the history moves."""

    customer_id: str
    name: str
    since: str
    plan: str
    story: Callable[[Books], None]

    def crm_row(self) -> dict:
        """Its row of the CRM; the channel is unknown, so that no channel's cohort moves."""
        signed = f"{self.since}T09:00:00Z"
        row = {
            "customer_id": self.customer_id,
            "customer_name": self.name,
            "signed_up_at": signed,
            "updated_at": signed,
        }
        row |= {"segment": "smb", "business_model": "high_value_b2b", "acquisition_motion": "low_touch_b2b"}
        return row | {"plan": self.plan, "seats": 5, "is_internal": False, "_seen": signed}


TOLD = (
    Told("acct_9101", "Amberline Ltd", "2025-06-03", "team", up_and_down),
    Told("acct_9102", "Birchgate GmbH", "2025-06-10", "business", service_credit),
    Told("acct_9103", "Cobbleton Inc", "2025-06-18", "usage", prepaid_pack),
    Told("acct_9104", "Driftmark Works", "2025-07-01", "usage", usage_accrued),
    Told("acct_9105", "Elmhurst Studio", "2025-07-09", "team", usage_in_arrears),
    Told("acct_9106", "Farrowby Ltd", "2025-07-15", "team", dispute),
    Told("acct_9107", "Glenmoor Inc", "2025-07-24", "team", bad_debt),
    Told("acct_9108", "Hollowell Ltd", "2025-08-05", "team", tax_inside),
    Told("acct_9109", "Ivybridge GmbH", "2025-08-05", "business", coupon),
)


def tell(stripe: Stripe) -> None:
    """Adds the bills of the told accounts, and the price of metered use."""
    price = {"id": USAGE, "product_id": "prod_assist", "currency": "usd", "recurring_interval": "month"}
    price |= {"recurring_interval_count": 1, "recurring_usage_type": "metered", "meter": METER, "nickname": "usage"}
    stripe.add("stripe_prices", epoch("2026-05-01") / 86400, **price)
    for told in TOLD:
        books = Books(stripe, told)
        row = {"id": books.payer, "name": told.name, "created": epoch(told.since), "currency": "usd"}
        row |= {"metadata": json.dumps({"customer_id": told.customer_id}), "is_deleted": False, "livemode": True}
        books.add("stripe_customers", told.since, **row)
        told.story(books)
