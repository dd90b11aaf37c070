"""Print what a build found: the scorecard, cost per inference by month with its parts, and what it could not price or
attribute.

Reads ``marts.scorecard``, ``marts.cost_per_inference``, ``marts.bill_reconciliation_monthly`` and ``raw.quarantine`` of
the build file. Numbers are rounded here, for reading only.
"""

import argparse
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from components import cost_components
from reporting.first_steps import is_young, steps
from reporting.release import query
from reporting.words import NO_STATUS, STATUSES, measure, target

# Component of the marts -> what the column is called here.
COMPONENTS = {name: component["short"] for name, component in cost_components().items()}
TABLE_WIDTH = 138


def cents(value: Decimal | None) -> str:
    """A CPI in US cents with four decimals; a dash where it is undefined."""
    return "-" if value is None else f"{value * 100:.4f}"


def percent(value: Decimal | None) -> str:
    """A ratio in percent with two decimals; a dash where it is undefined."""
    return "-" if value is None else f"{value * 100:.2f}"


def scorecard(connection: duckdb.DuckDBPyConnection) -> tuple[Table, list[str]]:
    """The eight measures against their targets, and a line for each that is not met: what to do, or what is missing.

    While at least half of them wait for data, what to land next.
    """
    table = Table(title="Scorecard", title_justify="left", box=box.SIMPLE)
    for header in ("measure", "from", "value", "before", "target", "status"):
        table.add_column(header, justify="right" if header in ("value", "before") else "left", no_wrap=True)
    rows = connection.execute(
        """select metric, metric_name, coalesce(strftime(period_start_date, '%Y-%m-%d'), '-'), current_value,
        previous_value, target_value, target_label, unit, direction, status, missing, action
        from marts.scorecard order by position"""
    ).fetchall()
    running = {row[0]: row for row in connection.execute(query("so_far")).fetchall()}
    advice, without_value = [], 0
    for metric, name, period, value, before, aim, label, unit, direction, status, missing, action in rows:
        if metric in running:
            _, since, value, *_ = running[metric]
            period, status, missing = str(since), "so_far", ""
        without_value += status == "no_data"
        shape, words = STATUSES.get(status, NO_STATUS)
        values = (measure(value, unit), measure(before, unit))
        table.add_row(name, period, *values, target(aim, unit, direction, label), f"{shape} {words.lower()}")
        if missing:
            advice.append(f"{name}: missing {missing}.")
        elif action != "none":
            advice.append(f"{name}: {action}.")
    if is_young(without_value, len(rows)):
        landed = dict(connection.execute(query("landed_kinds")).fetchall())
        advice += [
            "",
            "What to land next",
            *(f"{step.shape} {step.heading}: {step.text} {step.how}" for step in steps(landed)),
        ]
    return table, advice


def monthly_table(connection: duckdb.DuckDBPyConnection) -> Table:
    """Cost per inference of the whole company by month, split by component."""
    table = Table(title="Cost per inference by month, and its parts (US cents)", title_justify="left", box=box.SIMPLE)
    for header in ("month", "inferences", "AI cost $", "CPI", *COMPONENTS.values(), "unpriced %", "nobody %"):
        table.add_column(header, justify="left" if header == "month" else "right", no_wrap=True)
    parts = ", ".join(f"{component}_cpi_usd" for component in COMPONENTS)
    rows = connection.execute(
        f"""
        select strftime(period_start_date, '%Y-%m'), successful_inference_count, ai_cost_usd, cpi_usd, {parts},
            unpriced_ratio, unattributed_ratio
        from marts.cost_per_inference
        where period_grain = 'month' and dimension = 'all' and successful_inference_count > 0
        order by period_start_date
        """
    ).fetchall()
    for month, count, cost, *values, unpriced, unattributed in rows:
        parts_in_cents = [cents(value) for value in values]
        table.add_row(month, f"{count:,}", f"{cost:,.2f}", *parts_in_cents, percent(unpriced), percent(unattributed))
    return table


def notes(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What a reader should know before trusting the table."""
    quarantined, files = connection.execute(
        "select count(*), count(distinct source || file) from raw.quarantine"
    ).fetchone() or (0, 0)
    billed, allocated, unattributed, estimated, ahead = connection.execute(
        """select coalesce(sum(recognised_cost_usd), 0), coalesce(sum(allocated_cost_usd), 0),
        coalesce(sum(unattributed_cost_usd), 0), coalesce(sum(uncovered_computed_cost_usd), 0),
        coalesce(sum(prepaid_usd), 0)
        from marts.bill_reconciliation_monthly"""
    ).fetchone() or (0, 0, 0, 0, 0)
    lines = [
        f"Vendors billed ${billed:,.2f}: ${allocated:,.2f} is carried by customers, ${unattributed:,.2f} by nobody; "
        f"${estimated:,.2f} has no bill yet."
    ]
    if ahead:
        lines.append(f"${ahead:,.2f} more is billed for days to come.")
    if quarantined:
        lines.append(f"{quarantined} rows (files: {files}) are in raw.quarantine, with file, line and reason.")
    return lines


def main() -> int:
    """Print the summary; exit 2 when there is no warehouse."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--warehouse", type=Path, required=True)
    warehouse: Path = parser.parse_args().warehouse
    if not warehouse.is_file():
        print(f"{warehouse}: no warehouse yet; run `make build`", file=sys.stderr)
        return 2
    console = Console()
    # Piped output has no width of its own; the table needs this much.
    console.width = max(console.width, TABLE_WIDTH)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        table, advice = scorecard(connection)
        console.print(table)
        for line in advice:
            console.print(line, soft_wrap=True, highlight=False)
        console.print()
        console.print(monthly_table(connection))
        for line in notes(connection):
            console.print(line)
    console.print(f"warehouse: {warehouse} (schema marts)", soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
