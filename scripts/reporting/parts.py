"""What the page is made of: sections, charts with their legends, tables, tiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from reporting import charts
from reporting.words import measure, month

if TYPE_CHECKING:
    from reporting.alerts import Strip


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
class Step:
    """A line of a checklist: its mark, what it is about, what to know of it, and how to get there."""

    shape: str
    heading: str
    text: str
    how: str = ""


@dataclass
class Section:
    """A part of the page. With `missing` set it says that in the checklist and is not shown itself."""

    name: str
    title: str
    how_to_read: str = ""
    charts: list[Chart] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: str = ""
    is_wide: bool = False
    steps: list[Step] = field(default_factory=list)
    waiting: list[Step] = field(default_factory=list)


@dataclass
class Spark:
    """A line of earlier values in a box of 120 by 30, its last point, the target's height, and the words for it."""

    points: str
    end: tuple[float, float]
    target: float | None
    words: str


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
    alerts: Strip | None = None
    undated: str = "No data yet"


def still_running(frame: pd.DataFrame) -> list[str]:
    """A note on months that are not over."""
    running = frame[~frame["is_complete"]]["period_start_date"]
    return [f"{month(day)} still runs; it is drawn pale or hollow." for day in running]


def scorecard_target(scorecard: pd.DataFrame, metric: str) -> float | None:
    """The target of a measure; None without one."""
    found = scorecard.loc[scorecard["metric"] == metric, "target_value"].dropna()
    return None if found.empty else float(found.iloc[0])


def target_key(target_value: float | None, unit: str) -> list[Key]:
    """The legend's entry for a target's line."""
    return [] if target_value is None else [Key(charts.GREEN, "dots", f"Target {measure(target_value, unit)}")]
