"""What a company that has not landed everything yet can know, and what to land next: one checklist.

The page and the terminal read the same list, `data_to_land.yml`, and the same marts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from reporting.parts import Section, Step
from reporting.words import count, is_missing, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reporting.parts import Tile
    from reporting.release import Release

LIST = Path(__file__).parent / "data_to_land.yml"
DONE, OPEN, WAITS = "\N{HEAVY CHECK MARK}", "\N{WHITE CIRCLE}", "\N{BULLET}"


def kinds() -> list[dict[str, Any]]:
    """The kinds of data, in the order in which to land them."""
    return yaml.safe_load(LIST.read_text(encoding="utf-8"))


def steps(landed: dict[str, int | None]) -> list[Step]:
    """A line for each kind of data: what is landed tells, what is not would bring. `landed`: source or key -> rows."""
    return [step(kind, landed) for kind in kinds()]


def step(kind: dict[str, Any], landed: dict[str, int | None]) -> Step:
    """The line of one kind."""
    found = [name for name in kind.get("sources", []) if name in landed]
    named = [name for name in kind.get("keys", []) if name in landed]
    if found or named:
        what = [f"{count(landed[name], 'row')} of {name}" for name in found]
        what = what or ["by another source" if name == "all" else name for name in named]
        return Step(DONE, kind["kind"], f"{kind['brings']}.", f"Landed: {', '.join(what)}.")
    columns = ", ".join(kind["columns"])
    others = [name for name in kind.get("sources", []) if name != kind["folder"]]
    how = f"A file in landing/{kind['folder']}/ with {columns}" + (
        f"; or exports in {', '.join(others)}" if others else ""
    )
    if "sources" not in kind:
        how = f"In the log of calls {columns}; in another tool's log where models/docs/sources/ says"
    return Step(OPEN, kind["kind"], f"{kind['brings']}.", f"{how}.")


def is_young(without_value: int, measures: int) -> bool:
    """Whether at least half of the scorecard waits for data: then the checklist is what the reader needs first."""
    return 2 * without_value >= measures


def landed_kinds(release: Release) -> dict[str, int | None]:
    """What was landed: source -> rows, name on calls -> None."""
    rows = release.frame("landed_kinds").itertuples()
    return {row.landed_name: None if is_missing(row.row_count) else int(row.row_count) for row in rows}


def checklist(landed: dict[str, int | None], waiting: Iterable[Section | Tile]) -> Section:
    """The checklist, and the measures and sections that wait for data."""
    lines = steps(landed)
    section = Section(
        "first-steps",
        "What to land next",
        "Ticked: what is landed and what it tells. Not ticked: what it would bring, where to put it, and the columns "
        "that are enough in a CSV or JSON file; exports are read as they are.",
        is_wide=True,
        steps=lines,
        waiting=[Step(WAITS, getattr(part, "title", part.name), part.missing) for part in waiting],
    )
    ahead = [line.heading for line in lines if line.shape == OPEN]
    if ahead:
        section.title = f"{number(len(lines) - len(ahead))} of {count(len(lines), 'kind')} of data landed"
        section.title += f"; next: {ahead[0][0].lower()}{ahead[0][1:]}"
    else:
        section.title, section.steps = "All kinds of data are landed; what still waits", []
        section.how_to_read = "Parts of this page without figures, and what each needs."
    return section
