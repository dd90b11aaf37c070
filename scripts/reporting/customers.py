"""Who pays for it: margins, heavy use, what a customer costs to win, what a dollar of inference earns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reporting import charts
from reporting.parts import Chart, Key, Section, Table, scorecard_target, still_running, target_key
from reporting.words import NONE, amount, count, is_missing, month, number, percent, plain, short_month, usd

if TYPE_CHECKING:
    from reporting.release import Release

# What the chart of customers draws at most: the largest losses first, then the heaviest users.
DRAWN_CUSTOMERS = 1500
LISTED_CUSTOMERS = 10


def customer_margins(release: Release, shown: str) -> Section:
    """Who costs more than they pay."""
    section = Section(
        "customer-margins",
        "Which customers lose money?",
        "A mark is a paying customer. Further right: more use. Below the black line: cost more than they paid.",
        is_wide=True,
    )
    frame = release.frame("customer_margins")
    if frame.empty:
        section.missing = "No customer has calls or revenue in the month: land call logs and the Stripe tables."
        return section
    paying = frame[frame["gross_margin_ratio"].notna()]
    losing = paying[paying["is_loss_making"]]
    if paying.empty:
        section.title = f"Nobody has paid in {shown}: the cost of {usd(frame['ai_cost_usd'].sum())} stands alone"
    elif losing.empty:
        section.title = f"No paying customer lost money in {shown}"
    else:
        section.title = (
            f"{number(len(losing))} of {count(len(paying), 'paying customer')} lost money in {shown}: "
            f"{usd(losing['gross_profit_usd'].sum())}"
        )
    if paying["successful_inference_count"].sum() == 0:
        section.how_to_read = "Margins are drawn by the use of those who pay: the month has none."
    else:
        users = paying.sort_values("successful_inference_count", ascending=False)
        drawn = pd.concat([losing.head(DRAWN_CUSTOMERS // 3), users]).drop_duplicates("customer_id")
        drawn = drawn.head(DRAWN_CUSTOMERS)
        section.charts.append(
            Chart(
                charts.customer_margins(
                    drawn.drop(columns=["customer_id"]),
                    f"Scatter of customers by use and gross margin, with the zero line. {section.title}.",
                )
            )
        )
        section.keys = [
            Key(charts.BLUE, "circle", "Earns money"),
            Key(charts.VERMILLION, "triangle", "Loses money"),
        ]
        if len(drawn) < len(paying):
            section.notes.append(
                f"Drawn are {number(len(drawn))} of {number(len(paying))}: the largest losses, and who uses most."
            )
        if (paying["gross_margin_ratio"] < charts.LOWEST_MARGIN).any():
            lowest = percent(charts.LOWEST_MARGIN, 0)
            section.notes.append(f"A margin below {lowest} is drawn at {lowest}.")
    free = frame[frame["has_no_revenue"]]
    if not free.empty:
        cost = usd(free["ai_cost_usd"].sum() + free["other_cogs_usd"].sum())
        section.notes.append(
            f"1 customer without revenue has no margin and is not drawn: it cost {cost}."
            if len(free) == 1
            else f"{number(len(free))} customers without revenue have no margin and are not drawn: they cost {cost}."
        )
    worst = frame[frame["is_loss_making"]].head(LISTED_CUSTOMERS)
    if not worst.empty:
        section.tables.append(
            Table(
                ["Customer", "Plan", "Inferences", "Revenue", "AI cost", "Other costs", "Gross profit", "Margin"],
                [
                    [
                        row.customer_name,
                        row.plan,
                        number(row.successful_inference_count),
                        amount(row.revenue_usd),
                        amount(row.ai_cost_usd),
                        amount(row.other_cogs_usd),
                        amount(row.gross_profit_usd),
                        "no revenue" if row.has_no_revenue else percent(row.gross_margin_ratio, 0),
                    ]
                    for row in worst.itertuples()
                ],
                caption=f"The largest losses of {shown}, in USD",
                words=2,
            )
        )
    return section


def usage_deciles(release: Release, shown: str) -> Section:
    """Whether heavy use pays."""
    section = Section(
        "usage-deciles",
        "Does heavy use still pay?",
        "All paying customers in ten equal groups by use. A bar: the group's gross profit over its revenue.",
    )
    frame = release.frame("usage_deciles")
    if frame["successful_inference_count"].sum() == 0:
        section.missing = "No customer with revenue has used it in the month."
        return section
    light, heavy = frame.iloc[0], frame.iloc[-1]
    if len(frame) > 1:
        section.title = (
            f"The heaviest tenth of customers keeps {percent(heavy.gross_margin_ratio, 0)} margin, the lightest "
            f"{percent(light.gross_margin_ratio, 0)}"
        )
    section.charts.append(
        Chart(
            charts.usage_deciles(frame, f"Bars of gross margin by tenth of use in {shown}. {section.title}."),
        )
    )
    if (frame["gross_margin_ratio"] < charts.LOWEST_MARGIN).any():
        section.notes.append(f"A bar below {percent(charts.LOWEST_MARGIN, 0)} ends there; its number is the true one.")
    signals = release.frame("margin_signals")
    for signal, rows in signals.groupby("signal", sort=False):
        scopes = {"all": "over all customers", "usage_decile": "over the tenths", "segment": "between segments"}
        where = ", ".join(scopes.get(scope, scope.replace("segment: ", "in ")) for scope in rows["scope"])
        section.notes.append(f"Signal: {plain(signal)} ({plain(where)}). Consider {rows['action'].iloc[0]}.")
    return section


def inference_efficiency(release: Release) -> Section:
    """What a dollar of inference earns."""
    section = Section(
        "inference-efficiency",
        "What does a dollar of inference earn?",
        "AI revenue over inference cost by month, on the zones the field uses. Dashed: forecast with 95 % interval.",
    )
    frame = release.frame("inference_efficiency")
    actual = frame[~frame["is_forecast"].astype(bool)]
    if not actual["ai_revenue_usd"].any():
        section.missing = (
            "No month has both AI revenue and inference cost: land the Stripe tables and call logs, and say in the "
            "seed product_ai_share which products sell AI."
        )
        return section
    now = (actual[actual["is_complete"]] if actual["is_complete"].any() else actual).iloc[-1]
    earned = f"a dollar of inference earned {usd(now.ier)} of AI revenue"
    section.title = f"In {month(now.period_start_date)} {earned}: {plain(now.zone)}"
    section.charts.append(
        Chart(
            charts.inference_efficiency(
                frame, f"Line of the inference efficiency ratio by month over its zones. {section.title}."
            )
        )
    )
    section.keys = [Key(charts.BLUE, "circle", "Month"), Key(charts.BLUE, "diamond-hollow", "Forecast, 95 % interval")]
    if not is_missing(now.unsubsidised_ier):
        section.notes.append(f"If providers stopped subsidising their prices it would be {usd(now.unsubsidised_ier)}.")
    section.notes += still_running(actual)
    return section


def cohorts(release: Release, scorecard: pd.DataFrame) -> Section:
    """What a customer who stays cost to win."""
    section = Section(
        "cohorts",
        "What does a customer who stays cost to win?",
        "Naive CAC: spend over signups. Adjusted CAC: spend over those still there on day 90. The longer the bar "
        "between them, the more of the growth was hype.",
        is_wide=True,
    )
    frame = release.frame("cohorts")
    if frame.empty:
        section.missing = "No cohort has signups or spend yet: land crm_customers and acquisition_spend."
        return section
    judged = frame[frame["is_mature"] & frame["adjusted_cac_usd"].notna() & frame["naive_cac_usd"].notna()]
    if not judged.empty:
        now = judged.iloc[-1]
        section.title = (
            f"Signups of {month(now.cohort_month_date)} cost {usd(now.naive_cac_usd)} each, those who stayed "
            f"{usd(now.adjusted_cac_usd)}: {number(now.hype_premium, 1)} times as much"
        )
    target_value = scorecard_target(scorecard, "adjusted_cac")
    drawn = frame[frame["naive_cac_usd"].notna() | frame["adjusted_cac_usd"].notna()]
    drawn = drawn[drawn["spend_usd"] > 0]
    if not drawn.empty:
        section.charts.append(
            Chart(
                charts.cohorts(
                    drawn,
                    target_value,
                    f"Naive and adjusted cost of a customer by month of signup, in US dollars. {section.title}.",
                )
            )
        )
        section.keys = [
            Key(charts.ORANGE, "ring", "Naive CAC"),
            Key(charts.BLUE, "diamond", "Adjusted CAC"),
            *target_key(target_value, "usd"),
        ]
    if not frame["is_mature"].all():
        section.notes.append("Cohorts younger than 90 days have no adjusted CAC yet.")
    for row in frame[frame["is_bubble"]].itertuples():
        section.notes.append(
            f"{month(row.cohort_month_date)} looks like a bubble: signups got cheaper and fewer of them stayed, two "
            "cohorts running."
        )
    section.tables.append(
        Table(
            ["Signed up", "Signups", "Stayed", "Spend", "Naive CAC", "Adjusted CAC", "Premium", "Payback, months"],
            [
                [
                    short_month(row.cohort_month_date),
                    number(row.signup_count),
                    number(row.survivor_count) if row.is_mature else NONE,
                    amount(row.spend_usd),
                    amount(row.naive_cac_usd),
                    adjusted(row),
                    NONE if is_missing(row.hype_premium) else f"{number(row.hype_premium, 1)}\N{MULTIPLICATION SIGN}",
                    payback(row),
                ]
                for row in frame[::-1].itertuples()
            ],
            caption="By month of signup, in USD",
        )
    )
    channels = release.frame("channels")
    if not channels.empty:
        section.tables.append(
            Table(
                ["Channel", "Signups", "Stayed", "Spend", "Naive CAC", "Adjusted CAC"],
                [
                    [
                        row.channel,
                        number(row.signup_count),
                        number(row.survivor_count),
                        amount(row.spend_usd),
                        amount(row.naive_cac_usd) if row.spend_usd else "no spend",
                        channel_adjusted(row),
                    ]
                    for row in channels.itertuples()
                ],
                caption="By channel, the mature cohorts among them, in USD",
            )
        )
    return section


def adjusted(row: Any) -> str:  # noqa: ANN401
    """A cohort's adjusted CAC, or why it has none."""
    if row.cohort_status == "immature":
        return "too young"
    if row.cohort_status == "no_spend":
        return "no spend"
    return "nobody stayed" if row.cohort_status == "no_survivors" else amount(row.adjusted_cac_usd)


def channel_adjusted(row: Any) -> str:  # noqa: ANN401
    """A channel's adjusted CAC, or why it has none."""
    if not row.spend_usd:
        return "no spend"
    return amount(row.adjusted_cac_usd) if row.survivor_count else "nobody stayed"


def payback(row: Any) -> str:  # noqa: ANN401
    """A cohort's payback in months, or why it has none."""
    if not is_missing(row.payback_months):
        return number(row.payback_months, 1)
    return "never" if row.payback_status == "never" else NONE
