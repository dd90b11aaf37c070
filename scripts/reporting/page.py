"""Everything the page says, in order.

A section asks one question, finds one sentence in the release, and shows what it rests on; without rows it says what is
missing. Every number stands in a mart of the release; sums and shares of such numbers are the only arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reporting.costs import cost_by_component, downgrade_tolerance, prompt_tokens, unit_cost_trend, workflow_steps
from reporting.customers import cohorts, customer_margins, inference_efficiency, usage_deciles
from reporting.parts import Page
from reporting.scorecard import lead, tiles, weekly_view
from reporting.trust import coverage, reconciliation, trust
from reporting.words import NONE, is_missing, long_date, month

if TYPE_CHECKING:
    from reporting.release import Release


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
