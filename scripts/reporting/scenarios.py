"""What the last quarter would have been if prices, models, plans or the cache had been others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reporting.parts import Section, Table
from reporting.words import NONE, amount, month, number, percent, usd

if TYPE_CHECKING:
    import pandas as pd

    from reporting.release import Release

LISTED = 10
APPLIED = "applied"
MOVES_NOTHING = "moves_nothing"
REASONS = {
    "unknown_lever": "names a lever nobody knows",
    "unknown_scope": "names a scope that the lever does not have",
    "bad_value": "has a value that cannot be read",
    "unknown_model": "names a model without a price in the book",
    "no_price": "names a model that had no price on some of the days",
    "nothing_in_scope": "holds a row with nothing in its scope",
}


def scenarios(release: Release) -> Section:
    """The scenarios beside the quarter as it was, and who would go under water."""
    section = Section(
        "scenarios",
        "What if?",
        "The calls of the last complete quarter replayed: one line as it was, one for each scenario. A replay, no "
        "forecast: nobody leaves, comes or uses more.",
    )
    frame = release.frame("scenarios")
    if frame.empty:
        section.missing = (
            "Scenarios need a whole quarter of calls or revenue, and rows in seeds/reference/scenarios.csv."
        )
        return section
    section.title = title(frame)
    section.tables.append(scenario_table(frame))
    customers = release.frame("scenario_customers")
    if not customers.empty:
        section.tables.append(customer_table(customers))
    section.notes += [note(row) for row in frame.itertuples() if row.scenario_status != APPLIED]
    return section


def note(row: Any) -> str:  # noqa: ANN401
    """What is to be said of a scenario that does not move what its rows name."""
    if row.scenario_status == MOVES_NOTHING:
        return f"“{row.scenario}” holds a row that moves no dollar: nobody reaches it, or its scope costs nothing."
    return f"“{row.scenario}” was not replayed: it {REASONS.get(row.scenario_status, row.scenario_status)}."


def quarter(row: Any) -> str:  # noqa: ANN401
    """'July to September 2026'."""
    return f"{month(row.period_start_date).split()[0]} to {month(row.last_month_date)}"


def title(frame: pd.DataFrame) -> str:
    """What the best and the worst scenario would have changed."""
    changes = frame[frame["scenario_status"].isin([APPLIED, MOVES_NOTHING])].dropna(subset=["gross_profit_change_usd"])
    shown = quarter(frame.iloc[0])
    moved = changes[changes["gross_profit_change_usd"] != 0]
    if moved.empty:
        return f"{shown}: no scenario would have changed what is left"
    outcomes = [outcome(moved.iloc[0])] + ([outcome(moved.iloc[-1])] if len(moved) > 1 else [])
    return f"{shown}: {', '.join(outcomes)}"


def outcome(row: Any) -> str:  # noqa: ANN401
    """'“Plans cost 10 % more” leaves $17.40 more'."""
    change = row.gross_profit_change_usd
    return f"“{row.scenario}” leaves {usd(abs(change))} {'more' if change > 0 else 'less'}"


def scenario_table(frame: pd.DataFrame) -> Table:
    """As it was, then each scenario."""
    return Table(
        ["", "AI cost", "Revenue", "Gross margin", "IER", "Under water", "New there"],
        [figures("As it was", frame.iloc[0], "baseline")]
        + [figures(row.scenario, row, "scenario") for row in frame.itertuples()],
        caption=f"{quarter(frame.iloc[0])}, in USD; under water: customers whose gross profit is below 0",
    )


def figures(name: str, row: Any, side: str) -> list[str]:  # noqa: ANN401
    """One line of the table."""
    return [
        name,
        amount(getattr(row, f"{side}_ai_cost_usd")),
        amount(getattr(row, f"{side}_revenue_usd")),
        percent(getattr(row, f"{side}_gross_margin_ratio")),
        number(getattr(row, f"{side}_ier"), 1),
        number(getattr(row, f"{side}_loss_making_customer_count")),
        number(row.newly_loss_making_customer_count) if side == "scenario" else NONE,
    ]


def customer_table(customers: pd.DataFrame) -> Table:
    """Who would go under water."""
    listed = customers.head(LISTED)
    left = len(customers) - len(listed)
    return Table(
        ["Customer", "Scenario", "Gross profit as it was", "In the scenario"],
        [
            [
                row.customer_name,
                row.scenario,
                amount(row.baseline_gross_profit_usd),
                amount(row.scenario_gross_profit_usd),
            ]
            for row in listed.itertuples()
        ],
        caption="Who would have gone under water, in USD" + (f"; {number(left)} more in the mart" if left else ""),
        words=2,
        folded=True,
    )
