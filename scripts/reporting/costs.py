"""What an inference costs, how that moves, and where the money goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reporting import charts
from reporting.parts import Chart, Key, Section, Table, scorecard_target, still_running, target_key
from reporting.words import (
    COMPONENTS,
    NONE,
    amount,
    count,
    is_missing,
    long_date,
    month,
    number,
    percent,
    short_month,
    usd,
)

if TYPE_CHECKING:
    from reporting.release import Release

LISTED_STEPS = 10


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
    opening = "One inference cost" if now.is_complete else "So far one inference cost"
    section.title = f"{opening} {usd(now.cpi_cents / 100)} in {month(now.period_start_date)}"
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


def unit_cost_trend(release: Release, scorecard: pd.DataFrame) -> Section:
    """Our unit cost against the market's."""
    section = Section(
        "unit-cost-trend",
        "Does an inference get cheaper as fast as the market?",
        "Each point: the change against three months before. Below zero is cheaper; below the other line, faster. The "
        "market is our own tokens at list prices of each month's last day: a cut on the 30th is in that month's line, "
        "and in the next month's cost.",
    )
    frame = release.frame("unit_cost_trend")
    if frame["change_3m_ratio"].isna().all():
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


def workflow_steps(release: Release, shown: str) -> Section:
    """Where the spend goes."""
    section = Section(
        "workflow-steps",
        "Where does the spend go?",
        "A bar: AI cost of one step of one workflow in the month. Dark: the few steps that make more than half of it.",
    )
    frame = release.frame("workflow_steps")
    frame = frame[frame["cost_ratio"].notna()]
    if (frame["workflow"] + frame["step"] == "unattributed" * 2).all():
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
    about = release.frame("release").iloc[0]
    week = long_date(about.week_date) + ("" if about.is_week_complete else ", so far")
    if not aimed.empty:
        names = [use_case for use_case in aimed["use_case"] if use_case in above]
        section.title = (
            f"Week of {week}: {number(len(names))} of {count(len(aimed), 'use case')} "
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
