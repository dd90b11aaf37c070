"""Accounts with invoices and what happens to them, drawn at random: the rows of an export and what is to come of it.

`invoiced_accounts` draws invoices with lines of every kind and notes, refunds, disputes, voids and bad debt on them;
`subscribers` draws stories of subscriptions (changed to the second, ended, begun anew) and the documents Stripe would
make of them. What is expected is worked out from the account in exact fractions, never from a row.

Hypothesis takes some numbers from the constants of the loaded modules: `accounts` draws in a process of its own,
so that a seed means the same accounts in every run.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

START = datetime(2026, 1, 1)
AS_OF = date(2026, 9, 17)
EXPONENTS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
RATES = {"USD": ("1",), "EUR": ("1.1", "1.0875", "1.12"), "JPY": ("0.0066", "0.0067"), "KWD": ("3.25", "3.3", "3.2")}
PRODUCTS = ("prod_assist", "prod_setup", None)


def rate_on(currency: str, day: date) -> Fraction:
    """US dollars per unit: a rate every Monday, which holds for the week."""
    week = (day - date(2025, 12, 1)).days // 7
    return Fraction(RATES[currency][week % len(RATES[currency])])


def rate_rows() -> Iterator[dict]:
    for week in range(60):
        day = date(2025, 12, 1) + timedelta(7 * week)
        for currency in ("EUR", "JPY", "KWD"):
            rate = RATES[currency][week % len(RATES[currency])]
            yield {"rate_date": str(day), "currency": currency, "usd_per_unit": rate}


def epoch(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp())


@dataclass
class Line:
    """A line of an invoice, in the minor unit."""

    amount: int
    start: datetime | None = None
    end: datetime | None = None
    discount: int = 0
    tax: int | None = None
    product: str | None = None
    price: str | None = None
    quantity: int = 1
    subscription: str | None = None
    is_landed: bool = True

    @property
    def gross(self) -> int:
        return self.amount - (self.discount if self.amount > 0 else 0)


@dataclass
class Reduction:
    """A credit note (amounts before tax), a refund or a dispute (amounts with tax)."""

    kind: str
    at: datetime
    amount: int
    named: dict[int, int] = field(default_factory=dict)  # position of a line: amount
    product: str | None = None
    ended_at: datetime | None = None  # the note is voided, the dispute is won and the money back
    is_linked: bool = False  # the note names a refund of the same money
    is_landed: bool = True  # else only the charge's own sum tells of the refund


@dataclass
class Obligation:
    """What is recognised by itself: evenly from start to end."""

    product: str
    net: Fraction
    start: datetime
    end: datetime

    def served(self, day: date) -> Fraction:
        """The share that is served when a day begins."""
        gone = (datetime.combine(day, datetime.min.time()) - self.start).total_seconds()
        whole = int((self.end - self.start).total_seconds())
        return Fraction(min(max(int(gone), 0), whole), whole)


@dataclass
class Invoice:
    """An invoice, or (kind charge) a payment that settles none."""

    number: str
    currency: str
    at: datetime
    lines: list[Line]
    kind: str = "invoice"
    status: str = "paid"
    total: int = 0
    tax: int = 0
    is_tax_shared: bool = False
    period: tuple[datetime, datetime] | None = None
    reductions: list[Reduction] = field(default_factory=list)
    voided_at: datetime | None = None
    given_up_at: datetime | None = None
    is_given_up: bool = False
    paid_later_at: datetime | None = None
    paid: int = 0  # of a total that was given up
    balance: int = 0
    _known: dict = field(default_factory=dict)

    # ---- what is to come of it

    @property
    def counts(self) -> bool:
        return self.status in ("paid", "open", "uncollectible") or (self.status == "void" and bool(self.voided_at))

    @cached_property
    def obligations(self) -> list[Obligation]:
        """Revenue 1 and 2: landed lines net of discount and tax, and what they lack of the invoice."""
        unit, landed = 10 ** EXPONENTS[self.currency], [line for line in self.lines if line.is_landed]
        made = [
            Obligation(line.product or "unattributed", self._net(line) / unit, *self._span(line.start, line.end))
            for line in landed
        ]
        lacking = Fraction(self.total - self.tax) - sum((self._net(line) for line in landed), Fraction())
        if lacking:
            spans = [(line.start, line.end) for line in landed if line.start and line.end > line.start]
            start, end = (min(s for s, _ in spans), max(e for _, e in spans)) if spans else (None, None)
            if not landed and self.period:
                start, end = self.period
            made.append(Obligation("unattributed", lacking / unit, *self._span(start, end)))
        return made

    def _net(self, line: Line) -> Fraction:
        if self.is_tax_shared:
            return Fraction(line.gross * (self.total - self.tax), self.total)
        return Fraction(line.gross - (line.tax or 0))

    def _span(self, start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
        if start and end > start:
            return start, end
        day = datetime.combine(self.at.date(), datetime.min.time())
        return day, day + timedelta(1)

    @cached_property
    def requests(self) -> list[tuple[date, date | None, Fraction, set[int] | None]]:
        """Revenue 3: what is asked for from a date on (until another), before tax, and of which lines (None: all)."""
        unit, asked = 10 ** EXPONENTS[self.currency], []
        notes = sum(r.amount + self.tax_on(r.amount) for r in self.reductions if r.kind == "note" and not r.is_linked)
        for reduction in sorted(self.reductions, key=lambda r: (r.at, r.kind)):
            day = (reduction.at if reduction.is_landed else self.at).date()
            if reduction.kind == "note":
                ended = reduction.ended_at.date() if reduction.ended_at else None
                named = {position for position, line in enumerate(self._landed()) if line.product == reduction.product}
                parts = reduction.named.items() or [(None, reduction.amount)]
                for position, amount in parts:
                    which = {position} if position is not None else named if reduction.product else None
                    asked.append((day, ended, Fraction(amount, unit), which))
            else:
                covered = 0
                if reduction.kind == "refund" and reduction.is_landed:
                    covered = min(reduction.amount, notes)
                    notes -= covered
                net = Fraction((reduction.amount - covered) * (self.total - self.tax), self.total) / unit
                asked.append((day, None, net, None))
        return asked

    def _landed(self) -> list[Line]:
        return [line for line in self.lines if line.is_landed]

    def tax_on(self, untaxed: int) -> int:
        return round(untaxed * self.tax / (self.total - self.tax)) if self.tax else 0

    def given_up_date(self) -> date | None:
        if not self.is_given_up:
            return None
        if self.given_up_at:
            return self.given_up_at.date()
        ends = max((o.end - timedelta(seconds=1)).date() + timedelta(1) for o in self.obligations)
        return max(ends, self.at.date())

    @cached_property
    def event_dates(self) -> set[date]:
        ends = [self.voided_at.date() if self.voided_at else None, self.given_up_date()]
        for reduction in self.reductions:
            ends += [(reduction.at if reduction.is_landed else self.at).date()]
            ends += [reduction.ended_at.date() if reduction.ended_at else None]
        return {day for day in [*ends, self.paid_later_at.date() if self.paid_later_at else None] if day}

    def asked(self, day: date) -> Fraction:
        return sum(
            (amount for start, end, amount, _ in self.requests if start <= day and not (end and end <= day)),
            Fraction(),
        )

    def left(self, day: date, with_end: bool = True) -> list[Fraction]:
        """What is left of each line when a day is over; without its end, as if it were neither voided nor given up."""
        return self._since_last_event(self._left, day, with_end)

    def _since_last_event(self, rule: Callable, day: date, *arguments: bool) -> list[Fraction]:
        """What a rule says of a day; the same since the last event."""
        last = max((event for event in self.event_dates if event <= day), default=date.min)
        key = (rule.__name__, last, *arguments)
        if key not in self._known:
            self._known[key] = rule(last, *arguments)
        return self._known[key]

    def _left(self, day: date, with_end: bool) -> list[Fraction]:
        nets = [obligation.net for obligation in self.obligations]
        ends = [self.voided_at.date() if self.voided_at else None, self.given_up_date()]
        if with_end and any(end and end <= day for end in ends):
            return [Fraction()] * len(nets)
        whole = sum(nets, Fraction())
        if whole <= 0:
            return nets
        room = max(whole - self.asked(day), Fraction())
        if not room:
            return [Fraction()] * len(nets)
        shares, of_lines, of_products = ([Fraction()] * len(nets) for _ in range(3))
        products = set()
        for start, end, amount, which in self.requests:
            if start > day or (end and end <= day):
                continue
            named = range(len(nets)) if which is None else which
            worth = sum((nets[position] for position in named), Fraction())
            if worth <= 0:
                which, named, worth = None, range(len(nets)), whole
            for position in named:
                shares[position] += amount / worth
                if which is not None:
                    (of_lines if len(which) == 1 else of_products)[position] += amount / worth
            if which is not None and len(which) > 1:
                products.add(frozenset(which))
        # What does not fit into a line of a product comes off the product's other lines first.
        for product in products:
            room = {at: max(1 - of_lines[at] - of_products[at], Fraction()) for at in product}
            over = sum(
                nets[at] * min(of_products[at], max(of_lines[at] + of_products[at] - 1, Fraction())) for at in product
            )
            room_amount = sum(nets[at] * share for at, share in room.items())
            if over > 0 and room_amount > 0:
                for at, share in room.items():
                    shares[at] += share * min(over / room_amount, Fraction(1))
        kept = [net * (1 - min(share, Fraction(1))) for net, share in zip(nets, shares, strict=True)]
        return [amount * room / sum(kept) for amount in kept] if sum(kept) else kept

    def returned(self, day: date) -> list[Fraction]:
        """What came back of each line until a day is over: disputes won, bad debt that was paid."""
        return self._since_last_event(self._returned, day)

    def _returned(self, day: date) -> list[Fraction]:
        lines = self.obligations
        back = [Fraction()] * len(lines)
        for reduction in self.reductions:
            if reduction.kind == "dispute" and reduction.ended_at and reduction.ended_at.date() <= day:
                before, on = reduction.at.date() - timedelta(1), reduction.at.date()
                taken = zip(self.left(before), self.left(on), strict=True)
                back = [b + (x - y) * line.served(on) for b, (x, y), line in zip(back, taken, lines, strict=True)]
        given_up = self.given_up_date()
        if given_up and given_up <= day:
            kept = self.paid_share()
            if self.paid_later_at and self.paid_later_at.date() <= day:
                kept = Fraction(1)
            back = [b + kept * lost for b, lost in zip(back, self.lost(), strict=True)]
        return back

    def lost(self) -> list[Fraction]:
        """Of an invoice given up, what had been recognised of each line."""
        given_up = self.given_up_date()
        kept = self.left(given_up, with_end=False)
        return [left * line.served(given_up) for left, line in zip(kept, self.obligations, strict=True)]

    def paid_share(self) -> Fraction:
        """Of what is due of an invoice that is given up, the part paid by then."""
        nets = sum((line.net for line in self.obligations), Fraction())
        due = self.total * sum(self.left(self.given_up_date(), with_end=False)) / nets
        paid = self.balance + (0 if self.paid_later_at else self.paid)
        return min(Fraction(paid), due) / due if due else Fraction(0)

    def recognised(self, day: date) -> list[Fraction]:
        """Revenue of each line until a day is over."""
        following = day + timedelta(1)
        parts = zip(self.left(day), self.obligations, self.returned(day), strict=True)
        return [left * line.served(following) + back for left, line, back in parts]

    def balance_at(self, day: date) -> dict[str, Fraction]:
        """The sums of deferred revenue until a day is over."""
        lines, left, back = self.obligations, self.left(day), sum(self.returned(day), Fraction())
        nets, is_invoiced = sum((line.net for line in lines), Fraction()), self.at.date() <= day
        served = sum((x * line.served(day + timedelta(1)) for x, line in zip(left, lines, strict=True)), Fraction())
        given_up = self.given_up_date()
        return {
            "invoiced": nets if is_invoiced else Fraction(),
            "recognised": served + back,
            "reduced": nets - sum(left) - back,
            "deferred": sum(left) - served if is_invoiced else Fraction(),
            "unbilled": Fraction() if is_invoiced else served,
            "bad_debt": sum(self.lost(), Fraction()) - back if given_up and given_up <= day else Fraction(),
            "other_loss": max(self.asked(day) - max(nets, Fraction()), Fraction()),
        }

    def revenue(self, last: date) -> Iterator[tuple[date, str, Fraction]]:
        """Revenue by day and product in US dollars, up to a day."""
        if not self.counts:
            return
        rate, lines = rate_on(self.currency, self.at.date()), self.obligations
        days = {day for day in self.event_dates if day <= last}
        for line in lines:
            first, end = line.start.date(), min((line.end - timedelta(seconds=1)).date(), last)
            days |= {first + timedelta(step) for step in range((end - first).days + 1)}
        before = [Fraction()] * len(lines)
        for day in sorted(days):
            until = self.recognised(day)
            yield from ((day, line.product, (y - x) * rate) for line, x, y in zip(lines, before, until, strict=True))
            before = until

    def served(self, last: date) -> Iterator[tuple[date, Fraction, Fraction]]:
        """What is served of each line by day, reductions in force taken off, and its price without them."""
        for position, line in enumerate(self.obligations):
            first, end = line.start.date(), min((line.end - timedelta(seconds=1)).date(), last)
            for day in (first + timedelta(step) for step in range((end - first).days + 1)):
                share = line.served(day + timedelta(1)) - line.served(day)
                yield day, self.left(day)[position] * share, max(line.net, Fraction()) * share

    # ---- what Stripe exports

    def rows(self, customer: str) -> Iterator[tuple[str, dict]]:
        """Rows by raw table; an object that changed comes in its older state first."""
        currency, charged_at = self.currency.lower(), self.at + timedelta(hours=1)
        refunds = [r for r in self.reductions if r.kind == "refund" or r.is_linked]
        refunded = sum(r.amount + (self.tax_on(r.amount) if r.is_linked else 0) for r in refunds)
        charge = {"id": f"ch_{self.number}", "customer_id": customer, "status": "succeeded", "currency": currency}
        charge |= {"amount": self.total, "created": epoch(charged_at if self.kind == "invoice" else self.at)}
        if self.kind == "invoice":
            charge["invoice_id"] = self.number
            yield from self._invoice_rows(customer)
        if self.kind == "charge" or (self.status == "paid" and self.total > 0 and not self.is_given_up):
            if refunded:
                yield "stripe_charges", charge | {"amount_refunded": 0}
            yield "stripe_charges", charge | {"amount_refunded": refunded}
        for position, reduction in enumerate(self.reductions):
            yield from self._reduction_rows(f"{self.number}_{position}", charge["id"], reduction)

    def _invoice_rows(self, customer: str) -> Iterator[tuple[str, dict]]:
        invoice = {"id": self.number, "customer_id": customer, "currency": self.currency.lower(), "livemode": True}
        invoice |= {"created": epoch(self.at), "total": self.total, "tax": self.tax, "amount_paid": 0}
        if self.period:
            invoice |= {"period_start": epoch(self.period[0]), "period_end": epoch(self.period[1])}
        if self.balance:
            invoice |= {"starting_balance": -self.balance, "ending_balance": 0}
        yield "stripe_invoices", invoice | {"status": "draft" if self.status == "draft" else "open"}
        ended = {
            "status": self.status,
            "voided_at": epoch(self.voided_at),
            "marked_uncollectible_at": epoch(self.given_up_at),
            "paid_at": epoch(self.paid_later_at or self.at) if self.status == "paid" else None,
            "amount_paid": self.paid if self.is_given_up else max(self.total, 0) if self.status == "paid" else 0,
        }
        yield "stripe_invoices", invoice | ended
        for position, line in enumerate(self._landed()):
            row = {"id": f"il_{position}", "invoice_id": self.number, "amount": line.amount}
            row |= {"discount_amount": line.discount, "tax_amount": line.tax, "currency": self.currency.lower()}
            row |= {"price_id": line.price, "product_id": line.product, "quantity": line.quantity}
            row |= {
                "period_start": epoch(line.start),
                "period_end": epoch(line.end),
                "subscription_id": line.subscription,
            }
            yield "stripe_invoice_line_items", row | {"type": "subscription" if line.subscription else "invoiceitem"}

    def _reduction_rows(self, number: str, charge: str, reduction: Reduction) -> Iterator[tuple[str, dict]]:
        row = {"amount": reduction.amount, "currency": self.currency.lower(), "created": epoch(reduction.at)}
        if reduction.kind == "note":
            row |= {"subtotal": reduction.amount, "amount": reduction.amount + self.tax_on(reduction.amount)}
            note = row | {"id": f"cn_{number}", "invoice_id": self.number, "status": "issued"}
            note |= {"refund_id": f"re_{number}" if reduction.is_linked else None, "product_id": reduction.product}
            if reduction.named:
                named = sorted(reduction.named.items())
                note["lines"] = [{"invoice_line_item": f"il_{at}", "amount": amount} for at, amount in named]
            yield "stripe_credit_notes", note
            if reduction.ended_at:
                yield "stripe_credit_notes", note | {"status": "void", "voided_at": epoch(reduction.ended_at)}
        if reduction.kind == "dispute":
            dispute = row | {"id": f"dp_{number}", "charge_id": charge, "funds_withdrawn_at": epoch(reduction.at)}
            yield "stripe_disputes", dispute | {"status": "under_review"}
            ended = {"status": "won", "funds_reinstated_at": epoch(reduction.ended_at)}
            yield "stripe_disputes", dispute | (ended if reduction.ended_at else {"status": "lost"})
        if (reduction.kind == "refund" and reduction.is_landed) or reduction.is_linked:
            yield "stripe_refunds", row | {"id": f"re_{number}", "charge_id": charge, "status": "succeeded"}


@dataclass
class Account:
    """A payer, and of a subscriber what it has subscribed to: (from, to, price, quantity), and when it left at once."""

    invoices: list[Invoice]
    story: list[tuple[datetime, datetime | None, str, int]] = field(default_factory=list)
    absences: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    subscriptions: list[dict] = field(default_factory=list)
    currency: str = "USD"
    customer: str = ""

    def rows(self) -> Iterator[tuple[str, dict]]:
        payer = f"cus_{self.customer}"
        yield "stripe_customers", {"id": payer, "metadata": {"customer_id": self.customer}}
        for subscription in self.subscriptions:
            row = subscription | {"customer_id": payer}
            yield "stripe_subscriptions", row | {"status": "active", "canceled_at": None, "ended_at": None}
            yield "stripe_subscriptions", row
        for invoice in self.invoices:
            yield from invoice.rows(payer)

    def mrr_amount(self, moment: datetime) -> Fraction:
        """Monthly recurring revenue at a second, in the account's currency."""
        return sum(
            (
                Fraction(PRICES[price][0] * quantity, 100 * PRICES[price][1])
                for start, end, price, quantity in self.story
                if start <= moment and (end is None or moment < end)
            ),
            Fraction(),
        )


# ---- invoices with everything that may happen to them


@st.composite
def moments(draw: st.DrawFn, first: datetime, last: datetime) -> datetime:
    """A second from `first` to `last`."""
    return first + timedelta(seconds=draw(st.integers(0, max(int((last - first).total_seconds()), 0))))


LAST_MONEY = datetime(2026, 9, 12)  # a charge after as_of_date would move it
LAST_EVENT = datetime(2026, 11, 1)


@st.composite
def lines_of(draw: st.DrawFn, at: datetime) -> list[Line]:
    """Up to three lines, ahead or in arrears, to the second, over a year, without a period or with one run back."""
    lines = []
    for position in range(draw(st.integers(1, 3))):
        amount = draw(st.integers(500, 200_000))
        if position and draw(st.booleans()):
            amount = -draw(st.integers(1, lines[0].amount // 3))
        start = draw(moments(at - timedelta(45), at + timedelta(20)))
        length = draw(st.sampled_from([30 * 86400, 7 * 86400 + 1, 3600, 365 * 86400, 90 * 86400, 31, 0, -86400, None]))
        period = (None, None) if length is None else (start, start + timedelta(seconds=length))
        discount = draw(st.integers(0, amount // 2)) if amount > 0 and draw(st.integers(0, 3)) == 0 else 0
        lines.append(Line(amount, *period, discount=discount, product=draw(st.sampled_from(PRODUCTS))))
    return lines


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    """An invoice with tax on top, inside, or stated by lines, whose lines were landed or not, and a story."""
    story = draw(st.sampled_from(
        ["kept", "notes", "notes", "refunds", "refunds", "dispute", "void", "void", "bad", "bad", "nothing", "charge"]
    ))  # fmt: skip
    at, currency = draw(moments(START, LAST_MONEY - timedelta(20))), draw(st.sampled_from(sorted(EXPONENTS)))
    if story == "charge":
        amount = draw(st.integers(100, 50_000))
        charge = Invoice("", currency, at, [Line(amount)], kind="charge", total=amount)
        refunds(draw, charge)
        return charge
    invoice = Invoice("", currency, at, draw(lines_of(at)))
    taxes(draw, invoice)
    STORIES[story](draw, invoice)
    return invoice


def taxes(draw: st.DrawFn, invoice: Invoice) -> None:
    """The total and the tax of an invoice; some of its lines get lost."""
    gross = sum(line.gross for line in invoice.lines)
    place = draw(st.sampled_from(["none", "none", "outside", "shared", "stated", "lost", "all lost"]))
    invoice.total = gross
    if place == "outside" and gross > 0:
        invoice.tax = gross // 5
        invoice.total = gross + invoice.tax
    elif place == "shared" and gross > 100:
        invoice.tax, invoice.is_tax_shared = gross * 19 // 119, True
    elif place == "stated" and gross > 0:
        for line in invoice.lines[: draw(st.integers(1, len(invoice.lines)))]:
            line.tax = line.gross // 6 if line.gross > 0 else None
        invoice.tax = sum(line.tax or 0 for line in invoice.lines)
    elif place.endswith("lost"):
        for line in invoice.lines if place == "all lost" else invoice.lines[:1]:
            line.is_landed = False
        invoice.period = (invoice.at, invoice.at + timedelta(days=61, seconds=7)) if draw(st.booleans()) else None


def notes(draw: st.DrawFn, invoice: Invoice, most: float = 1.2, number: int = 3) -> None:
    """Credit notes, of all lines, of some, or of a product; some are voided."""
    untaxed = max(invoice.total - invoice.tax, 1)
    landed = [line for line in invoice.lines if line.is_landed]
    for _ in range(draw(st.integers(1, number))):
        at = draw(moments(invoice.at, LAST_EVENT))
        note = Reduction("note", at, draw(st.integers(1, max(int(untaxed * most / number), 1))))
        kind = draw(st.sampled_from(["all", "lines", "product"]))
        if kind == "lines" and landed:
            first = draw(st.integers(0, len(landed) - 1))
            note.named = {first: note.amount}
            if first and note.amount > 1:
                note.named = {first: note.amount // 2, first - 1: note.amount - note.amount // 2}
        elif kind == "product" and landed:
            note.product = landed[0].product
        if number > 1 and draw(st.integers(0, 3)) == 0:
            note.ended_at = draw(moments(at, LAST_EVENT))
        invoice.reductions.append(note)


def refunds(draw: st.DrawFn, invoice: Invoice) -> None:
    """Refunds: alone, named by a note of the same money, covered by an earlier note, or not landed."""
    if invoice.total <= 0:
        return
    charged_at = invoice.at + timedelta(hours=1)
    kind = draw(st.sampled_from(["alone", "linked", "covered", "unlanded"]))
    if kind in ("linked", "covered") and invoice.kind == "invoice":
        at = draw(moments(charged_at, LAST_EVENT - timedelta(10)))
        untaxed = invoice.total - invoice.tax
        invoice.reductions.append(Reduction("note", at, draw(st.integers(1, untaxed)), is_linked=kind == "linked"))
        charged_at = at + timedelta(days=1)
        if kind == "linked":
            return
    for _ in range(draw(st.integers(1, 2))):
        at = draw(moments(charged_at, LAST_EVENT))
        amount = draw(st.integers(1, max(invoice.total * 2 // 3, 1)))
        invoice.reductions.append(Reduction("refund", at, amount, is_landed=kind != "unlanded"))


def dispute(draw: st.DrawFn, invoice: Invoice) -> None:
    """A dispute of all or a part, lost or won."""
    if invoice.total <= 0:
        return
    at = draw(moments(invoice.at + timedelta(1), LAST_EVENT))
    ended = draw(moments(at, LAST_EVENT)) if draw(st.booleans()) else None
    amount = invoice.total if draw(st.booleans()) else draw(st.integers(1, invoice.total))
    invoice.reductions.append(Reduction("dispute", at, amount, ended_at=ended))


def void(draw: st.DrawFn, invoice: Invoice) -> None:
    """Voided, perhaps after a note."""
    invoice.status, invoice.voided_at = "void", draw(moments(invoice.at, LAST_EVENT))
    if draw(st.booleans()):
        notes(draw, invoice, most=0.6, number=1)
        invoice.reductions = [note for note in invoice.reductions if note.at.date() < invoice.voided_at.date()]


def bad(draw: st.DrawFn, invoice: Invoice) -> None:
    """Given up, with or without a date, paid in part, and perhaps in full later."""
    if invoice.total <= 0:
        return
    invoice.is_given_up, invoice.status = True, "uncollectible"
    invoice.given_up_at = draw(moments(invoice.at, LAST_EVENT - timedelta(30))) if draw(st.booleans()) else None
    invoice.balance = draw(st.sampled_from([0, invoice.total // 10]))
    invoice.paid = draw(st.sampled_from([0, invoice.total // 4]))
    if invoice.given_up_at and draw(st.booleans()):
        invoice.status, invoice.paid = "paid", invoice.total - invoice.balance
        invoice.paid_later_at = draw(moments(invoice.given_up_at, LAST_EVENT))
    if draw(st.booleans()):
        notes(draw, invoice, most=0.6, number=1)
        invoice.reductions = [note for note in invoice.reductions if note.at.date() < invoice.given_up_date()]


def nothing(draw: st.DrawFn, invoice: Invoice) -> None:
    """A draft, or void without saying when: no revenue."""
    invoice.status = draw(st.sampled_from(["draft", "void"]))


STORIES = {
    "kept": lambda draw, invoice: None,
    "notes": notes,
    "refunds": refunds,
    "dispute": dispute,
    "void": void,
    "bad": bad,
    "nothing": nothing,
}


@st.composite
def invoiced_accounts(draw: st.DrawFn) -> Account:
    """One or two invoices."""
    return Account([draw(invoices()) for _ in range(draw(st.integers(1, 2)))])


# ---- subscriptions

# Price: minor units of one, months of its interval.
PRICES = {
    "basic": (2000, 1),
    "plus": (4900, 1),
    "team": (9900, 1),
    "basic_yearly": (20000, 12),
    "plus_yearly": (50000, 12),
}
PRICE_ROWS = [
    {"id": f"{price}_{currency}", "product_id": "prod_assist", "currency": currency, "unit_amount": cents,
     "recurring_interval": "month", "recurring_interval_count": 1, "recurring_usage_type": "licensed",
     "nickname": price} | ({"recurring_interval": "year"} if months == 12 else {})
    for price, (cents, months) in PRICES.items() for currency in ("usd", "eur")
]  # fmt: skip


def months_later(start: datetime, months: int) -> datetime:
    """The same second of a later month; starts are on days every month has."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1)


class Billing:
    """Makes the documents of one subscription while its story is drawn."""

    def __init__(self, draw: st.DrawFn, account: Account, start: datetime) -> None:
        self.draw, self.account, self.start = draw, account, start
        self.name = f"sub{len(account.subscriptions)}"
        self.price, self.quantity = draw(st.sampled_from(sorted(PRICES))), draw(st.integers(1, 4))
        self.months = PRICES[self.price][1]
        self.since, self.ended_at = start, None
        self.subscription = {"id": self.name, "status": "active", "start_date": epoch(start), "created": epoch(start)}
        account.subscriptions.append(self.subscription)

    def line(self, start: datetime, end: datetime, *, sign: int = 1, period: tuple[datetime, datetime]) -> Line:
        """The price of a part of the period, to the cent."""
        part = Fraction(int((end - start).total_seconds()), int((period[1] - period[0]).total_seconds()))
        cents = sign * round(PRICES[self.price][0] * self.quantity * part)
        price = f"{self.price}_{self.account.currency.lower()}"
        return Line(
            cents, start, end, product="prod_assist", price=price, quantity=self.quantity, subscription=self.name
        )

    def invoice(self, at: datetime, lines: list[Line]) -> Invoice:
        invoice = Invoice("", self.account.currency, at, lines, total=sum(line.amount for line in lines))
        self.account.invoices.append(invoice)
        return invoice

    def run(self) -> None:
        """Bills every period until the subscription ends or the history does."""
        start, number = self.start, 0
        while start < LAST_MONEY and self.ended_at is None:
            number += 1
            period = (start, months_later(self.start, number * self.months))
            renewal = self.invoice(start, [self.line(*period, period=period)])
            happens = self.draw(st.sampled_from(["renews", "renews", "changes", "changes back", "ends", "leaves"]))
            # A tenth of the period stays on either side, so that the cent is small beside it.
            tenth = (period[1] - period[0]) / 10
            at = self.draw(moments(start + tenth, period[0] + 5 * tenth))
            later = self.draw(moments(period[0] + 6 * tenth, period[1] - tenth))
            if later < LAST_MONEY:
                if happens.startswith("changes"):
                    before = (self.price, self.quantity)
                    self.change(at, period, self.draw(st.sampled_from(sorted(PRICES))), self.draw(st.integers(1, 4)))
                    if happens == "changes back":
                        self.change(later, period, *before)
                elif happens == "ends":
                    self.end(period[1], cancelled_at=at)
                elif happens == "leaves":
                    self.leave(at, period, renewal)
            start = period[1]
        self.account.story.append((self.since, self.ended_at, self.price, self.quantity))

    def change(self, at: datetime, period: tuple[datetime, datetime], price: str, quantity: int) -> None:
        """Another price or quantity in mid-period: the rest of the old comes back, that of the new is billed."""
        if PRICES[price][1] != self.months or (price, quantity) == (self.price, self.quantity):
            return
        credit = self.line(at, period[1], sign=-1, period=period)
        self.account.story.append((self.since, at, self.price, self.quantity))
        self.since, self.price, self.quantity = at, price, quantity
        self.invoice(at, [credit, self.line(at, period[1], period=period)])

    def end(self, at: datetime, cancelled_at: datetime) -> None:
        self.ended_at = at
        self.subscription |= {"canceled_at": epoch(cancelled_at), "cancel_at_period_end": at != cancelled_at}
        if at <= LAST_EVENT:
            self.subscription |= {"status": "canceled", "ended_at": epoch(at)}

    def leave(self, at: datetime, period: tuple[datetime, datetime], renewal: Invoice) -> None:
        """Cancelled at once: the rest is credited, or the whole invoice given back or voided."""
        how = self.draw(st.sampled_from(["credited", "noted", "refunded", "voided"]))
        if how == "credited":
            self.invoice(at, [self.line(at, period[1], sign=-1, period=period)])
        elif how == "noted":
            renewal.reductions.append(Reduction("note", at, renewal.total))
        elif how == "refunded":
            renewal.reductions.append(Reduction("refund", at, renewal.total))
        else:
            renewal.status, renewal.voided_at = "void", at
        self.end(at, cancelled_at=at)
        self.account.absences.append((at, None))


@st.composite
def subscribers(draw: st.DrawFn) -> Account:
    """A subscription, and perhaps another one some time after it."""
    account = Account([], currency=draw(st.sampled_from(["USD", "USD", "EUR"])))
    start = draw(moments(START, START + timedelta(90))).replace(day=draw(st.integers(1, 28)))
    while start < LAST_MONEY - timedelta(60):
        billing = Billing(draw, account, start)
        billing.run()
        if billing.ended_at is None or draw(st.booleans()):
            break
        start = (billing.ended_at + timedelta(days=draw(st.integers(2, 70)))).replace(day=draw(st.integers(1, 28)))
        start = start if start > billing.ended_at + timedelta(1) else start + timedelta(31)
        start = start.replace(day=min(start.day, 28))
        if account.absences and account.absences[-1] == (billing.ended_at, None):
            account.absences[-1] = (billing.ended_at, start)
    return account


def named(accounts: list[Account], word: str) -> list[Account]:
    """Copies of the accounts with ids that no two of them share."""
    accounts = deepcopy(accounts)
    for number, account in enumerate(accounts):
        account.customer = f"{word}{number:03}"
        for subscription in account.subscriptions:
            subscription["id"] += f"_{account.customer}"
        for position, invoice in enumerate(account.invoices):
            invoice.number = f"in_{account.customer}_{position:02}"
            for line in invoice.lines:
                line.subscription = line.subscription and f"{line.subscription}_{account.customer}"
    return accounts


def drawn(number: int, invoiced: int, subscribed: int) -> list[Account]:
    """So many accounts of each kind."""
    accounts = []
    for strategy, count in ((invoiced_accounts(), invoiced), (subscribers(), subscribed)):

        @seed(number)
        @settings(
            max_examples=count, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(strategy)
        def draw(account):
            accounts.append(account)

        draw()
    return accounts


def accounts(number: int, invoiced: int, subscribed: int) -> list[Account]:
    """The accounts of a seed, drawn in a process of their own."""
    program = (
        "import pickle, random_accounts as made, sys; sys.stdout.buffer.write(pickle.dumps(made.drawn({}, {}, {})))"
    )
    command = [sys.executable, "-c", program.format(number, invoiced, subscribed)]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, check=True)
    return pickle.loads(done.stdout)
