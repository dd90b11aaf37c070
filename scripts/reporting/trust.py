"""What the figures rest on: bills, coverage, the release itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from reporting.parts import Section, Table
from reporting.words import (
    COMPONENTS,
    COST_STATUSES,
    amount,
    count,
    is_missing,
    long_date,
    month,
    number,
    percent,
    plain,
    short_month,
    usd,
)

if TYPE_CHECKING:
    from reporting.release import Release


def reconciliation(release: Release, shown: str) -> Section:
    """Whether the figures tie to the vendors' bills."""
    section = Section(
        "reconciliation",
        "Do these figures tie to the bills?",
        "Billed = carried by our calls + explained by none, for days that are over. Not billed yet: priced from the "
        "logs until the bill comes. What is billed for days to come, credits and tax stand aside.",
        is_wide=True,
    )
    months = release.frame("reconciliation_months")
    if months.empty:
        section.missing = "No bill and no priced call yet: land ai_bills."
        return section
    lines = release.frame("reconciliation_lines")
    latest = months[months["is_complete"]].iloc[0] if months["is_complete"].any() else months.iloc[0]
    section.title = (
        f"Of {usd(latest.billed_cost_usd)} billed for {month(latest.period_start_date)} our calls carry "
        f"{usd(latest.allocated_cost_usd)}; {usd(latest.unattributed_cost_usd)} no call explains"
    )
    if not months["billed_cost_usd"].any():
        priced = usd(months["uncovered_computed_cost_usd"].sum())
        section.title = f"No vendor's bill has been landed: {priced} is priced from the logs alone"
    section.tables.append(
        Table(
            ["Month", "Billed", "Carried by calls", "By none", "Not billed yet", "Billed ahead", "Credits", "Tax"],
            [
                [
                    short_month(row.period_start_date) + ("" if row.is_complete else " (still running)"),
                    amount(row.billed_cost_usd),
                    amount(row.allocated_cost_usd),
                    amount(row.unattributed_cost_usd),
                    amount(row.uncovered_computed_cost_usd),
                    amount(row.prepaid_usd),
                    amount(row.credit_usd),
                    amount(row.tax_usd),
                ]
                for row in months.itertuples()
            ],
            caption="The last six months, in USD",
        )
    )
    if not lines.empty:
        section.tables.append(
            Table(
                ["Provider", "For", "Our logs", "Billed", "Difference", "Not billed yet", "Verdict"],
                [
                    [
                        row.resolved_provider,
                        COMPONENTS.get(row.component, plain(row.component))
                        + ("" if row.model_tag == "all" else f" ({row.model_tag})"),
                        "shared out" if is_missing(row.computed_cost_usd) else amount(row.computed_cost_usd),
                        amount(row.billed_cost_usd),
                        amount(row.variance_usd),
                        amount(row.uncovered_computed_cost_usd),
                        plain(row.variance_class),
                    ]
                    for row in lines.itertuples()
                ],
                caption=f"Each bill of {shown}, in USD",
                words=2,
                folded=True,
            )
        )
    return section


def trust(release: Release, about: Any) -> Section:  # noqa: ANN401
    """What the page rests on."""
    section = Section(
        "trust",
        "What these figures rest on",
        "One release: every number above comes from it. The inputs' fingerprint changes when any landed file, price or "
        "setting does.",
        is_wide=True,
    )
    versions = ", ".join(f"{package} {version}" for package, version in json.loads(about.versions).items())
    facts = [
        ["Release", about.release_id],
        ["Published", f"{long_date(about.published_at)}, {about.published_at:%H:%M} UTC"],
        ["Figures up to", long_date(about.as_of_date) if not is_missing(about.as_of_date) else "no data yet"],
        ["Fingerprint of the inputs", about.inputs_sha256[:16]],
        ["Made with", versions],
        [
            "Rows landed",
            f"{number(about.landed_row_count)}; "
            + (
                f"{count(about.quarantined_row_count, 'row')} refused, with file, line and reason in raw.quarantine"
                if about.quarantined_row_count
                else "none refused"
            ),
        ],
    ]
    coverage = release.frame("coverage")
    if coverage.empty:
        facts.append(["Coverage", "no calls in the month"])
    else:
        row = coverage.iloc[0]
        shown = month(about.month_date)
        facts += [
            ["Calls without a price", f"{percent(row.unpriced_ratio, 2)} in {shown}"],
            ["AI cost without a customer", f"{percent(row.unattributed_ratio, 2)} in {shown}"],
            ["Costs", f"{COST_STATUSES.get(row.cost_status, plain(row.cost_status))} in {shown}"],
        ]
    facts += open_findings(release)
    section.tables.append(Table(["", ""], facts, words=2))
    restated = release.frame("restatements")
    if restated.empty:
        section.notes.append("No month was restated since the previous release, or this is the first.")
    else:
        section.tables.append(
            Table(
                ["Month", "Cause", "Customers", "Cost, USD", "Revenue, USD"],
                [
                    [
                        short_month(row.period_start_date),
                        plain(row.cause),
                        number(row.customer_count),
                        amount(row.change_usd),
                        amount(row.revenue_change_usd),
                    ]
                    for row in restated.itertuples()
                ],
                caption="Restated since the previous release",
                words=2,
            )
        )
    return section


def open_findings(release: Release) -> list[list[str]]:
    """What a person has to settle, a line each; none when there is nothing."""
    found = release.frame("open_findings")
    if found.empty:
        return []
    row, facts = found.iloc[0], []
    if row.unmatched_payer_count:
        facts.append(
            [
                "Payers the CRM does not know",
                f"{count(row.unmatched_payer_count, 'payer')} with {usd(row.unmatched_revenue_usd)} of revenue may be "
                "accounts that stand here with their cost alone: see unmatched_payers, settle them in "
                "stripe_customer_map",
            ]
        )
    if row.failed_gate_count:
        facts.append(
            [
                "Launch gate",
                f"{count(row.failed_gate_count, 'feature')} below the gate without a mitigation: see "
                "feature_launch_gates",
            ]
        )
    return facts


def coverage(frame: pd.DataFrame, shown: str) -> str:
    """How far the month's figures can be trusted, in a line."""
    if frame.empty:
        return ""
    row = frame.iloc[0]
    parts = [
        "" if is_missing(row.unpriced_ratio) else f"{percent(row.unpriced_ratio, 2)} of calls without a price",
        ""
        if is_missing(row.unattributed_ratio)
        else f"{percent(row.unattributed_ratio, 2)} of AI cost without a customer",
        COST_STATUSES.get(row.cost_status, plain(row.cost_status)),
    ]
    return f"{shown}: " + ", ".join(part for part in parts if part)
