"""Stripe's tables of the demo company."""

from __future__ import annotations

from datetime import date

import pandas as pd

from demo.accounts import stripe_id
from demo.world import DESK_USD, PLANS, PRODUCTS, day_number, stamp

STRIPE_COLUMNS = {
    "stripe_customers": ["id", "name", "email", "created", "currency", "metadata", "is_deleted", "livemode"],
    "stripe_products": ["id", "name", "active", "metadata"],
    "stripe_prices": ["id", "product_id", "currency", "unit_amount", "recurring_interval",
    "recurring_interval_count", "recurring_usage_type", "nickname", "meter"],
    "stripe_subscriptions": ["id", "customer_id", "status", "created", "start_date", "current_period_start",
    "current_period_end", "cancel_at_period_end", "canceled_at",
                             "ended_at", "trial_start", "trial_end", "quantity", "price_id",
                             "discount_percent_off", "discount_duration"],
    "stripe_invoices": ["id", "customer_id", "subscription_id", "status", "currency", "created", "total",
    "subtotal", "tax", "amount_paid", "period_start", "period_end", "livemode",
    "marked_uncollectible_at", "starting_balance", "ending_balance"],
    "stripe_invoice_line_items": ["id", "invoice_id", "amount", "discount_amount", "currency", "price_id",
    "product_id", "quantity", "period_start", "period_end", "proration",
                                  "type", "subscription_id", "tax_amount"],
    "stripe_credit_notes": ["id", "invoice_id", "subtotal", "amount", "currency", "created", "status",
    "refund_id", "livemode"],
    "stripe_charges": ["id", "customer_id", "invoice_id", "amount", "amount_refunded", "currency", "created",
    "status", "paid", "livemode"],
    "stripe_refunds": ["id", "charge_id", "amount", "currency", "created", "status", "livemode"],
    "stripe_disputes": ["id", "charge_id", "amount", "currency", "created", "funds_withdrawn_at", "status"],
    "stripe_meter_event_summaries": ["customer_id", "meter", "start_time", "end_time", "aggregated_value"],
    "stripe_credit_grants": ["id", "customer_id", "invoice_id", "category", "amount", "currency",
    "effective_at", "expires_at"],
    "stripe_credit_balance_transactions": ["id", "credit_grant_id", "invoice_id", "type", "amount", "created"],
    "revenue_accruals": ["customer_id", "product_id", "period_start", "period_end", "amount", "currency"],
}  # fmt: skip


class Stripe:
    """Stripe's tables as rows; times are epoch seconds, amounts whole minor units."""

    def __init__(self, scale: float) -> None:
        self.scale, self.tables = scale, {name: [] for name in STRIPE_COLUMNS}

    def add(self, table: str, seen: float, **row: object) -> dict:
        """Appends a row known from day number `seen` on."""
        self.tables[table].append({**row, "_seen": stamp(float(seen))})
        return self.tables[table][-1]

    def minor(self, usd: float, currency: str) -> int:
        """Minor units of a price in USD, at a round rate."""
        return max(1, round(usd * self.scale * (150 if currency == "JPY" else 100)))

    def catalogue(self) -> None:
        """Products and prices."""
        day = day_number(date(2024, 9, 1))
        for product, name in PRODUCTS.items():
            self.add("stripe_products", day, id=product, name=name, active=True, metadata="{}")
        for plan, (_, _, _, product, usd, *_) in [*PLANS.items(), ("desk", (None, None, None, "prod_desk", DESK_USD))]:
            for currency in ("USD", "EUR", "JPY") if usd >= 5 and product != "prod_write" else ("USD",):
                for interval, factor in (("month", 1), ("year", 10)) if usd else ():
                    self.add("stripe_prices", day, id=price_id(plan, currency, interval), product_id=product,
                        currency=currency.lower(), unit_amount=self.minor(usd * factor, currency),
                             recurring_interval=interval, recurring_interval_count=1,
                                 recurring_usage_type="licensed", nickname=plan)  # fmt: skip

    def invoice(
        self,
        customer: pd.Series,
        day: int,
        lines: list[tuple],
        subscription: str | None,
        status: str = "paid",
        livemode: bool = True,
    ) -> tuple[dict, dict]:
        """An invoice with lines (price, product, amount, discount, first day, last day, proration) and its charge."""
        number, currency = len(self.tables["stripe_invoices"]) + 1, customer.currency
        subtotal = sum(amount - discount for _, _, amount, discount, *_ in lines)
        tax = round(subtotal * 0.19) if currency == "EUR" and subtotal > 0 else 0
        paid, second = (subtotal + tax if status == "paid" else 0), day * 86400 + 3600
        invoice = self.add("stripe_invoices", day, id=f"in_{number:05d}", customer_id=stripe_id(customer),
            subscription_id=subscription, status=status, currency=currency.lower(),
                           created=second, total=subtotal + tax, subtotal=subtotal, tax=tax, amount_paid=max(0,
                               paid), period_start=lines[0][4] * 86400,
                           period_end=max(line[5] for line in lines) * 86400, livemode=livemode)  # fmt: skip
        for k, (price, product, amount, discount, first, last, proration) in enumerate(lines):
            self.add("stripe_invoice_line_items", day, id=f"il_{number:05d}_{k}", invoice_id=invoice["id"],
                amount=amount, discount_amount=discount, currency=currency.lower(),
                     price_id=price, product_id=product, quantity=1, period_start=first * 86400,
                         period_end=last * 86400, proration=proration,
                     type="subscription" if subscription else "invoiceitem",
                         subscription_id=subscription)  # fmt: skip
        charge = {}
        if status in ("paid", "uncollectible") and subtotal + tax > 0:
            good = status == "paid"
            charge = self.add("stripe_charges", day, id=f"ch_{number:05d}", customer_id=stripe_id(customer),
                invoice_id=invoice["id"], amount=subtotal + tax, amount_refunded=0,
                              currency=currency.lower(), created=second + 60,
                                  status="succeeded" if good else "failed", paid=good, livemode=livemode)  # fmt: skip
        return invoice, charge

    def give_back(
        self, invoice: dict, charge: dict, day: int, share: float, *, note: bool, refund: bool, linked: bool = True
    ) -> None:
        """A credit note, a refund, or both of the same money."""
        amount, refund_id = round(invoice["total"] * share), f"re_{invoice['id'][3:]}"
        if refund:
            self.add(
                "stripe_refunds",
                day,
                id=refund_id,
                charge_id=charge["id"],
                amount=amount,
                currency=invoice["currency"],
                created=day * 86400 + 7200,
                status="succeeded",
                livemode=True,
            )
            self.add(
                "stripe_charges",
                day,
                **{**{k: v for k, v in charge.items() if k != "_seen"}, "amount_refunded": amount},
            )
        if note:
            self.add("stripe_credit_notes", day, id=f"cn_{invoice['id'][3:]}", invoice_id=invoice["id"],
                subtotal=round(invoice["subtotal"] * share), amount=amount,
                     currency=invoice["currency"], created=day * 86400 + 7100, status="issued",
                         refund_id=refund_id if refund and linked else None, livemode=True)  # fmt: skip


def price_id(plan: str, currency: str, interval: str) -> str:
    """Id of a plan price."""
    return f"price_{plan}_{currency.lower()}_{interval}"
