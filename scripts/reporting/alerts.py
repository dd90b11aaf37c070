"""What needs somebody since the last release: a strip below the scorecard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reporting.words import count, is_missing, long_date, measure, number, plain, usd

if TYPE_CHECKING:
    from reporting.release import Release

SHOWN = 4  # lines of the strip; the others are folded
SENTENCES = {
    "metric_off_target": "{subject} is off target",
    "metric_watch": "{subject} misses its target by little",
    "customer_under_water": "{customer} costs more than it pays",
    "limit_breached": "{customer} is above a limit of its plan{of_feature}",
    "limit_projected": "{customer} is about to pass a limit of its plan{of_feature}",
    "anomaly_customer": "{customer} used far more than usual",
    "anomaly_user": "A user of {customer} used far more than usual",
    "anomaly_feature": "Feature {feature} was used far more than usual",
    "savings_lever": "There is money to save",
    "invoice_untied": "An invoice does not tie: {subject}",
    "unpriced_share": "Too many calls have no price",
    "unattributed_share": "Too much cost is nobody\N{RIGHT SINGLE QUOTATION MARK}s",
    "stale_evidence": "The evidence is too old: {subject}",
    "stale_source": "Nothing came from {subject} while other files did",
    "launch_gate": "Feature {feature} is below the launch gate",
    "unmatched_payer": "{customer} pays, and no account stands for it",
    "vendor_share": "{subject} takes most of the spend",
}


@dataclass
class Finding:
    """One line: what was found, the figures, what to do."""

    words: str
    figures: str
    action: str


@dataclass
class Strip:
    """New findings, and those that are folded: new ones beyond the first, and those of earlier releases."""

    title: str
    new: list[Finding] = field(default_factory=list)
    folded: list[Finding] = field(default_factory=list)
    folded_title: str = ""


def alert_strip(release: Release) -> Strip | None:
    """What is new and what still stands; None where nothing was found."""
    frame = release.frame("alerts")
    if frame.empty:
        return None
    new, standing = int(frame["is_new"].sum()), int((~frame["is_new"]).sum())
    findings = [finding(row) for row in frame.itertuples()]
    shown = min(new, SHOWN)
    folded = [f"{number(new - shown)} more new" if new > shown else ""]
    folded += [f"{number(standing)} of earlier releases" if standing else ""]
    return Strip(
        f"{count(new, 'new finding needs', 'new findings need')} somebody" if new else "Nothing new needs somebody",
        findings[:shown],
        findings[shown:],
        " and ".join(filter(None, folded)),
    )


def finding(row: Any) -> Finding:  # noqa: ANN401
    """A row of the mart in words."""
    words = SENTENCES.get(row.kind, plain(row.kind).capitalize() + ": {subject}").format(
        subject=row.subject,
        customer=row.customer_name or row.subject,
        feature=row.feature or row.subject,
        of_feature=f" for {row.feature}" if row.feature else "",
    )
    return Finding(words, ", ".join(figures(row)), row.action)


def figures(row: Any) -> list[str]:  # noqa: ANN401
    """What was found, since when, and what its dollars are. Those of a payer or a lever are what was found."""
    since = f"since {long_date(row.since_date)}"
    dollars = [] if is_missing(row.dollars_usd) else [f"{usd(row.dollars_usd)} {row.dollars_label}".rstrip()]
    if row.kind == "savings_lever":
        return [*dollars, f"at least {usd(row.measured_value)}"]
    if row.kind == "unmatched_payer":
        return [*dollars, since]
    found = []
    if not is_missing(row.measured_value):
        found = [in_unit(row.measured_value, row.unit)]
        if not is_missing(row.threshold):
            found[0] += f" against {in_unit(row.threshold, row.unit)}"
    is_said = row.unit == "usd" and row.dollars_usd == row.measured_value  # a cost is what was found
    return [*found, since, *([] if is_said else dollars)]


def in_unit(value: float, unit: str) -> str:
    """A value of an alert in its unit."""
    return f"{number(value)} {unit}" if unit in ("days", "inferences") else measure(value, unit)
