"""Numbers and names as a person reads them. Rounding happens here and nowhere before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from components import cost_components

if TYPE_CHECKING:
    from datetime import date

THIN = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"

# Status -> shape and words. A shape of its own for each: colour is never alone.
STATUSES = {
    "on_target": ("\N{HEAVY CHECK MARK}", "On target"),
    "watch": ("\N{BLACK UP-POINTING TRIANGLE}", "Watch"),
    "off_target": ("\N{MULTIPLICATION X}", "Off target"),
    "undecided": ("?", "Undecided"),
    "so_far": ("\N{CIRCLE WITH LEFT HALF BLACK}", "So far"),
    "no_data": ("\N{WHITE CIRCLE}", "No data"),
    "no_target": ("\N{BULLET}", "No target"),
}
NO_STATUS = STATUSES["no_data"]
COST_STATUSES = {
    "trued_up": "all costs are trued up to the bills",
    "billed": "all costs are as billed",
    "estimated": "some costs have no bill yet and are estimated",
}
COMPONENTS = {name: component["label"] for name, component in cost_components().items()} | {
    "other_cogs": "Hosting, support"
}


def is_missing(value: object) -> bool:
    """Whether a cell of a frame is null."""
    return value is None or bool(pd.isna(value))


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands separated and a true minus sign; never minus zero."""
    if is_missing(value):
        return NONE
    text = f"{abs(value):,.{decimals}f}"
    return (MINUS if value < 0 and text.strip("0.,") else "") + text


def usd(value: float | None) -> str:
    """US dollars: cents below a dime, whole dollars from a thousand on."""
    if is_missing(value):
        return NONE
    if 0 < abs(value) < 0.1:
        cents = abs(value) * 100
        return f"{MINUS if value < 0 else ''}{cents:,.{2 if cents >= 0.1 else 4}f}{THIN}¢"
    sign = MINUS if value < 0 else ""
    return f"{sign}${abs(value):,.{0 if abs(value) >= 1000 else 2}f}"


def amount(value: float | None) -> str:
    """US dollars in a column: always two decimals, so that the points stand under each other."""
    return NONE if is_missing(value) else number(value, 2)


def percent(value: float | None, decimals: int = 1) -> str:
    """A ratio in percent."""
    return NONE if is_missing(value) else number(value * 100, decimals) + f"{THIN}%"


def measure(value: float | None, unit: str) -> str:
    """A value of the scorecard or the weekly view in its unit."""
    if is_missing(value):
        return NONE
    if unit == "usd":
        return usd(value)
    if unit == "ratio":
        return percent(value)
    if unit == "tokens":
        return number(value) + " tokens"
    return number(value, 1) + "\N{MULTIPLICATION SIGN}"


def target(value: float | None, unit: str, direction: str, label: str = "") -> str:
    """A target in words, such as 'below 5.00 ¢' or 'improving, above 0.0 %'."""
    if is_missing(value):
        return label or "none"
    side = ("below " if direction == "lower" else "above ") + measure(value, unit).removesuffix(" tokens")
    return f"{label}, {side}" if label else side


def month(day: date | pd.Timestamp | None) -> str:
    """'October 2026'."""
    return NONE if is_missing(day) else pd.Timestamp(day).strftime("%B %Y")


def long_date(day: date | pd.Timestamp | None) -> str:
    """'31 October 2026'."""
    return NONE if is_missing(day) else f"{pd.Timestamp(day).day} {month(day)}"


def short_month(day: date | pd.Timestamp | None) -> str:
    """'Oct 2026'."""
    return NONE if is_missing(day) else pd.Timestamp(day).strftime("%b %Y")


def count(quantity: int, one: str, many: str = "") -> str:
    """'1 customer', '2 customers'."""
    return f"{number(quantity)} {one if quantity == 1 else many or one + 's'}"


def plain(name: str) -> str:
    """A status or class of a mart as words."""
    return name.replace("_", " ")
