"""What to do next, ranked in dollars a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reporting.parts import Section, Table
from reporting.words import amount, count, number, plain, usd

if TYPE_CHECKING:
    import pandas as pd

    from reporting.release import Release

LISTED = 10


def savings(release: Release) -> Section:
    """The levers that save most, and why the others save nothing."""
    section = Section(
        "savings",
        "What should we do next?",
        "USD a month at the use of the last four weeks, what saves most alone first. Each line counts only what the "
        "lines above leave, so that they add up; alone: without them. At least: the lower bound of the evidence.",
        is_wide=True,
    )
    frame = release.frame("savings")
    if frame.empty:
        section.missing = "Without calls there is nothing to save: land call logs in landing/inference_events."
        return section
    found = frame[frame["monthly_saving_usd"] > 0]
    section.title = title(found)
    if not found.empty:
        section.tables.append(action_table(found))
    silent = frame[frame["status"].isin(["no_data", "nothing_to_save"])]
    if not silent.empty:
        section.tables.append(
            Table(
                ["Lever", "Why it saves nothing"],
                [[plain(row.lever).capitalize(), row.reason] for row in silent.itertuples()],
                caption="Levers that found nothing",
                words=2,
                folded=True,
            )
        )
    overlapped = int((frame["status"] == "overlapped").sum())
    if overlapped:
        section.notes.append(f"{count(overlapped, 'more lever')} would save only what those above already do.")
    return section


def title(found: pd.DataFrame) -> str:
    """'$2.06 a month can be saved, $1.90 at least; first: route chat to a smaller model'."""
    if found.empty:
        return "No lever found anything to save"
    first = found["saving_action"].iloc[0].rstrip(".")
    saved, least = found["monthly_saving_usd"].sum(), found["monthly_saving_lower_usd"].sum()
    words = f"{usd(saved)} a month can be saved, {usd(least)} at least"
    return f"{words}. First: {first[:1].lower()}{first[1:]}" if first else words


def action_table(found: pd.DataFrame) -> Table:
    """What to do, what saves most alone first."""
    listed = found.head(LISTED)
    left = found.iloc[len(listed) :]
    rest = f"; {number(len(left))} more save {usd(left['monthly_saving_usd'].sum())}" if len(left) else ""
    return Table(
        ["What to do", "Effort", "What it rests on", "Saves", "At least", "Alone"],
        [
            [
                row.saving_action,
                row.effort,
                row.saving_evidence,
                amount(row.monthly_saving_usd),
                amount(row.monthly_saving_lower_usd),
                amount(row.standalone_saving_usd),
            ]
            for row in listed.itertuples()
        ],
        caption=f"In USD a month{rest}",
        words=3,
    )
