"""What the demo company pays: exchange rates, vendor bills, a vendor's usage report, acquisition spend."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd

from demo.world import (
    BILL_CORRECTED,
    BILL_LINES,
    BILL_MISSING,
    BILL_RATIOS,
    BILLED,
    CHANNELS,
    END,
    FIXED_BILLS,
    FX_START,
    HYPE_MONTH,
    JOBS,
    MONTHS,
    USAGE_REPORT,
    day_number,
    micros,
    month_end,
    month_start,
)
from demo.writer import Writer


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
