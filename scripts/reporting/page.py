"""Everything the page says, in order.

A section asks one question, finds one sentence in the release, and shows what it rests on; without rows it says what is
missing, and folds into one checklist. Every number stands in a mart of the release; sums and shares of such numbers are
the only arithmetic.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reporting.alerts import Strip, alert_strip
from reporting.bridge import cpi_bridge
from reporting.costs import cost_by_component, downgrade_tolerance, prompt_tokens, unit_cost_trend, workflow_steps
from reporting.customers import cohorts, customer_margins, inference_efficiency, usage_deciles
from reporting.first_steps import checklist, is_young, landed_kinds
from reporting.parts import Page, Section
from reporting.savings import savings
from reporting.scenarios import scenarios
from reporting.scorecard import lead, tiles, weekly_view
from reporting.trust import coverage, reconciliation, trust
from reporting.use import plan_limits, usage_anomalies
from reporting.words import NONE, is_missing, long_date, month

if TYPE_CHECKING:
    from collections.abc import Callable

    from reporting.release import Release

UNDRAWN = "This part could not be drawn"
NO_DATE = (
    "No day to show figures up to: the last call, charge, bill or spend gives it, and none is landed. Land some, or "
    "set the var as_of_date."
)
FAILURES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # of values nobody thought of


def drawn(name: str, make: Callable[[], Section]) -> Section:
    """A section, or the word that it failed: one part that meets a value nobody thought of must not cost the page."""
    try:
        return make()
    except FAILURES as problem:
        print(f"report.py: section {name} could not be drawn: {type(problem).__name__}: {problem}", file=sys.stderr)
        return Section(name, name.replace("-", " ").capitalize(), missing=f"{UNDRAWN}: please report it as a defect.")


def alerts_drawn(release: Release) -> Strip | None:
    """The strip of alerts, or the word that it failed."""
    try:
        return alert_strip(release)
    except FAILURES as problem:
        print(f"report.py: alerts could not be drawn: {type(problem).__name__}: {problem}", file=sys.stderr)
        return Strip(f"{UNDRAWN}: please report it as a defect.")


def page(release: Release) -> Page:
    """What the page shows: what has data, and one checklist of what has none, on top while half the scorecard waits."""
    made, landed = everything(release), landed_kinds(release)
    if landed:
        made.undated = NO_DATE
    folded = [section for section in made.sections if section.missing and not section.missing.startswith(UNDRAWN)]
    made.sections = [section for section in made.sections if section not in folded]
    without_value = [tile for tile in made.tiles if tile.status == "no_data"]
    if is_young(len(without_value), len(made.tiles)):
        made.tiles = [tile for tile in made.tiles if tile not in without_value]
        made.sections.insert(0, checklist(landed, [*without_value, *folded]))
    elif folded:
        made.sections.insert(-1, checklist(landed, folded))
    fill_rows(made.sections)
    return made


def fill_rows(sections: list[Section]) -> None:
    """Leave no half of the page empty: a section without a neighbour becomes as wide as the page."""
    alone: Section | None = None
    for section in [*sections, Section("", "", is_wide=True)]:
        if alone is not None and section.is_wide:
            alone.is_wide = True
        alone = section if alone is None and not section.is_wide else None


def everything(release: Release) -> Page:
    """All there is to say, in order, missing parts among it."""
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
            drawn("weekly-view", lambda: weekly_view(release)),
            drawn("unit-cost-trend", lambda: unit_cost_trend(release, scorecard)),
            drawn("cost-by-component", lambda: cost_by_component(release)),
            drawn("cpi-bridge", lambda: cpi_bridge(release)),
            drawn("savings", lambda: savings(release)),
            drawn("customer-margins", lambda: customer_margins(release, shown)),
            drawn("usage-deciles", lambda: usage_deciles(release, shown)),
            drawn("inference-efficiency", lambda: inference_efficiency(release)),
            drawn("plan-limits", lambda: plan_limits(release, shown)),
            drawn("scenarios", lambda: scenarios(release)),
            drawn("usage-anomalies", lambda: usage_anomalies(release, about.as_of_date)),
            drawn("cohorts", lambda: cohorts(release, scorecard)),
            drawn("downgrade-tolerance", lambda: downgrade_tolerance(release)),
            drawn("workflow-steps", lambda: workflow_steps(release, shown)),
            drawn("prompt-tokens", lambda: prompt_tokens(release)),
            drawn("reconciliation", lambda: reconciliation(release, shown)),
            drawn("trust", lambda: trust(release, about)),
        ],
        release_id=about.release_id,
        is_pseudonymised=release.pseudonymise is not None,
        alerts=alerts_drawn(release),
    )
