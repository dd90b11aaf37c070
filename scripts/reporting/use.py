"""Who uses too much: the limits of plans, and days that stand out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reporting.parts import Section, Table
from reporting.words import NONE, amount, count, is_missing, long_date, month, number, percent, usd

if TYPE_CHECKING:
    import pandas as pd

    from reporting.release import Release

LISTED = 10
DAYS_TO_COMPARE = 8  # the day itself and the seven before it without which usage_anomalies_daily judges nothing
STATUS_WORDS = {
    "hard_breached": "hard, since",
    "hard_projected": "hard, expected",
    "soft_breached": "soft, since",
    "soft_projected": "soft, expected",
}


def plan_limits(release: Release, shown: str) -> Section:
    """Who is above the limits of a plan, and where these should be."""
    section = Section(
        "plan-limits",
        "Who uses more than the plan allows?",
        "Month to date against the limits of the plan, at computed cost. Suggested: what 80 % of the plan's customers "
        "stay within. P90: the customer dearer than nine of ten.",
    )
    plans = release.frame("plan_limits")
    breaches = release.frame("plan_limit_breaches")
    if plans.empty and breaches.empty:
        section.missing = "No plan in use has a limit or a price: fill in seeds/reference/plan_limits.csv."
        return section
    section.title = limits_title(breaches, next(release.frame("release").itertuples()).as_of_date)
    if not breaches.empty:
        section.tables.append(breach_table(breaches))
    if not plans.empty:
        section.tables.append(plan_table(plans, shown))
    section.notes += [too_high(row) for row in plans.itertuples() if lets_losses_through(row)]
    return section


def limits_title(breaches: pd.DataFrame, as_of: Any) -> str:  # noqa: ANN401
    """How many customers are above a limit."""
    hard = breaches[breaches["limit_status"] == "hard_breached"]["customer_name"].nunique()
    ahead = breaches[breaches["limit_status"] == "hard_projected"]["customer_name"].nunique()
    soft = breaches[breaches["limit_status"] == "soft_breached"]["customer_name"].nunique()
    near = breaches[breaches["limit_status"] == "soft_projected"]["customer_name"].nunique()
    found = [
        f"{count(hard, 'customer')} above a hard limit" if hard else "",
        f"{count(ahead, 'customer')} about to pass one" if ahead else "",
        f"{count(soft, 'customer')} above a soft limit, which warns" if soft else "",
        f"{count(near, 'customer')} about to pass a soft one" if near else "",
    ]
    found = [words for words in found if words]
    return f"{month(as_of)}: " + (", ".join(found) or "nobody is above a limit of the plan")


def breach_table(breaches: pd.DataFrame) -> Table:
    """Who is above a limit, or will be."""
    listed = breaches.head(LISTED)
    left = len(breaches) - len(listed)
    return Table(
        ["Customer", "Plan", "Limit of", "Passed", "Tokens", "Cost", "Price"],
        [
            [
                row.customer_name,
                row.plan,
                row.feature or "everything",
                f"{STATUS_WORDS.get(row.limit_status, row.limit_status)} {long_date(row.breach_date)}",
                number(row.tokens),
                amount(row.cost_usd),
                amount(row.monthly_price_usd),
            ]
            for row in listed.itertuples()
        ],
        caption="Above a limit, or about to be, in USD" + (f"; {number(left)} more in the mart" if left else ""),
        words=4,
    )


def plan_table(plans: pd.DataFrame, shown: str) -> Table:
    """The limits of plans beside what their customers use."""
    return Table(
        ["Plan", "Limit of", "Customers", "Above", "Hard limit", "Suggested", "or tokens", "P90 cost", "P90 margin"],
        [
            [
                row.plan,
                row.feature or "everything",
                number(row.customer_count),
                number(row.hard_breach_count),
                limit_words(row),
                NONE if is_missing(row.suggested_limit_usd) else usd(row.suggested_limit_usd),
                number(row.suggested_limit_tokens),
                NONE if is_missing(row.p90_cost_usd) else usd(row.p90_cost_usd),
                percent(row.p90_margin_ratio, 0),
            ]
            for row in plans.itertuples()
        ],
        caption=f"Limits and use of {shown}",
        words=2,
        folded=True,
    )


def limit_words(row: Any) -> str:  # noqa: ANN401
    """A hard limit in tokens, dollars or both."""
    limits = [f"{number(row.hard_limit_tokens)} tokens"] if not is_missing(row.hard_limit_tokens) else []
    limits += [usd(row.hard_limit_usd)] if not is_missing(row.hard_limit_usd) else []
    return ", ".join(limits) or "none"


def lets_losses_through(row: Any) -> bool:  # noqa: ANN401
    """Whether the hard limit of a plan lets a customer cost more than it pays."""
    if is_missing(row.hard_limit_usd) or is_missing(row.monthly_price_usd):
        return False
    return row.hard_limit_usd > row.monthly_price_usd > 0


def too_high(row: Any) -> str:  # noqa: ANN401
    """What a limit that is too high lets through, and what it might be."""
    words = (
        f"The limit of {row.plan} is too high: a customer may cost {usd(row.hard_limit_usd)} a month and pays "
        f"{usd(row.monthly_price_usd)}."
    )
    if is_missing(row.suggested_limit_usd):
        return words
    return (
        f"{words} {usd(row.suggested_limit_usd)} or {number(row.suggested_limit_tokens)} tokens would leave four of "
        "five customers as they are."
    )


def usage_anomalies(release: Release, as_of: Any) -> Section:  # noqa: ANN401
    """Who used or cost many times the usual."""
    section = Section(
        "usage-anomalies",
        "Did anybody run away?",
        "Days far above the usual day, the median of the four weeks before: inferences above 10 times, or computed "
        "cost above 5 times and not small.",
    )
    if is_missing(as_of):
        section.missing = "Without calls nothing stands out: land call logs in landing/inference_events."
        return section
    frame = release.frame("usage_anomalies")
    until = f"in the four weeks to {long_date(as_of)}"
    if frame.empty and release.frame("release")["usage_day_count"].iloc[0] < DAYS_TO_COMPARE:
        section.missing = "A day stands out against at least seven earlier days of use."
        return section
    if frame.empty:
        section.title = f"Nothing stood out {until}"
        return section
    words = {"customer": "customer", "user": "single user", "feature": "feature"}
    subjects = frame.groupby("dimension")["dimension_value"].nunique()
    found = [count(subjects[kind], words[kind]) for kind in words if kind in subjects]
    section.title = f"{' and '.join(found)} used or cost many times the usual {until}"
    listed = frame.head(LISTED)
    section.tables.append(
        Table(
            ["Day", "Who", "What", "That day", "Usual day", "Times", "Cost of the day"],
            [
                [
                    long_date(row.usage_date),
                    subject_words(row),
                    row.measure,
                    amount(row.measured_value) if row.measure == "cost" else number(row.measured_value),
                    amount(row.trailing_median) if row.measure == "cost" else number(row.trailing_median),
                    number(row.multiple, 1),
                    amount(row.computed_cost_usd),
                ]
                for row in listed.itertuples()
            ],
            caption="Days that stand out, the newest first, in USD",
            words=3,
        )
    )
    if len(frame) > len(listed):
        section.notes.append(f"Shown are {number(len(listed))} of {number(len(frame))} findings.")
    return section


def subject_words(row: Any) -> str:  # noqa: ANN401
    """A customer, one of its users, or a feature."""
    return {"feature": f"feature {row.feature}", "user": f"a user of {row.customer_name}"}.get(
        row.dimension, row.customer_name
    )
