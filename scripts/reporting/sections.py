"""What the page says: each section asks one question, finds one sentence in the release, and shows what it rests on.

A section without rows says what is missing. Every number here stands in a mart of the release; sums and shares of such
numbers are the only arithmetic.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from reporting import charts
from reporting.words import (
    COMPONENTS,
    COST_STATUSES,
    NONE,
    STATUSES,
    amount,
    count,
    is_missing,
    long_date,
    measure,
    month,
    number,
    percent,
    plain,
    short_month,
    target,
    usd,
)

if TYPE_CHECKING:
    from reporting.release import Release

# What the chart of customers draws at most: the largest losses first, then the heaviest users.
DRAWN_CUSTOMERS = 1500
LISTED_CUSTOMERS = 10
LISTED_STEPS = 10
# What a tile's number is of, where the number alone does not say it.
UNITS = {
    "adjusted_cac": "a customer",
    "data_flywheel": "per 10,000 users",
    "prompt_efficiency": "tokens",
}


@dataclass
class Table:
    """Rows of text under headers; the columns named in `words` are text, the others numbers. `marked`: rows in bold."""

    headers: list[str]
    rows: list[list[str]]
    caption: str = ""
    words: int = 1
    folded: bool = False


@dataclass
class Chart:
    """A Vega-Lite chart with a heading of its own where a section has several."""

    specification: dict[str, Any]
    heading: str = ""


@dataclass
class Key:
    """One entry of a legend: a colour, a shape (a class of the page's style) and what they mean."""

    colour: str
    shape: str
    meaning: str


@dataclass
class Section:
    """A part of the page. With `missing` set it shows that and nothing else."""

    name: str
    title: str
    how_to_read: str = ""
    charts: list[Chart] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: str = ""
    is_wide: bool = False


@dataclass
class Tile:
    """A measure of the scorecard."""

    metric: str
    name: str
    value: str
    unit: str
    target: str
    before: str
    status: str
    shape: str
    status_words: str
    period: str
    action: str
    missing: str
    trust: str
    spark: Spark | None


@dataclass
class Spark:
    """A line of earlier values in a box of 120 by 30, its last point, the target's height, and the words for it."""

    points: str
    end: tuple[float, float]
    target: float | None
    words: str


@dataclass
class Page:
    """All the template needs."""

    as_of: str
    coverage: str
    lead: str
    tiles: list[Tile]
    tiles_missing: str
    sections: list[Section]
    release_id: str
    is_pseudonymised: bool


def spark(history: pd.DataFrame, target_value: float | None, unit: str) -> Spark | None:
    """The sparkline of a measure; None with fewer than two values."""
    values = history["metric_value"].tolist()
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    has_target = not is_missing(target_value) and low - (high - low) <= target_value <= high + (high - low)
    if has_target:
        low, high = min(low, target_value), max(high, target_value)

    def y(value: float) -> float:
        return round(26 - 22 * (value - low) / (high - low), 1) if high > low else 15

    points = [(round(4 + 112 * place / (len(values) - 1), 1), y(value)) for place, value in enumerate(values)]
    first, last = history["period_start_date"].iloc[0], history["period_start_date"].iloc[-1]
    return Spark(
        " ".join(f"{x},{height}" for x, height in points),
        points[-1],
        y(target_value) if has_target else None,
        f"From {measure(values[0], unit)} on {long_date(first)} to {measure(values[-1], unit)} on {long_date(last)}.",
    )


def tiles(release: Release) -> list[Tile]:
    """The scorecard."""
    history = release.frame("sparklines")
    made = []
    for row in release.frame("scorecard").itertuples():
        shape, words = STATUSES[row.status]
        is_off = row.status in ("off_target", "watch", "undecided")
        trust = [
            f"{percent(row.unpriced_ratio, 2)} of calls unpriced" if row.unpriced_ratio > 0 else "",
            f"{percent(row.unattributed_ratio)} of cost unattributed" if row.unattributed_ratio > 0 else "",
            "estimated in part" if row.cost_status == "estimated" else plain(row.cost_status),
        ]
        made.append(
            Tile(
                metric=row.metric,
                name=row.metric_name,
                value=measure(row.current_value, row.unit).removesuffix(" tokens"),
                unit="" if is_missing(row.current_value) else UNITS.get(row.metric, ""),
                target=target(row.target_value, row.unit, row.direction, row.target_label),
                before=measure(row.previous_value, row.unit),
                status=row.status,
                shape=shape,
                status_words=words,
                period=period(row.cadence, row.period_start_date, row.metric),
                action=row.action if is_off else "",
                missing=row.missing if row.status == "no_data" else "",
                trust=", ".join(part for part in trust if part and part != "none"),
                spark=spark(history[history["metric"] == row.metric], row.target_value, row.unit),
            )
        )
    return made


def period(cadence: str, start: pd.Timestamp | None, metric: str) -> str:
    """What a tile's number is of, in words."""
    if is_missing(start):
        return cadence
    if metric == "adjusted_cac":
        return f"Signups of {month(start)}"
    if metric == "data_flywheel":
        return f"Release of {long_date(start)}"
    if metric == "downgrade_tolerance":
        return f"By the traffic since {long_date(start)}"
    return f"Week of {long_date(start)}" if cadence == "weekly" else month(start)


def lead(made: list[Tile]) -> str:
    """The scorecard in a sentence or two."""
    by_status = {status: [tile.name for tile in made if tile.status == status] for status in STATUSES}
    parts = [f"{number(len(by_status['on_target']))} of {count(len(made), 'measure')} on target."]
    for status in ("off_target", "watch", "undecided", "no_data"):
        if by_status[status]:
            parts.append(f"{STATUSES[status][1]}: {', '.join(by_status[status])}.")
    return " ".join(parts)


def weekly_view(release: Release) -> Section:
    """The seven numbers of the week."""
    section = Section(
        "weekly-view",
        "How was the week?",
        "This week beside the one before and the target. Shares are of AI revenue, inferences or recurring revenue.",
    )
    frame = release.frame("weekly_view")
    if frame.empty:
        section.missing = "No week has calls or revenue yet."
        return section
    start = frame["period_start_date"].iloc[0]
    hit = int((frame["status"] == "on_target").sum())
    aimed = int(frame["status"].isin(["on_target", "watch", "off_target"]).sum())
    section.title = f"Week of {long_date(start)}: {hit} of {aimed} weekly targets met"
    if not frame["is_complete"].all():
        section.notes.append("This week is not over: its numbers still grow.")
    section.tables.append(
        Table(
            ["Measure", "Status", "This week", "Last week", "Target"],
            [
                [
                    row.metric_name,
                    "{} {}".format(*STATUSES[row.status]),
                    measure(row.this_week_value, row.unit),
                    measure(row.last_week_value, row.unit),
                    target(row.target_value, row.unit, row.direction),
                ]
                for row in frame.itertuples()
            ],
            words=2,
        )
    )
    return section


def cost_by_component(release: Release) -> Section:
    """CPI and what it is made of."""
    section = Section(
        "cost-per-inference",
        "What does one inference cost?",
        "Height: the whole AI cost of a month over the inferences it delivered; colours: what the money went to.",
        is_wide=True,
    )
    frame = release.frame("cost_by_component")
    if frame.empty:
        section.missing = "No month has a delivered inference yet: land call logs in landing/inference_events."
        return section
    frame = frame[frame.groupby("component")["component_cents"].transform(lambda parts: (parts != 0).any())]
    months = frame.drop_duplicates("period_start_date")
    complete = months[months["is_complete"]] if months["is_complete"].any() else months
    now, then = complete.iloc[-1], complete.iloc[max(0, len(complete) - 13)]
    section.title = f"One inference cost {usd(now.cpi_cents / 100)} in {month(now.period_start_date)}"
    if len(complete) > 1 and then.cpi_cents > 0:
        change = now.cpi_cents / then.cpi_cents - 1
        section.title += (
            f", {percent(abs(change), 0)} {'less' if change < 0 else 'more'} than in {month(then.period_start_date)}"
        )
    parts = frame[frame["period_start_date"] == now.period_start_date].sort_values("component_cents", ascending=False)
    largest = parts.iloc[0]
    names = {component: COMPONENTS[component] for component in charts.COMPONENT_COLOURS}
    section.charts.append(
        Chart(
            charts.cost_by_component(
                frame,
                names,
                f"Stacked bars of cost per inference by month, in US cents. {section.title}. The largest part is "
                f"{names[largest.component]} with {number(largest.component_cents, 2)} cents.",
            )
        )
    )
    section.keys = [
        Key(colour, "box", names[component])
        for component, colour in charts.COMPONENT_COLOURS.items()
        if component in set(frame["component"])
    ]
    section.notes += still_running(months)
    section.tables.append(component_table(frame, names))
    return section


def component_table(frame: pd.DataFrame, names: dict[str, str]) -> Table:
    """CPI by month and component, in cents."""
    wide = frame.pivot(index="period_start_date", columns="component", values="component_cents").sort_index()
    order = [component for component in names if component in wide.columns]
    totals = frame.drop_duplicates("period_start_date").set_index("period_start_date")
    return Table(
        ["Month", "Inferences", "AI cost, USD", "CPI", *[names[component] for component in order]],
        [
            [
                short_month(day) + ("" if totals.loc[day, "is_complete"] else " (still running)"),
                number(totals.loc[day, "successful_inference_count"]),
                amount(totals.loc[day, "ai_cost_usd"]),
                number(totals.loc[day, "cpi_cents"], 4),
                *[number(parts[component], 4) for component in order],
            ]
            for day, parts in wide[::-1].iterrows()
        ],
        caption="The figures, in US cents per inference",
        folded=True,
    )


def still_running(frame: pd.DataFrame) -> list[str]:
    """A note on months that are not over."""
    running = frame[~frame["is_complete"]]["period_start_date"]
    return [f"{month(day)} still runs; it is drawn pale or hollow." for day in running]


def unit_cost_trend(release: Release, scorecard: pd.DataFrame) -> Section:
    """Our unit cost against the market's."""
    section = Section(
        "unit-cost-trend",
        "Does an inference get cheaper as fast as the market?",
        "Each point: the change against three months before. Below zero is cheaper; below the other line, faster. The "
        "market is our own tokens at list prices.",
    )
    frame = release.frame("unit_cost_trend")
    if frame.empty:
        section.missing = "The trend needs four months with delivered inferences."
        return section
    known = frame[frame["is_complete"] & frame["change_3m_ratio"].notna()]
    if not known.empty:
        now = known.iloc[-1]
        section.title = f"Over three months our unit cost {moved(now.change_3m_ratio)}"
        if not is_missing(now.market_change_3m_ratio):
            section.title += f"; list prices {moved(now.market_change_3m_ratio)}"
        if not is_missing(now.ai_cost_change_1m_ratio) and not is_missing(now.ai_revenue_change_1m_ratio):
            warning = "cost is outgrowing revenue" if now.is_cost_outgrowing_revenue else "revenue keeps ahead of cost"
            section.notes.append(
                f"{month(now.period_start_date)} against the month before: AI cost "
                f"{moved(now.ai_cost_change_1m_ratio)}, AI revenue {moved(now.ai_revenue_change_1m_ratio)}: {warning}."
            )
        if now.evidence_best_ratio < 0:
            section.notes.append(
                f"At the cheapest models our evaluations allow, that month's calls would have cost "
                f"{percent(-now.evidence_best_ratio)} less."
            )
    if frame["market_change_3m_ratio"].isna().any():
        section.notes.append("Where the market line is missing, fewer than 80 % of the tokens had a list price then.")
    target_value = scorecard_target(scorecard, "unit_cost_trend")
    section.charts.append(
        Chart(
            charts.unit_cost_trend(
                frame, target_value, f"Lines of the change over three months, ours and of list prices. {section.title}."
            )
        )
    )
    section.keys = [Key(charts.BLUE, "circle", "Our cost"), Key(charts.ORANGE, "square", "List prices")]
    section.keys += target_key(target_value, "ratio")
    section.notes += still_running(frame)
    return section


def moved(ratio: float) -> str:
    """'fell by 11.4 %'."""
    if abs(ratio) < 0.0005:
        return "did not change"
    return ("fell by " if ratio < 0 else "rose by ") + percent(abs(ratio))


def scorecard_target(scorecard: pd.DataFrame, metric: str) -> float | None:
    """The target of a measure; None without one."""
    found = scorecard.loc[scorecard["metric"] == metric, "target_value"].dropna()
    return None if found.empty else float(found.iloc[0])


def target_key(target_value: float | None, unit: str) -> list[Key]:
    """The legend's entry for a target's line."""
    return [] if target_value is None else [Key(charts.GREEN, "dots", f"Target {measure(target_value, unit)}")]


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
    if not paying.empty:
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
                f"Drawn are {number(len(drawn))} of {number(len(paying))}: the largest losses and the heaviest users."
            )
        if (paying["gross_margin_ratio"] < charts.LOWEST_MARGIN).any():
            lowest = percent(charts.LOWEST_MARGIN, 0)
            section.notes.append(f"A margin below {lowest} is drawn at {lowest}.")
    free = frame[frame["has_no_revenue"]]
    if not free.empty:
        section.notes.append(
            f"{count(len(free), 'customer')} without revenue {'has' if len(free) == 1 else 'have'} no margin and "
            f"{'is' if len(free) == 1 else 'are'} not drawn: together they cost "
            f"{usd(free['ai_cost_usd'].sum() + free['other_cogs_usd'].sum())}."
        )
    worst = frame[frame["is_loss_making"]].head(LISTED_CUSTOMERS)
    if not worst.empty:
        section.tables.append(
            Table(
                ["Customer", "Plan", "Inferences", "Revenue", "AI cost", "Gross profit", "Margin"],
                [
                    [
                        row.customer_name,
                        row.plan,
                        number(row.successful_inference_count),
                        amount(row.revenue_usd),
                        amount(row.ai_cost_usd),
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
    if frame.empty:
        section.missing = "No customer has revenue in the month."
        return section
    light, heavy = frame.iloc[0], frame.iloc[-1]
    if len(frame) > 1:
        section.title = (
            f"The heaviest tenth of users keeps {percent(heavy.gross_margin_ratio, 0)} margin, the lightest "
            f"{percent(light.gross_margin_ratio, 0)}"
        )
    section.charts.append(
        Chart(
            charts.usage_deciles(frame, f"Bars of gross margin by tenth of use in {shown}. {section.title}."),
        )
    )
    signals = release.frame("margin_signals")
    for signal, rows in signals.groupby("signal", sort=False):
        scopes = {"all": "over all customers", "usage_decile": "over the tenths", "segment": "between segments"}
        where = ", ".join(scopes.get(scope, scope.replace("segment: ", "in ")) for scope in rows["scope"])
        section.notes.append(f"Signal: {plain(signal)} ({plain(where)}). Consider {rows['action'].iloc[0]}.")
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
            f"{month(row.cohort_month_date)} looks like a bubble: signups got cheaper while those who stay got dearer, "
            "two cohorts running."
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


def inference_efficiency(release: Release) -> Section:
    """What a dollar of inference earns."""
    section = Section(
        "inference-efficiency",
        "What does a dollar of inference earn?",
        "AI revenue over inference cost by month, on the zones the field uses. Dashed: forecast with 95 % interval.",
    )
    frame = release.frame("inference_efficiency")
    actual = frame[~frame["is_forecast"].astype(bool)]
    if actual.empty:
        section.missing = "No month has both AI revenue and inference cost: land the Stripe tables and call logs."
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


def downgrade_tolerance(release: Release) -> Section:
    """Where a cheaper model does as well."""
    section = Section(
        "downgrade-tolerance",
        "Where would a cheaper model do?",
        "Point: share of answers of the cheaper model as good as the dear one's; line: 95 % interval; pale bar: usual "
        "for such work. Hollow: evidence too old or too thin to count.",
    )
    frame = release.frame("downgrade_tolerance")
    overall, pairs = frame[frame["use_case"] == "all"], frame[frame["use_case"] != "all"].copy()
    if pairs.empty:
        section.missing = "No task was scored on two models yet: land paired_evaluations."
        return section
    saving = overall["monthly_saving_usd"].sum()
    if not overall.empty and not is_missing(overall["safe_traffic_ratio"].iloc[0]):
        section.title = (
            f"{percent(overall['safe_traffic_ratio'].iloc[0], 0)} of the evaluated traffic can move to a cheaper model"
        )
        if saving > 0:
            section.title += (
                f", saving {usd(saving)} a month (at least {usd(overall['monthly_saving_lower_usd'].sum())})"
            )
    pairs["is_usable"] = pairs["is_sufficient"] & ~pairs["is_stale"]
    pairs["row"] = range(len(pairs))
    pairs["label"] = [pair_label(row) for row in pairs.itertuples()]
    targets = pairs["target_ratio"].dropna()
    target_value = None if targets.empty else float(targets.iloc[0])
    section.charts.append(
        Chart(
            charts.downgrade_tolerance(
                pairs,
                target_value,
                f"Tolerance with its interval per use case and pair of models. {section.title}. "
                + "; ".join(pairs["label"]),
            )
        )
    )
    section.keys = [
        Key(charts.BLUE, "circle", "Meets the target"),
        Key(charts.GREY, "diamond", "Undecided"),
        Key(charts.VERMILLION, "triangle", "Misses it"),
        *target_key(target_value, "ratio"),
    ]
    section.tables.append(
        Table(
            ["Use case", "Expensive model", "Cheaper model", "Pairs", "Tolerance", "95 % interval", "Saving a month"],
            [
                [
                    row.use_case,
                    row.expensive_model,
                    row.cheap_model,
                    number(row.pair_count),
                    percent(row.tolerance_ratio),
                    f"{percent(row.lower_ratio)} to {percent(row.upper_ratio)}",
                    usd(row.monthly_saving_usd),
                ]
                for row in pairs.itertuples()
            ],
            caption="The figures",
            words=3,
            folded=True,
        )
    )
    return section


def pair_label(row: Any) -> str:  # noqa: ANN401
    """The words above a pair's interval."""
    doubt = " (too old)" if row.is_stale else "" if row.is_sufficient else f" (only {number(row.pair_count)} pairs)"
    return f"{row.use_case}: {row.expensive_model} \N{RIGHTWARDS ARROW} {row.cheap_model}{doubt}"


def prompt_tokens(release: Release) -> Section:
    """Whether prompts are as long as such work needs."""
    section = Section(
        "prompt-tokens",
        "Are prompts as long as the work needs?",
        "A mark: average tokens of a delivered inference in the week; green bar: the usual band of such work.",
        is_wide=True,
    )
    frame = release.frame("prompt_tokens")
    if frame.empty:
        section.missing = "No inference was served in the week."
        return section
    sides = {side: token_rows(frame, side) for side in ("input", "output")}
    aimed = frame[frame["input_high"].notna() | frame["output_high"].notna()]
    above = {
        use_case
        for rows in sides.values()
        for use_case in rows.loc[rows["place"] == "above the band", "use_case"].tolist()
    }
    week = release.frame("release")["week_date"].iloc[0]
    if not aimed.empty:
        names = [use_case for use_case in aimed["use_case"] if use_case in above]
        section.title = (
            f"Week of {long_date(week)}: {number(len(names))} of {count(len(aimed), 'use case')} "
            f"use{'s' if len(names) == 1 else ''} more tokens than is usual"
            + (f" ({', '.join(names)})" if 0 < len(names) < 4 else "")
        )
    for side, rows in sides.items():
        section.charts.append(
            Chart(
                charts.token_bands(
                    rows, f"Average {side} tokens per use case against the usual band. " + "; ".join(rows["label"])
                ),
                heading=f"{side.capitalize()} tokens",
            )
        )
    section.keys = [
        Key(charts.BLUE, "circle", "In the band"),
        Key(charts.VERMILLION, "triangle-right", "Above it"),
        Key(charts.ORANGE, "triangle-left", "Below it"),
        Key(charts.GREY, "square", "No band known"),
        Key("#cfe8de", "box", "Usual band"),
    ]
    return section


def token_rows(frame: pd.DataFrame, side: str) -> pd.DataFrame:
    """The rows of one token chart."""
    rows = pd.DataFrame(
        {
            "use_case": frame["use_case"],
            "served_inference_count": frame["served_inference_count"],
            "value": frame[f"avg_{side}_tokens"],
            "low": frame[f"{side}_low"].astype("float"),
            "high": frame[f"{side}_high"].astype("float"),
        }
    )
    rows["row"] = range(len(rows))
    rows["place"] = "in the band"
    rows.loc[rows["value"] > rows["high"], "place"] = "above the band"
    rows.loc[rows["value"] < rows["low"], "place"] = "below the band"
    rows.loc[rows["high"].isna(), "place"] = "no band"
    rows["label"] = [f"{row.use_case}: {number(row.value)}, {row.place}" for row in rows.itertuples()]
    return rows


def workflow_steps(release: Release, shown: str) -> Section:
    """Where the spend goes."""
    section = Section(
        "workflow-steps",
        "Where does the spend go?",
        "A bar: AI cost of one step of one workflow in the month. Dark: the few steps that make more than half of it.",
    )
    frame = release.frame("workflow_steps")
    frame = frame[frame["cost_ratio"].notna()]
    if frame.empty:
        section.missing = "No call names a workflow or step, or nothing was spent in the month."
        return section
    frame["is_majority"] = (frame["cost_ratio"].cumsum() - frame["cost_ratio"]) < 0.5
    frame["name"] = frame["workflow"] + " / " + frame["step"]
    majority = frame[frame["is_majority"]]
    section.title = (
        f"{number(len(majority))} of {count(len(frame), 'step')} {'makes' if len(majority) == 1 else 'make'} "
        f"{percent(majority['cost_ratio'].sum(), 0)} of the AI spend of {shown}"
    )
    drawn, rest = frame.head(LISTED_STEPS).copy(), frame.iloc[LISTED_STEPS:]
    drawn["row"] = range(len(drawn))
    drawn["label"] = [f"{row.name}: {usd(row.ai_cost_usd)}, {percent(row.cost_ratio)}" for row in named(drawn)]
    section.charts.append(
        Chart(
            charts.workflow_steps(
                drawn, f"Bars of AI cost by workflow step. {section.title}. " + "; ".join(drawn["label"])
            )
        )
    )
    if not rest.empty:
        section.notes.append(
            f"{count(len(rest), 'smaller step')} together: {usd(rest['ai_cost_usd'].sum())}, "
            f"{percent(rest['cost_ratio'].sum())}."
        )
    workflows = release.frame("workflows")
    section.tables.append(
        Table(
            ["Workflow", "Runs", "Completed", "AI cost", "Per run", "Per completed outcome"],
            [
                [
                    row.workflow,
                    number(row.run_count),
                    NONE if row.outcome_status == "no_completed_outcome" else number(row.completed_outcome_count),
                    usd(row.workflow_cost_usd),
                    usd(row.cost_per_run_usd),
                    usd(row.cost_per_outcome_usd),
                ]
                for row in workflows.itertuples()
            ],
            caption="By workflow; a dash where no outcome was recorded as completed",
            folded=True,
        )
    )
    return section


def named(frame: pd.DataFrame) -> list[Any]:
    """Rows as named tuples, the frame's column `name` among them."""
    return list(frame.itertuples(index=False))


def reconciliation(release: Release, shown: str) -> Section:
    """Whether the figures tie to the vendors' bills."""
    section = Section(
        "reconciliation",
        "Do these figures tie to the bills?",
        "Billed = carried by our calls + explained by none. Not billed yet: priced from the logs until the bill comes. "
        "Credits and tax stand aside.",
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
    section.tables.append(
        Table(
            ["Month", "Billed", "Carried by calls", "By none", "Not billed yet", "Credits", "Tax"],
            [
                [
                    short_month(row.period_start_date) + ("" if row.is_complete else " (still running)"),
                    amount(row.billed_cost_usd),
                    amount(row.allocated_cost_usd),
                    amount(row.unattributed_cost_usd),
                    amount(row.uncovered_computed_cost_usd),
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
            f"{number(about.landed_row_count)}; {count(about.quarantined_row_count, 'row')} refused, with file, line "
            "and reason in raw.quarantine",
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
    section.tables.append(Table(["", ""], facts, words=2))
    restated = release.frame("restatements")
    if restated.empty:
        section.notes.append("No month was restated since the previous release, or this is the first.")
    else:
        section.tables.append(
            Table(
                ["Month", "Cause", "Customers", "Change, USD"],
                [
                    [
                        short_month(row.period_start_date),
                        plain(row.cause),
                        number(row.customer_count),
                        amount(row.change_usd),
                    ]
                    for row in restated.itertuples()
                ],
                caption="Restated since the previous release",
                words=2,
            )
        )
    return section


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


def page(release: Release) -> Page:
    """Everything the page says, in order."""
    about = next(release.frame("release").itertuples())
    shown = NONE if is_missing(about.month_date) else month(about.month_date)
    if not is_missing(about.month_date) and not about.is_month_complete:
        shown += " (still running)"
    scorecard = release.frame("scorecard")
    made = tiles(release)
    return Page(
        as_of="" if is_missing(about.as_of_date) else long_date(about.as_of_date),
        coverage=coverage(release.frame("coverage"), shown),
        lead=lead(made) if made else "",
        tiles=made,
        tiles_missing="" if made else "The scorecard has no rows: nothing was landed yet.",
        sections=[
            weekly_view(release),
            unit_cost_trend(release, scorecard),
            cost_by_component(release),
            customer_margins(release, shown),
            usage_deciles(release, shown),
            inference_efficiency(release),
            cohorts(release, scorecard),
            downgrade_tolerance(release),
            workflow_steps(release, shown),
            prompt_tokens(release),
            reconciliation(release, shown),
            trust(release, about),
        ],
        release_id=about.release_id,
        is_pseudonymised=release.pseudonymise is not None,
    )
