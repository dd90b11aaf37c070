"""The charts: Vega-Lite by Altair, as wide as the page lets them be.

Colours are Okabe and Ito's, which colour-blind people tell apart; what a colour says, a shape, word or place says too.
Rows with long names carry their words above the bar, not beside it: there is no room beside it on a phone.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from components import cost_components

BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
INK, GREY, PALE = "#1f2933", "#7b8794", "#e4e7eb"
# A component past the last colour begins again.
COMPONENT_PALETTE = (BLUE, SKY, PURPLE, GREEN, ORANGE, VERMILLION, "#999999", "#F0E442", "#000000")
COMPONENT_COLOURS = {
    name: COMPONENT_PALETTE[position % len(COMPONENT_PALETTE)] for position, name in enumerate(cost_components())
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
ROW_HEIGHT = 46
LOWEST_MARGIN = -2  # what lies lower is drawn here

alt.data_transformers.disable_max_rows()


def specification(chart: alt.LayerChart | alt.Chart, height: int, alternative_text: str) -> dict[str, Any]:
    """The chart as Vega-Lite, with the page's look."""
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": "#52606d",
        "titleColor": "#52606d",
        "gridColor": "#eef0f3",
        "domainColor": "#cbd2d9",
        "tickColor": "#cbd2d9",
        "labelPadding": 6,
        "titlePadding": 10,
    }
    return (
        chart.properties(width="container", height=height, description=alternative_text, background="transparent")
        .configure(font=FONT, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure_axis(**axis)
        .configure_view(stroke=None)
        .configure_text(font=FONT, fontSize=12, color=INK)
        .to_dict()
    )


def month_axis(months: list[str], title: str | None = None) -> alt.X:
    """A place for each month, also for one without data: a gap shows as a gap. Text, so that no time zone moves it."""
    return alt.X(
        "month:O",
        title=title,
        scale=alt.Scale(domain=months),
        axis=alt.Axis(
            labelOverlap="greedy", labelSeparation=10, labelAngle=0, labelBound=True, grid=False, ticks=False
        ),
    )


def by_month(frame: pd.DataFrame, column: str) -> tuple[pd.DataFrame, list[str]]:
    """The frame with its dates as text in `month`, and every month from its first to its last, at least six."""
    days = pd.to_datetime(frame[column])
    first = min(days.min(), days.max() - pd.DateOffset(months=5))
    months = pd.date_range(first, days.max(), freq="MS").strftime("%b %y").tolist()
    return frame.assign(month=days.dt.strftime("%b %y")).drop(columns=[column]), months


def rule_at(value: float, axis: str = "y", **mark: Any) -> alt.Chart:  # noqa: ANN401
    """A line across the chart at a value."""
    encoding = {axis: alt.datum(value)}
    return alt.Chart().mark_rule(**mark).encode(**encoding)


def full_or_hollow(
    base: alt.Chart,
    frame: pd.DataFrame,
    condition: str,
    size: int = 80,
    **mark: Any,  # noqa: ANN401
) -> list[alt.Chart]:
    """Points: full where the column is true, hollow where it is not (a month that still runs, evidence too thin)."""
    looks = {True: {"filled": True}, False: {"fill": "white", "strokeWidth": 2}}
    # A layer without rows would have a scale without an extent.
    return [
        base.transform_filter(f"datum.{condition} === {str(value).lower()}").mark_point(
            size=size, opacity=1, **look, **mark
        )
        for value, look in looks.items()
        if (frame[condition] == value).any()
    ]


def cost_by_component(frame: pd.DataFrame, names: dict[str, str], alternative_text: str) -> dict[str, Any]:
    """Stacked months; a month that still runs is pale."""
    frame, months = by_month(frame, "period_start_date")
    order = [component for component in COMPONENT_COLOURS if component in set(frame["component"])]
    frame["name"] = frame["component"].map(names)
    frame["rank"] = frame["component"].map(order.index)
    frame["month_state"] = frame["is_complete"].map({True: "complete", False: "still running"})
    bars = (
        alt.Chart(frame)
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            month_axis(months),
            alt.Y("component_cents:Q", stack="zero", title="US cents per inference", axis=alt.Axis(tickCount=5)),
            alt.Color(
                "name:N",
                legend=None,
                scale=alt.Scale(
                    domain=[names[component] for component in order],
                    range=[COMPONENT_COLOURS[component] for component in order],
                ),
            ),
            alt.Order("rank:Q"),
            opacity=alt.condition("datum.is_complete", alt.value(1), alt.value(0.4)),
            tooltip=[
                alt.Tooltip("month:N", title="Month"),
                alt.Tooltip("name:N", title="Part"),
                alt.Tooltip("component_cents:Q", title="US cents per inference", format=".6f"),
                alt.Tooltip("cpi_cents:Q", title="All parts, US cents", format=".6f"),
                alt.Tooltip("successful_inference_count:Q", title="Inferences", format=","),
                alt.Tooltip("month_state:N", title="Month is"),
            ],
        )
    )
    # A correction may be a negative part: the words stand above what is stacked, not at the sum.
    tops = frame["component_cents"].clip(lower=0).groupby(frame["month"]).transform("sum")
    totals = frame.assign(top_cents=tops).drop_duplicates("month")
    ends = totals.iloc[sorted({0, len(totals) - 1})]
    labels = (
        alt.Chart(ends)
        .mark_text(dy=-9, fontWeight="bold")
        .encode(
            alt.X("month:O"),
            alt.Y("top_cents:Q"),
            alt.Text("cpi_cents:Q", format=".2f"),
        )
    )
    return specification(alt.layer(bars, labels), 260, alternative_text)


def unit_cost_trend(frame: pd.DataFrame, target: float | None, alternative_text: str) -> dict[str, Any]:
    """Two lines round zero: our change over three months and the market's."""
    frame, months = by_month(frame, "period_start_date")
    long = frame.melt(
        id_vars=["month", "is_complete"],
        value_vars=["change_3m_ratio", "market_change_3m_ratio"],
        var_name="series",
        value_name="change_ratio",
    ).dropna(subset=["change_ratio"])
    series = ["Our cost", "List prices"]
    long["series"] = long["series"].map(dict(zip(["change_3m_ratio", "market_change_3m_ratio"], series, strict=True)))
    base = alt.Chart(long).encode(
        month_axis(months),
        alt.Y("change_ratio:Q", title="change over three months", axis=alt.Axis(format=".0%", tickCount=6)),
        alt.Color("series:N", legend=None, scale=alt.Scale(domain=series, range=[BLUE, ORANGE])),
    )
    lines = base.mark_line(strokeWidth=2.5).encode(
        alt.StrokeDash("series:N", legend=None, scale=alt.Scale(domain=series, range=[[1, 0], [6, 4]]))
    )
    points = full_or_hollow(
        base.encode(
            alt.Shape("series:N", legend=None, scale=alt.Scale(domain=series, range=["circle", "square"])),
            tooltip=[
                alt.Tooltip("month:N", title="Month"),
                alt.Tooltip("series:N", title="Of"),
                alt.Tooltip("change_ratio:Q", title="Change over three months", format="+.4%"),
            ],
        ),
        long,
        "is_complete",
    )
    layers = [rule_at(0, color=INK, strokeWidth=1.2)]
    if target is not None:
        layers.append(rule_at(target, color=GREEN, strokeDash=[2, 3], strokeWidth=2))
    return specification(alt.layer(*layers, lines, *points, data=long), 250, alternative_text)


def customer_margins(frame: pd.DataFrame, alternative_text: str) -> dict[str, Any]:
    """A mark per customer: use against margin; below the zero line it costs more than it pays."""
    frame = frame.assign(
        drawn_margin=frame["gross_margin_ratio"].clip(lower=LOWEST_MARGIN),
        drawn_use=frame["successful_inference_count"].clip(lower=1),
        side=(frame["gross_margin_ratio"] < 0).map({True: "loses money", False: "earns money"}),
    )
    sides = ["earns money", "loses money"]
    lowest = float(min(frame["drawn_margin"].min(), 0))
    marks = (
        alt.Chart(frame)
        .mark_point(filled=True, opacity=0.8, stroke="white", strokeWidth=0.6)
        .encode(
            alt.X(
                "drawn_use:Q",
                title="inferences, each step ten times more",
                scale=alt.Scale(type="log", nice=False, padding=12),
                axis=alt.Axis(format=",", values=[10**power for power in range(10)], grid=False),
            ),
            alt.Y(
                "drawn_margin:Q",
                title="gross margin",
                scale=alt.Scale(domain=[lowest - 0.08, 1.05], nice=False),
                axis=alt.Axis(format=".0%", tickCount=7),
            ),
            alt.Color("side:N", legend=None, scale=alt.Scale(domain=sides, range=[BLUE, VERMILLION])),
            alt.Shape("side:N", legend=None, scale=alt.Scale(domain=sides, range=["circle", "triangle-down"])),
            size=alt.condition("datum.gross_margin_ratio < 0", alt.value(130), alt.value(55)),
            tooltip=[
                alt.Tooltip("customer_name:N", title="Customer"),
                alt.Tooltip("plan:N", title="Plan"),
                alt.Tooltip("successful_inference_count:Q", title="Inferences", format=","),
                alt.Tooltip("revenue_usd:Q", title="Revenue, USD", format=",.6f"),
                alt.Tooltip("ai_cost_usd:Q", title="AI cost, USD", format=",.6f"),
                alt.Tooltip("other_cogs_usd:Q", title="Other cost of sales, USD", format=",.6f"),
                alt.Tooltip("gross_profit_usd:Q", title="Gross profit, USD", format=",.6f"),
                alt.Tooltip("gross_margin_ratio:Q", title="Gross margin", format=".2%"),
            ],
        )
    )
    zero = rule_at(0, color=INK, strokeWidth=1.5)
    return specification(alt.layer(marks, zero, data=frame), 300, alternative_text)


def usage_deciles(frame: pd.DataFrame, alternative_text: str) -> dict[str, Any]:
    """A bar per tenth of the customers, from the lightest users to the heaviest."""
    # The sign of percent is on the axis: ten labels with it collide on a phone.
    frame = frame.assign(
        drawn_margin=frame["gross_margin_ratio"].clip(lower=LOWEST_MARGIN),
        margin_percent=frame["gross_margin_ratio"] * 100,
    )
    lowest = float(min(frame["drawn_margin"].min() * 1.1, 0))
    base = alt.Chart(frame).encode(
        alt.X(
            "usage_decile:O",
            title="lightest tenth → heaviest tenth",
            axis=alt.Axis(labelAngle=0, ticks=False),
        )
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        alt.Y(
            "drawn_margin:Q",
            title="gross margin",
            scale=alt.Scale(domain=[lowest, 1.05], nice=False),
            axis=alt.Axis(format=".0%", tickCount=5),
        ),
        color=alt.condition("datum.gross_margin_ratio < 0", alt.value(VERMILLION), alt.value(BLUE)),
        tooltip=[
            alt.Tooltip("usage_decile:O", title="Tenth"),
            alt.Tooltip("customer_count:Q", title="Customers", format=","),
            alt.Tooltip("successful_inference_count:Q", title="Inferences", format=","),
            alt.Tooltip("revenue_usd:Q", title="Revenue, USD", format=",.6f"),
            alt.Tooltip("gross_profit_usd:Q", title="Gross profit, USD", format=",.6f"),
            alt.Tooltip("gross_margin_ratio:Q", title="Gross margin", format=".2%"),
        ],
    )
    labels = base.mark_text(fontSize=11, dy=alt.expr("datum.gross_margin_ratio < 0 ? 9 : -8")).encode(
        alt.Y("drawn_margin:Q"),
        alt.Text("margin_percent:Q", format=".0f"),
    )
    return specification(
        alt.layer(bars, labels, rule_at(0, color=INK, strokeWidth=1.2), data=frame), 260, alternative_text
    )


def cohorts(frame: pd.DataFrame, target: float | None, alternative_text: str) -> dict[str, Any]:
    """Per month of signup what a signup cost and what a customer who stayed cost; the gap is the hype."""
    frame, months = by_month(frame, "cohort_month_date")
    base = alt.Chart(frame).encode(month_axis(months))
    tips = [
        alt.Tooltip("month:N", title="Signed up in"),
        alt.Tooltip("signup_count:Q", title="Signups", format=","),
        alt.Tooltip("survivor_count:Q", title="Still there at day 90", format=","),
        alt.Tooltip("spend_usd:Q", title="Spend, USD", format=",.2f"),
        alt.Tooltip("naive_cac_usd:Q", title="Naive CAC, USD", format=",.6f"),
        alt.Tooltip("adjusted_cac_usd:Q", title="Adjusted CAC, USD", format=",.6f"),
        alt.Tooltip("hype_premium:Q", title="Hype premium", format=",.4f"),
        alt.Tooltip("cohort_status:N", title="Cohort is"),
    ]
    costs = [cost for cost in (*frame["naive_cac_usd"], *frame["adjusted_cac_usd"], target) if cost and cost > 0]
    scale = alt.Scale(type="log", domain=[min(costs) * 0.7, max(costs) * 1.4], nice=False)
    steps = [step * 10**power for power in range(-2, 7) for step in (1, 2, 5)]
    axis = alt.Axis(format="$,~r", values=steps, labelOverlap="greedy")
    y = alt.Y("naive_cac_usd:Q", scale=scale, axis=axis, title="US dollars, logarithmic")
    gaps = base.mark_rule(color="#cbd2d9", strokeWidth=3).encode(y, alt.Y2("adjusted_cac_usd:Q"))
    naive = base.mark_point(size=80, shape="circle", color=ORANGE, fill="white", strokeWidth=2.2, opacity=1).encode(
        y, tooltip=tips
    )
    adjusted = base.mark_point(size=100, shape="diamond", color=BLUE, filled=True, opacity=1).encode(
        alt.Y("adjusted_cac_usd:Q", scale=scale), tooltip=tips
    )
    layers = [gaps.transform_filter("isValid(datum.adjusted_cac_usd) && isValid(datum.naive_cac_usd)")]
    if target is not None:
        layers.append(rule_at(target, color=GREEN, strokeDash=[2, 3], strokeWidth=2))
    return specification(alt.layer(*layers, naive, adjusted, data=frame), 250, alternative_text)


def inference_efficiency(frame: pd.DataFrame, alternative_text: str) -> dict[str, Any]:
    """IER over its zones, with the forecast and its interval."""
    bounds = frame.iloc[0]
    frame, months = by_month(frame, "period_start_date")
    top = 1.12 * float(max(frame[["ier", "ier_high"]].max().max(), bounds["healthy_from_ier"]))
    bottom = float(min(frame["ier"].min(), 0))
    zones = pd.DataFrame(
        [
            ("warning", bottom, bounds["warning_below_ier"], "#f7d9c4"),
            ("below the floor", bounds["warning_below_ier"], bounds["floor_ier"], "#fbeccb"),
            ("at the floor", bounds["floor_ier"], bounds["healthy_from_ier"], "#eef3f7"),
            ("healthy", bounds["healthy_from_ier"], top, "#dcefe8"),
        ],
        columns=["zone", "from", "to", "colour"],
    ).dropna()
    bands = (
        alt.Chart(zones)
        .mark_rect()
        .encode(alt.Y("from:Q"), alt.Y2("to:Q"), color=alt.Color("colour:N", scale=None, legend=None))
    )
    names = (
        alt.Chart(zones)
        .mark_text(align="left", baseline="top", dy=5, fontSize=11, color="#52606d", fontStyle="italic")
        .encode(y=alt.Y("to:Q"), x=alt.value(6), text="zone:N")
    )
    base = alt.Chart(frame).encode(month_axis(months))
    y = alt.Y(
        "ier:Q",
        title="AI revenue per dollar of inference",
        scale=alt.Scale(domain=[bottom, top], nice=False),
        axis=alt.Axis(grid=False, tickCount=6),
    )
    tips = [
        alt.Tooltip("month:N", title="Month"),
        alt.Tooltip("ier:Q", title="IER", format=".6f"),
        alt.Tooltip("ier_low:Q", title="Forecast, low", format=".6f"),
        alt.Tooltip("ier_high:Q", title="Forecast, high", format=".6f"),
        alt.Tooltip("ai_revenue_usd:Q", title="AI revenue, USD", format=",.6f"),
        alt.Tooltip("inference_cost_usd:Q", title="Inference cost, USD", format=",.6f"),
        alt.Tooltip("zone:N", title="Zone"),
        alt.Tooltip("is_forecast:N", title="Is a forecast"),
    ]
    actual = base.transform_filter("!datum.is_forecast")
    forecast = base.transform_filter("datum.is_forecast")
    layers = [bands, names]
    if frame["is_forecast"].any():
        layers += [
            forecast.mark_rule(color=BLUE, strokeWidth=7, opacity=0.25).encode(
                alt.Y("ier_low:Q"), alt.Y2("ier_high:Q")
            ),
            forecast.mark_line(color=BLUE, strokeDash=[3, 4], strokeWidth=2).encode(y),
            forecast.mark_point(color=BLUE, fill="white", size=70, shape="diamond", strokeWidth=2).encode(
                y, tooltip=tips
            ),
        ]
    layers += [
        actual.mark_line(color=BLUE, strokeWidth=2.5).encode(y),
        *full_or_hollow(
            actual.encode(y, tooltip=tips),
            frame[~frame["is_forecast"].astype(bool)],
            "is_complete",
            size=70,
            color=BLUE,
        ),
    ]
    return specification(alt.layer(*layers, data=frame), 290, alternative_text)


def rows(
    frame: pd.DataFrame, x_title: str, x_format: str, x_domain: list[float]
) -> tuple[alt.Chart, alt.X, alt.LayerChart]:
    """What the charts of named rows share: the rows (column `label`), the x axis, and the words above each row."""
    base = alt.Chart(frame).encode(alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.1, paddingOuter=0.1)))
    x = alt.X(
        "value:Q",
        title=x_title,
        scale=alt.Scale(domain=x_domain, nice=False),
        axis=alt.Axis(format=x_format, tickCount=5),
    )
    place = {"align": "left", "baseline": "middle", "dy": -11, "fontSize": 12, "limit": alt.expr("width - 4")}
    halo = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}  # a target's line must not strike the words out
    words = [base.mark_text(**place, **look).encode(x=alt.value(2), text=alt.Text("label:N")) for look in (halo, {})]
    return base, x, alt.layer(*words)


def cpi_bridge(frame: pd.DataFrame, alternative_text: str) -> dict[str, Any]:
    """A waterfall lying down: a bar per effect from the cost so far to the cost with it, a line at either month's."""
    lowest, highest = (float(f(frame["end"])) for f in (min, max))
    space = (highest - lowest) * 0.04 or abs(highest) * 0.1 or 1
    base, _, words = rows(frame, "", ".2f", [lowest - space, highest + space])
    x = alt.X(
        "start:Q",
        title="US cents per inference",
        scale=alt.Scale(domain=[lowest - space, highest + space], nice=False),
        axis=alt.Axis(format=",~r", tickCount=5),
    )
    tips = [
        alt.Tooltip("name:N", title="Effect"),
        alt.Tooltip("change_cents:Q", title="Change, US cents", format="+.6f"),
        alt.Tooltip("end:Q", title="Cost with it, US cents", format=".6f"),
    ]
    kinds = ["cheaper", "dearer"]
    bars = (
        base.transform_filter("datum.kind !== 'cost'")
        .mark_bar(height=14, yOffset=9, cornerRadius=1)
        .encode(
            x,
            alt.X2("end:Q"),
            alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[BLUE, VERMILLION])),
            tooltip=tips,
        )
    )
    months = (
        base.transform_filter("datum.kind === 'cost'")
        .mark_tick(orient="vertical", thickness=4, size=22, yOffset=9, color=INK, opacity=1)
        .encode(alt.X("end:Q"), tooltip=tips[:1] + tips[2:])
    )
    return specification(alt.layer(bars, months, words, data=frame), ROW_HEIGHT * len(frame), alternative_text)


def downgrade_tolerance(frame: pd.DataFrame, target: float | None, alternative_text: str) -> dict[str, Any]:
    """A point with its interval per pair of models; the pale bar is what is usual for such work."""
    frame = frame.rename(columns={"tolerance_ratio": "value"})
    frame["last_evidence_date"] = pd.to_datetime(frame["last_evidence_date"]).dt.strftime("%d %B %Y")
    base, x, words = rows(frame, "answers of the cheaper model that are as good", ".0%", [0, 1])
    verdicts, shapes = ["met", "undecided", "missed"], ["circle", "diamond", "triangle-down"]
    usual = base.mark_bar(color="#dde3ea", height=12, yOffset=9).encode(
        alt.X("typical_low_ratio:Q"), alt.X2("typical_high_ratio:Q")
    )
    intervals = base.mark_rule(strokeWidth=2.5, yOffset=9, color=INK).encode(
        alt.X("lower_ratio:Q"), alt.X2("upper_ratio:Q")
    )
    points = base.encode(
        x,
        alt.Shape("verdict:N", legend=None, scale=alt.Scale(domain=verdicts, range=shapes)),
        alt.Color("verdict:N", legend=None, scale=alt.Scale(domain=verdicts, range=[BLUE, GREY, VERMILLION])),
        tooltip=[
            alt.Tooltip("use_case:N", title="Use case"),
            alt.Tooltip("expensive_model:N", title="Expensive model"),
            alt.Tooltip("cheap_model:N", title="Cheaper model"),
            alt.Tooltip("value:Q", title="Tolerance", format=".4%"),
            alt.Tooltip("lower_ratio:Q", title="95 % interval, low", format=".4%"),
            alt.Tooltip("upper_ratio:Q", title="95 % interval, high", format=".4%"),
            alt.Tooltip("pair_count:Q", title="Pairs", format=","),
            alt.Tooltip("verdict:N", title="Against the target"),
            alt.Tooltip("decision:N", title="Decision by quality kept"),
            alt.Tooltip("last_evidence_date:N", title="Last evaluated"),
            alt.Tooltip("monthly_saving_usd:Q", title="Saving a month, USD", format=",.6f"),
        ],
    )
    layers = [usual]
    if target is not None:
        layers.append(rule_at(target, "x", color=GREEN, strokeDash=[2, 3], strokeWidth=2))
    points = full_or_hollow(points, frame, "is_usable", size=110, yOffset=9)
    chart = alt.layer(*layers, intervals, *points, words, data=frame)
    return specification(chart, ROW_HEIGHT * len(frame), alternative_text)


def token_bands(frame: pd.DataFrame, alternative_text: str) -> dict[str, Any]:
    """A point per use case on its usual band of tokens (columns value, low, high, place)."""
    highest = float(frame[["value", "high"]].max().max()) * 1.05
    base, x, words = rows(frame, "tokens per inference", ",d", [0, highest])
    places = ["in the band", "above the band", "below the band", "no band"]
    band = base.mark_bar(color="#cfe8de", height=12, yOffset=9).encode(alt.X("low:Q"), alt.X2("high:Q"))
    points = base.mark_point(size=110, yOffset=9, filled=True, opacity=1).encode(
        x,
        alt.Shape(
            "place:N",
            legend=None,
            scale=alt.Scale(domain=places, range=["circle", "triangle-right", "triangle-left", "square"]),
        ),
        alt.Color("place:N", legend=None, scale=alt.Scale(domain=places, range=[BLUE, VERMILLION, ORANGE, GREY])),
        tooltip=[
            alt.Tooltip("use_case:N", title="Use case"),
            alt.Tooltip("value:Q", title="Tokens per inference", format=",.4f"),
            alt.Tooltip("low:Q", title="Usual from", format=","),
            alt.Tooltip("high:Q", title="Usual to", format=","),
            alt.Tooltip("served_inference_count:Q", title="Inferences", format=","),
        ],
    )
    return specification(alt.layer(band, points, words, data=frame), ROW_HEIGHT * len(frame), alternative_text)


def workflow_steps(frame: pd.DataFrame, alternative_text: str) -> dict[str, Any]:
    """A bar per step, the dearest first; the few that make the majority are dark."""
    frame = frame.rename(columns={"ai_cost_usd": "value"})
    domain = [float(min(frame["value"].min(), 0)), float(max(frame["value"].max(), 0)) * 1.02]
    base, x, words = rows(frame, "US dollars in the month", "$,~r", domain)
    bars = base.mark_bar(height=14, yOffset=9, cornerRadiusEnd=2).encode(
        x,
        alt.X2(datum=0),
        color=alt.condition("datum.is_majority", alt.value(BLUE), alt.value("#a9c6da")),
        tooltip=[
            alt.Tooltip("name:N", title="Workflow and step"),
            alt.Tooltip("value:Q", title="AI cost, USD", format=",.6f"),
            alt.Tooltip("cost_ratio:Q", title="Share of AI cost", format=".4%"),
            alt.Tooltip("call_count:Q", title="Calls", format=","),
        ],
    )
    return specification(alt.layer(bars, words, data=frame), ROW_HEIGHT * len(frame), alternative_text)
