"""The scorecard's tiles, and the week's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reporting.first_steps import is_young
from reporting.parts import Section, Spark, Table, Tile
from reporting.words import (
    NO_STATUS,
    STATUSES,
    count,
    is_missing,
    long_date,
    measure,
    month,
    number,
    percent,
    plain,
    target,
)

if TYPE_CHECKING:
    from reporting.release import Release

JUDGED = ("on_target", "watch", "off_target")
# What a tile's number is of, where the number alone does not say it.
UNITS = {
    "adjusted_cac": "a customer",
    "data_flywheel": "per 10,000 users",
    "prompt_efficiency": "tokens",
}


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
    running = {row.metric: row for row in release.frame("so_far").itertuples()}
    made = []
    for known in release.frame("scorecard").itertuples():
        row = so_far(known, running[known.metric]) if known.metric in running else known
        shape, words = STATUSES.get(row.status, NO_STATUS)
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
                period=period(row.cadence, row.period_start_date, row.metric) + ", so far" * (row.status == "so_far"),
                action=row.action if is_off else "",
                missing=row.missing if row.status == "no_data" else "",
                trust=", ".join(part for part in trust if part and part != "none"),
                spark=spark(history[history["metric"] == row.metric], row.target_value, row.unit),
            )
        )
    return made


def so_far(row: Any, running: Any) -> Any:  # noqa: ANN401
    """A measure without a complete period as the running one has it so far; no verdict is passed on it."""
    return row._replace(
        status="so_far",
        period_start_date=running.period_start_date,
        current_value=running.metric_value,
        unpriced_ratio=running.unpriced_ratio,
        unattributed_ratio=running.unattributed_ratio,
        cost_status=running.cost_status,
    )


def period(cadence: str, start: pd.Timestamp | None, metric: str) -> str:
    """What a tile's number is of, in words."""
    if is_missing(start):
        return cadence.capitalize()
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
    running = [f"{tile.name} {tile.value}" for tile in made if tile.status == "so_far"]
    parts = [f"{number(len(by_status['on_target']))} of {count(len(made), 'measure')} on target."]
    if len(running) + len(by_status["no_data"]) == len(made):
        parts = ["No measure has a complete week or month yet."]
    parts += [f"So far: {', '.join(running)}."] if running else []
    for status in ("off_target", "watch", "undecided"):
        if by_status[status]:
            parts.append(f"{STATUSES[status][1]}: {', '.join(by_status[status])}.")
    if is_young(len(by_status["no_data"]), len(made)):
        parts.append(f"{count(len(by_status['no_data']), 'measure')} without data: see what to land next.")
    elif by_status["no_data"]:
        parts.append(f"{NO_STATUS[1]}: {', '.join(by_status['no_data'])}.")
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
    aimed = int(frame["status"].isin(JUDGED).sum())
    section.title = f"Week of {long_date(start)}: {hit} of {aimed} weekly targets met"
    if not frame["is_complete"].all():
        section.title = f"Week of {long_date(start)}, so far"
        section.notes.append("This week is not over: its numbers still move, and no verdict is passed on them.")
        frame.loc[frame["status"].isin(JUDGED), "status"] = "so_far"
    section.tables.append(
        Table(
            ["Measure", "Status", "This week", "Last week", "Target"],
            [
                [
                    row.metric_name,
                    "{} {}".format(*STATUSES.get(row.status, NO_STATUS)),
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
