"""What the company of `demo_world.py` records beside its calls: outcomes, bills, quality, CRM, spend, Stripe."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from demo_stories import TOLD, tell
from demo_world import (
    BILL_CORRECTED,
    BILL_LINES,
    BILL_MISSING,
    BILL_RATIOS,
    BILLED,
    CHANNELS,
    DAY_US,
    DESK_USD,
    END,
    EVALUATIONS,
    FEATURES,
    FIXED_BILLS,
    FX_START,
    HYPE_MONTH,
    JOBS,
    MODELS,
    MONTHS,
    PLANS,
    PRODUCTS,
    RELEASES,
    USAGE_REPORT,
    day_number,
    micros,
    month_end,
    month_start,
    stamp,
)

if TYPE_CHECKING:
    from demo_company import Writer


def write_outcomes_and_feedback(writer: Writer, runs: pd.DataFrame, customers: pd.DataFrame, seed: int) -> None:
    """Outcomes of workflow runs and thumbs, slowly getting better."""
    names = np.array([*customers.customer_id, None], dtype=object)
    for index, month in enumerate(MONTHS):
        rng, here = np.random.default_rng([seed, 3, index]), runs[runs.month == index]
        last = micros(month_end(month)) - 1_000_000
        customer = np.where(here.who == 0, names[here.customer.to_numpy()], None)
        run_id, feature = [f"run_{run:010x}" for run in here.run], here.feature.to_numpy()
        finished = np.array([f.outcome for f in FEATURES])[feature] & (here.who < 3).to_numpy()
        good = 0.76 + 0.008 * index  # the releases get better
        luck = rng.random(len(here))
        outcome = np.select([luck < good, luck < good + 0.5 * (1 - good)], ["completed", "failed"], "abandoned")
        resolved = np.minimum(
            here.t.to_numpy() + (rng.exponential(0.08, len(here)) * DAY_US).astype(np.int64) + 60_000_000, last
        )
        frame = pd.DataFrame({
            "workflow_run_id": run_id, "workflow": np.array([f.workflow for f in FEATURES],
            dtype=object)[feature], "customer_id": customer,
            "outcome": outcome, "resolved_at": pd.to_datetime(resolved,
            unit="us").strftime("%Y-%m-%dT%H:%M:%SZ")})  # fmt: skip
        writer.rows("workflow_outcomes", month, frame[finished], list(frame.columns))
        thumb = (rng.random(len(here)) < 0.05) & (here.who < 2).to_numpy()
        luck = rng.random(len(here))
        kind = np.select(
            [luck < 0.5 + 0.012 * index, luck < 0.78, luck < 0.88, luck < 0.95],
            ["thumbs_up", "thumbs_down", "retry", "edit"],
            "rating",
        )
        frame = pd.DataFrame({
            "feedback_id": [f"fb_{run:010x}" for run in here.run],
            "request_id": [f"req_{run:010x}" for run in here.run], "customer_id": customer, "kind": kind,
            "value": np.where(kind == "rating", rng.integers(2, 6, len(here)), np.nan),
            "created_at": pd.to_datetime(resolved, unit="us").strftime("%Y-%m-%dT%H:%M:%SZ")})  # fmt: skip
        writer.rows("feedback", month, frame[thumb], list(frame.columns))


def usd_rates(seed: int) -> dict[str, dict[date, float]]:
    """USD per unit on business days from 2024-09 on."""
    rng, rates = np.random.default_rng([seed, 4]), {currency: {} for currency in FX_START}
    for currency, rate in FX_START.items():
        for day in range((END - date(2024, 9, 1)).days):
            on = date(2024, 9, 1) + timedelta(day)
            rate *= 1 + float(rng.normal(0, 0.003))
            if on.weekday() < 5:
                rates[currency][on] = round(rate, 6 if rate > 0.1 else 8)
    return rates


def rate_on(rates: dict[str, dict[date, float]], currency: str, on: date) -> float:
    """The last known rate, at most 7 days back."""
    if currency == "USD":
        return 1.0
    return next(rates[currency][on - timedelta(back)] for back in range(8) if on - timedelta(back) in rates[currency])


def write_rates(writer: Writer, rates: dict[str, dict[date, float]]) -> None:
    """The fx_rates files."""
    rows = [
        {"rate_date": str(on), "currency": currency, "usd_per_unit": f"{rate:.8f}", "_seen": on}
        for currency in rates
        for on, rate in rates[currency].items()
    ]
    writer.by_month("fx_rates", rows, ["rate_date", "currency", "usd_per_unit"])


BILL_COLUMNS = [
    "bill_id",
    "invoice_id",
    "provider",
    "component",
    "period_start",
    "period_end",
    "amount",
    "currency",
    "kind",
    "model",
    "customer_id",
    "feature",
    "description",
]


def write_bills(writer: Writer, ledger: dict, rates: dict, customers: pd.DataFrame, scale: float, seed: int) -> None:
    """Vendor bills, from the computed cost of the calls, the table of other bills and the fine-tuning jobs."""
    rng, rows = np.random.default_rng([seed, 5]), []

    def line(
        month: str,
        provider: str,
        component: str,
        usd: float,
        *,
        kind: str = "usage",
        name: str = "",
        months: int = 1,
        currency: str = "USD",
        **tags: str | None,
    ) -> dict:
        end = month_start(month)
        for _ in range(months):
            end = month_end(str(end)[:7])
        amount = usd / rate_on(rates, currency, min(end, END) - timedelta(1))
        row = {
            "bill_id": f"bill_{provider}_{component}_{month}_{kind}{name}",
            "invoice_id": f"inv_{provider}_{month}", "provider": provider, "component": component,
            "period_start": str(month_start(month)), "period_end": str(end), "amount": f"{amount:.6f}",
            "currency": currency, "kind": kind, "_seen": month_start(month), **tags}  # fmt: skip
        rows.append(row)
        return row

    for (month, provider, component, tag), computed in sorted(ledger["cost"].items(), key=str):
        if provider not in BILLED or computed <= 0 or (provider, month) in BILL_MISSING:
            continue
        ratio = BILL_RATIOS.get((provider, month), 1.0) if component == "llm_api" else 1.0
        usd = computed * ratio * (1 + float(rng.uniform(-0.0008, 0.0008)))
        currency = "EUR" if provider == "azure" else "USD"
        row = line(month, provider, component, usd, name=f"_{tag[-5:]}" if tag else "", model=tag, currency=currency)
        if provider == "azure":
            line(month, provider, component, usd * 0.2, kind="tax", currency="EUR", description="VAT")
        if (provider, month) == BILL_CORRECTED and component == "llm_api" and not tag:
            rows.append({**row, "_seen": month_end(month), "description": "corrected"})
            row["amount"] = f"{usd * 1.1:.6f}"
        for seller, when, kind, share, text in BILL_LINES:
            if (seller, when, component, None) == (provider, month, "llm_api", tag):
                line(month, provider, component, usd * share, kind=kind, description=text)
    for provider, component, usd, since, every, feature, text in FIXED_BILLS:
        for month in MONTHS[MONTHS.index(since) :: every]:
            line(
                month,
                provider,
                component,
                usd * scale * float(rng.uniform(0.95, 1.05)),
                months=every,
                feature=feature,
                description=text,
            )
    for job, _, completed, usd, _, _ in JOBS:
        line(completed[:7], "openai", "fine_tuning", usd * scale, name=f"_{job[-1]}", description=job)
    big = customers[
        (customers.plan == "enterprise") & (customers.signed < day_number(date(2026, 4, 1)))
    ].customer_id.iloc[0]
    for month in MONTHS[8:]:
        line(
            month,
            "helpscout",
            "other_cogs",
            6 * scale,
            name="_dedicated",
            customer_id=big,
            description="dedicated support",
        )
    writer.by_month("ai_bills", rows, BILL_COLUMNS)


def write_usage_report(writer: Writer, ledger: dict) -> None:
    """OpenAI's own usage by day and model (pages of buckets), 9 % above the log in the gap month."""
    if not writer.wants("openai_usage"):
        return
    for month, more in USAGE_REPORT.items():
        buckets = []
        for day in range((month_end(month) - month_start(month)).days):
            start = micros(month_start(month)) // 1_000_000 + day * 86400
            results = [
                {"object": "organization.usage.completions.result", "model": name,
                    "input_tokens": int(sums["tokens_in"][day] * more),
                    "input_cached_tokens": int(sums["cached"][day] * more),
                 "output_tokens": int(sums["tokens_out"][day] * more),
                 "num_model_requests": int(sums["requests"][day] * more)}
                for (when, name),
                    sums in sorted(ledger["usage"].items()) if when == month and sums["requests"][day]]  # fmt: skip
            buckets.append({"object": "bucket", "start_time": start, "end_time": start + 86400, "results": results})
        path = writer.path("openai_usage", month, ".json")
        path.write_text(json.dumps({"object": "page", "data": buckets, "has_more": False}))
        writer.finish(path, path)


def write_quality(writer: Writer, scale: float, seed: int) -> None:
    """Paired evaluations, A/B results, release scores and fine-tuning jobs."""
    rng, names = np.random.default_rng([seed, 6]), {key: name for key, (_, name, _) in MODELS.items()}
    rows = []
    for use_case, expensive, cheap, month, pairs, mean, ratio in EVALUATIONS:
        noise = rng.normal(0, 0.03, (pairs, 3))
        hard = (
            rng.random(pairs) < (1 - ratio) * 1.6
        )  # the cheap model fails on some tasks and equals the dear one on the rest
        high = np.clip(mean + noise[:, 0], 0.05, 1)
        low = np.clip(high * np.where(hard, 0.45, 1.0 + 0.0 * ratio) + noise[:, 1] * 0.6, 0, 1)
        for k in range(pairs):
            five = use_case == "chat"  # graders of chat use 1 to 5
            score = [f"{1 + 4 * value:.1f}" if five else f"{value:.3f}" for value in (high[k], low[k])]
            on = month_start(month) + timedelta(int(k * 27 / pairs))
            rows.append({
                "evaluation_id": f"ev_{use_case}_{cheap}_{k:04d}", "task_id": f"task_{use_case}_{k:04d}",
                "evaluated_at": f"{on}T10:00:00Z", "use_case": use_case,
                "expensive_model": names[expensive], "cheap_model": names[cheap], "expensive_score": score[0],
                "cheap_score": score[1],
                "scale_min": 1 if five else 0, "scale_max": 5 if five else 1,
                "method": "human" if five else "judge", "weight": "1", "_seen": on})  # fmt: skip
    writer.by_month("paired_evaluations", rows, [name for name in rows[0] if name != "_seen"])
    tests = [
        ("ab-draft", "rag", "opus41", "gpt5mini", "2026-03", 0.86, 0.85),
        ("ab-chat", "chat", "gpt5", "luna", "2026-08", 0.82, 0.80),
    ]
    rows = []
    for test, use_case, expensive, cheap, month, high, low in tests:
        for k in range(160):
            for arm, key, mean in (("expensive", expensive, high), ("cheap", cheap, low)):
                moment = f"{month_start(month) + timedelta(k % 28)}T12:{k % 60:02d}:00Z"
                rows.append({
                    "experiment_id": test, "use_case": use_case, "model": names[key], "arm": arm,
                    "observed_at": moment,
                    "score": f"{min(1.0, max(0.0, mean + float(rng.normal(0, 0.12)))):.3f}", "n": 1,
                    "_seen": moment})  # fmt: skip
    for arm, key, mean in (("expensive", "sonnet46", 0.87), ("cheap", "flash", 0.868)):
        rows.append({"experiment_id": "ab-summary", "use_case": "summarisation", "model": names[key],
            "arm": arm, "observed_at": "2026-09-20T00:00:00Z",
                     "score": f"{mean}", "n": 900, "score_stddev": "0.140", "_seen": "2026-09-20"})  # fmt: skip
    writer.by_month(
        "ab_results", rows, ["experiment_id", "use_case", "model", "arm", "observed_at", "score", "n", "score_stddev"]
    )
    rows = [{"release_id": release, "released_at": f"{on}T08:00:00Z", "evaluated_at": f"{on}T07:00:00Z",
        "score": f"{score}", "n": n, "score_stddev": f"{deviation}",
             "cumulative_users": users, "improvement_source": source, "cost_usd": f"{usd * scale:.2f}", "_seen": on}
            for release, on, score, n, deviation, users, source, usd in RELEASES]  # fmt: skip
    writer.by_month("quality_scores", rows, [name for name in rows[0] if name != "_seen"])
    rows = [{"job_id": job, "provider": "openai", "model": names[key], "completed_at": completed,
        "cost": f"{usd * scale:.2f}", "currency": "USD",
             "expected_inferences": max(20, round(count * scale)), "amortisation_months": months,
             "_seen": completed} for job, key, completed, usd, count, months in JOBS]  # fmt: skip
    writer.by_month("finetuning_jobs", rows, [name for name in rows[0] if name != "_seen"])


CRM_COLUMNS = ["customer_id", "customer_name", "workspace_ids", "stripe_customer_id", "signed_up_at",
    "acquisition_channel", "campaign", "segment", "business_model",
               "acquisition_motion", "plan", "seats", "is_internal", "merged_into_customer_id", "churned_at",
               "updated_at"]  # fmt: skip


def stripe_id(customer: pd.Series) -> str:
    """Stripe id of an account."""
    return "cus_WF" + customer.customer_id[5:]


def upgrade_day(customer: pd.Series) -> int | None:
    """Day number of the move from starter to pro: day 12 of the third paid month."""
    day = int(customer.pays_from) + 72 if customer.upgrade else None
    return day if day and day < min(customer.pays_to, day_number(END)) - 20 else None


# Payers that neither Stripe's metadata nor the CRM tells whose they are: as on every first day, a person has to.
UNMATCHED_PAYERS = {"acct_0304", "acct_0364"}


def has_keyless_payer(customer: pd.Series) -> bool:
    """Whether Stripe's metadata does not say which account the payer is."""
    return int(customer.customer_id[5:]) % 20 == 4


def crm_payer(customer: pd.Series, number: int) -> str | None:
    """The payer as the CRM names it: wherever Stripe does not say, but for UNMATCHED_PAYERS, and here and there."""
    if has_keyless_payer(customer):
        return None if customer.customer_id in UNMATCHED_PAYERS else stripe_id(customer)
    return stripe_id(customer) if customer.usd and number % 4 == 0 else None


def write_crm(writer: Writer, customers: pd.DataFrame) -> None:
    """Accounts as first seen, then every change as a newer row."""
    rows, end = [], day_number(END)
    for number, customer in enumerate(customers.itertuples(index=False)):
        workspaces = [f"ws_{customer.customer_id[5:]}"] + (
            [f"ws_{customer.customer_id[5:]}b"] if customer.seats > 30 else []
        )
        row = {
            "customer_id": customer.customer_id, "customer_name": customer.name,
            "workspace_ids": json.dumps(workspaces) if number % 9 == 0 else ";".join(workspaces),
            "stripe_customer_id": crm_payer(customer, number),
            "signed_up_at": stamp(customer.signed),
            "acquisition_channel": customer.channel,
            "campaign": "launch-day" if customer.channel == "producthunt" else None, "segment": customer.segment,
            "business_model": customer.business_model, "acquisition_motion": customer.motion,
            "plan": customer.plan, "seats": customer.seats,
            "is_internal": bool(customer.is_internal), "updated_at": stamp(customer.signed),
            "_seen": stamp(customer.signed)}  # fmt: skip
        rows.append(row)
        changes = []
        if upgrade_day(customer):
            changes.append((upgrade_day(customer), {"plan": "pro"}))
        if customer.merged_into:
            changes.append(
                (day_number(date(2026, 4, 9)) + number % 60, {"merged_into_customer_id": customer.merged_into})
            )
        if customer.pays_to < end:
            changes.append((customer.pays_to, {"churned_at": stamp(customer.pays_to)}))
        for when, change in sorted(changes, key=lambda pair: pair[0]):
            row = {**row, **change, "updated_at": stamp(when + 0.4), "_seen": stamp(when + 0.4)}
            rows.append(row)
    rows += [told.crm_row() for told in TOLD]
    writer.by_month("crm_customers", rows, CRM_COLUMNS)


def write_spend(writer: Writer, scale: float, seed: int) -> None:
    """Media by week, people, agency and tools by month, and the launch."""
    rng, rows = np.random.default_rng([seed, 7]), []

    def spend(
        on: date, channel: str, kind: str, amount: float, currency: str = "USD", campaign: str | None = None
    ) -> dict:
        rows.append(
            {
                "spend_date": str(on),
                "channel": channel,
                "campaign": campaign,
                "spend_kind": kind,
                "amount": f"{amount * scale:.2f}",
                "currency": currency,
                "_seen": on,
            }
        )
        return rows[-1]

    for month in ["2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", *MONTHS]:
        for channel, (_, usd, currency) in CHANNELS.items():
            for week in range(4 if channel and usd else 0):
                spend(
                    month_start(month) + timedelta(week * 7 + 2),
                    channel,
                    "media",
                    usd / 4 * float(rng.uniform(0.8, 1.2)),
                    currency,
                )
        spend(month_end(month) - timedelta(1), "outbound", "people", 70)
        spend(month_end(month) - timedelta(1), "content", "agency", 30)
        spend(month_start(month), "google_ads", "tools", 8)
    for day, amount in ((9, 160), (10, 70), (11, 30)):
        spend(month_start(HYPE_MONTH) + timedelta(day), "producthunt", "media", amount, campaign="launch-day")
    spend(month_start(HYPE_MONTH) + timedelta(12), "producthunt", "agency", 60, campaign="launch-day")
    wrong = next(
        row
        for row in rows
        if row["spend_date"] == "2026-06-10" or (row["_seen"].month == 6 and row["channel"] == "google_ads")
    )
    rows.append(
        {**wrong, "amount": f"{float(wrong['amount']) * 0.9:.2f}", "_seen": date(2026, 7, 2)}
    )  # the platform corrected itself
    writer.by_month(
        "acquisition_spend", rows, ["spend_date", "channel", "campaign", "spend_kind", "amount", "currency"]
    )


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
