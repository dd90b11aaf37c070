"""What the accounts of the demo company are billed."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd

from demo.accounts import has_keyless_payer, stripe_id, upgrade_day
from demo.stories import tell
from demo.stripe import STRIPE_COLUMNS, Stripe, price_id
from demo.world import DESK_USD, END, PLANS, day_number
from demo.writer import Writer


def next_period(day: int, annual: bool) -> int:
    """First day of the next billing period."""
    on = date(1970, 1, 1) + timedelta(day)
    return day_number(
        on.replace(year=on.year + 1) if annual else (on.replace(day=1) + timedelta(32)).replace(day=on.day)
    )


def bill_customer(stripe: Stripe, customer: pd.Series) -> None:
    """Customer, subscription and every invoice until the end of the history or the day the customer leaves."""
    metadata = (
        "{}"
        if has_keyless_payer(customer) or customer.stripe_only
        else json.dumps({"customer_id": customer.customer_id})
    )
    stripe.add("stripe_customers", customer.signed, id=stripe_id(customer), name=customer.name, email=None,
        created=int(customer.signed * 86400), currency=customer.currency.lower(),
               metadata=metadata, is_deleted=False, livemode=True)  # fmt: skip
    on = date(1970, 1, 1) + timedelta(int(customer.pays_from))
    day, end, plan, usd, currency = (
        day_number(on.replace(day=min(on.day, 28))),
        day_number(END),
        customer.plan,
        customer.usd,
        customer.currency,
    )
    day = max(day, int(np.floor(customer.signed)) + (14 if customer.trial else 0)) if on.day > 28 else day
    if (date(1970, 1, 1) + timedelta(day)).day > 28:
        day += 4
    interval, subscription, upgrade = (
        ("year" if customer.is_annual else "month"),
        f"sub_{customer.customer_id[5:]}",
        upgrade_day(customer),
    )
    common = {"id": subscription, "customer_id": stripe_id(customer), "created": int(customer.signed * 86400),
        "start_date": day * 86400, "quantity": 1,
              "cancel_at_period_end": False, "price_id": price_id(plan, currency, interval)}  # fmt: skip
    if customer.trial:
        common |= {"trial_start": (day - 14) * 86400, "trial_end": day * 86400}
    stripe.add("stripe_subscriptions", customer.signed, **common,
        status="trialing" if customer.trial else "active", current_period_start=day * 86400,
               current_period_end=next_period(day, customer.is_annual) * 86400)  # fmt: skip
    count = 0
    while day < min(customer.pays_to, end):
        last = next_period(day, customer.is_annual)
        full = stripe.minor(usd * (10 if customer.is_annual else 1), currency)
        lines = [
            (
                price_id(plan, currency, interval),
                PLANS[plan][3],
                full,
                round(full * 0.2) if customer.coupon and count < 3 else 0,
                day,
                last,
                False,
            )
        ]
        if customer.desk:
            lines.append(
                (
                    price_id("desk", currency, interval),
                    "prod_desk",
                    stripe.minor(DESK_USD * (10 if customer.is_annual else 1), currency),
                    0,
                    day,
                    last,
                    False,
                )
            )
        if customer.plan == "business" and count == 0:
            lines.append((None, "prod_setup", stripe.minor(25, currency), 0, day, day, False))
        status = "open" if day > end - 20 and int(customer.customer_id[5:]) % 9 == 0 else "paid"
        stripe.invoice(customer, day, lines, subscription, status)
        if upgrade and day <= upgrade < last and upgrade < end:
            left = (last - upgrade) / (last - day)
            new = stripe.minor(PLANS["pro"][4], currency)
            stripe.invoice(customer, upgrade, [(price_id(plan, currency, interval), PLANS[plan][3],
                -round(full * left), 0, upgrade, last, True),
                                               (price_id("pro", currency, interval), PLANS["pro"][3],
                                                   round(new * left), 0, upgrade, last, True)],
                                                   subscription)  # fmt: skip
            plan, usd = "pro", PLANS["pro"][4]
        day, count = last, count + 1
    if customer.pays_to < end:
        stripe.add("stripe_subscriptions", customer.pays_to, **common | {"price_id": price_id(plan, currency,
            interval)}, status="canceled",
                   canceled_at=int(customer.pays_to) * 86400, ended_at=int(customer.pays_to) * 86400)  # fmt: skip


def special_cases(stripe: Stripe, customers: pd.DataFrame) -> None:
    """Credit notes, refunds, void, draft, uncollectible, test and late paid invoices, charges without an invoice."""
    charges = {charge["invoice_id"]: charge for charge in stripe.tables["stripe_charges"]}
    invoices = [row for row in stripe.tables["stripe_invoices"] if row["status"] == "paid" and row["id"] in charges]
    invoices = [row for row in invoices if row["subtotal"] > 0 and "2025-10" < row["_seen"][:7] < "2026-09"]
    annual = [row for row in invoices if row["period_end"] - row["period_start"] > 300 * 86400]
    monthly = [row for row in invoices if row not in annual]
    picks = iter(monthly[k] for k in range(7, len(monthly), max(1, len(monthly) // 14)))
    both, unlinked, alone, void, bad = (next(picks) for _ in range(5))
    after = {id(row): row["created"] // 86400 + 9 for row in (both, unlinked, alone)}
    stripe.give_back(both, charges[both["id"]], after[id(both)], 1.0, note=True, refund=True)
    stripe.give_back(unlinked, charges[unlinked["id"]], after[id(unlinked)], 0.5, note=True, refund=True, linked=False)
    stripe.give_back(alone, charges[alone["id"]], after[id(alone)], 0.4, note=False, refund=True)
    for row, days in ((annual[0], 120), (next(picks), 12)):  # a note alone
        stripe.give_back(row, charges[row["id"]], row["created"] // 86400 + days, 0.35, note=True, refund=False)
    for row, status in ((void, "void"), (bad, "uncollectible")):
        row |= {"status": status, "amount_paid": 0}
        charges[row["id"]] |= {"status": "failed", "paid": False}
    late = next(picks)
    stripe.add("stripe_invoices", late["created"] / 86400 + 33, **{k: v for k, v in late.items() if k != "_seen"})
    late |= {"status": "open", "amount_paid": 0}  # the file of its month still shows it open
    paying = customers[customers.usd > 0].sort_values("signed")
    first, second = paying.iloc[10], paying.iloc[20]
    day = day_number(date(2026, 5, 6))
    fee = stripe.minor(20, "USD")
    one_off = [(None, "prod_setup", fee, 0, day, day, False)]
    stripe.invoice(first, day, one_off, None, "draft")
    stripe.invoice(second, day, one_off, None, "paid", livemode=False)
    for k, customer in enumerate(
        paying[paying.plan == "pro"].iloc[3:8].itertuples(index=False)
    ):  # token packs, paid without an invoice
        stripe.add("stripe_charges", day + 20 * k, id=f"ch_pack_{k}", customer_id=stripe_id(customer),
            amount=stripe.minor(5, "USD"), amount_refunded=0, currency="usd",
                   created=(day + 20 * k) * 86400, status="failed" if k == 4 else "succeeded", paid=k != 4,
                       livemode=True)  # fmt: skip
    gone = next(
        row
        for row in stripe.tables["stripe_customers"]
        if row["id"] == stripe_id(paying[paying.pays_to < day_number(date(2026, 6, 1))].iloc[0])
    )
    stripe.add(
        "stripe_customers",
        day_number(date(2026, 7, 3)),
        **{**{k: v for k, v in gone.items() if k != "_seen"}, "is_deleted": True},
    )


def write_stripe(writer: Writer, customers: pd.DataFrame, scale: float) -> None:
    """The Stripe tables, and what the billing system says is used and not invoiced yet."""
    stripe = Stripe(scale)
    stripe.catalogue()
    payers = customers[customers.usd > 0].assign(stripe_only=False)
    outsider = payers[payers.plan == "starter"].iloc[0].copy()  # pays, but the CRM has never heard of it
    outsider["customer_id"], outsider["name"], outsider["stripe_only"], outsider["upgrade"] = (
        "acct_9001",
        "Lone Payer",
        True,
        False,
    )
    for customer in [*payers.itertuples(index=False), outsider]:
        bill_customer(stripe, customer)
    special_cases(stripe, customers)
    tell(stripe)
    for table, columns in STRIPE_COLUMNS.items():
        writer.by_month(table, stripe.tables[table], columns)
