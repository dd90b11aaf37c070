"""Why an inference costs more or less than the month before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reporting import charts
from reporting.parts import Chart, Key, Section, Table, still_running
from reporting.words import THIN, month, number, percent, short_month, usd

if TYPE_CHECKING:
    from reporting.release import Release

EFFECTS = {
    "price": "prices of tokens",
    "service_tier": "service and context tiers",
    "token_composition": "kind of tokens (input, cached, output)",
    "tokens_per_inference": "tokens per inference",
    "model_mix": "choice of models",
    "response_cache": "response cache",
    "retries": "failed and repeated calls",
    "support_and_fees": "embeddings, retrieval, fees per request",
    "shared": "GPUs, databases, training",
    "true_up": "bills that differ from prices",
}
SMALL = 0.02  # of the largest effect: smaller ones are drawn as one
WORTH_SAYING = 0.0005  # share of calls without a price
LISTED_MONTHS = 8
NAMED_CAUSES = 2


def cpi_bridge(release: Release) -> Section:
    """A waterfall from last month's cost per inference to this one's, and what moved the months before."""
    section = Section(
        "cpi-bridge",
        "Why did the cost of an inference change?",
        "From the month before to this one, the largest effect first: a bar to the left made an inference cheaper, one "
        "to the right dearer.",
        is_wide=True,
    )
    frame = release.frame("cpi_bridge").dropna(subset=["effect_cents", "previous_cpi_cents", "cpi_cents"])
    if frame.empty:
        section.missing = "The bridge needs two months in a row with delivered inferences."
        return section
    complete = frame[frame["is_complete"]] if frame["is_complete"].any() else frame
    shown = complete[complete["period_start_date"] == complete["period_start_date"].max()]
    section.title = sentence(shown)
    steps = waterfall(shown)
    section.charts.append(
        Chart(
            charts.cpi_bridge(
                steps,
                f"A waterfall in US cents per inference. {section.title}. " + "; ".join(steps["label"]),
            )
        )
    )
    section.keys = [
        Key(charts.INK, "box", "Cost of an inference"),
        Key(charts.BLUE, "box", "Made it cheaper"),
        Key(charts.VERMILLION, "box", "Made it dearer"),
    ]
    about = shown.iloc[0]
    if max(about.previous_unpriced_ratio, about.unpriced_ratio) >= WORTH_SAYING:
        section.notes.append(
            f"{percent(about.unpriced_ratio)} of the calls had no price, {percent(about.previous_unpriced_ratio)} the "
            "month before: a first price shows as a change of price."
        )
    section.notes += still_running(frame.drop_duplicates("period_start_date"))
    section.tables += [month_table(frame), effect_table(shown)]
    return section


def cents_text(cents: float, about: pd.Series) -> str:
    """'0.25 ¢', with as many decimals as the change of the month `about` is worth."""
    return number(cents, decimals(about)) + f"{THIN}¢"


def signed(cents: float, about: pd.Series) -> str:
    """'+0.25 ¢'."""
    return ("+" if round(cents, decimals(about)) > 0 else "") + cents_text(cents, about)


def change_of(about: pd.Series) -> float:
    """How much dearer than the month before an inference was, in US cents."""
    return about.cpi_cents - about.previous_cpi_cents


def decimals(about: pd.Series) -> int:
    """Decimals of a cent at which effects in a month are worth reading: one more where hardly anything changed."""
    enough = 2 if abs(about.cpi_cents) >= 1 else 4
    return enough + (abs(change_of(about)) < 10 * 10.0**-enough)


def capital(words: str) -> str:
    """With a capital, and 'GPUs' as it is."""
    return words[:1].upper() + words[1:]


def causes(effects: pd.DataFrame, side: int = 1) -> list[str]:
    """The largest effects that moved the cost the way it went, in words; of side -1 those that held it back."""
    about = effects.iloc[0]
    largest = effects["effect_cents"].abs().max()
    moving = effects[effects["effect_cents"] * change_of(about) * side > 0].copy()
    moving["size"] = moving["effect_cents"].abs()
    floor = (moving["size"].max() if side > 0 else largest) / 4
    named = moving[moving["size"] >= floor].sort_values(["size", "effect"], ascending=False).head(NAMED_CAUSES)
    return [f"{EFFECTS[row.effect]} ({signed(row.effect_cents, about)})" for row in named.itertuples()]


def sentence(effects: pd.DataFrame) -> str:
    """'One inference cost 0.16 ¢ more in October 2026 than the month before, mostly: tokens per inference (…)'."""
    about = effects.iloc[0]
    change = change_of(about)
    this, named = month(about.period_start_date), causes(effects)
    if not named:
        return f"One inference cost as much in {this} as the month before"
    moved = f"{cents_text(abs(change), about)} {'less' if change < 0 else 'more'}"
    return f"One inference cost {moved} in {this} than the month before, mostly: {' and '.join(named)}"


def waterfall(effects: pd.DataFrame) -> pd.DataFrame:
    """The rows of the chart: the month before, the effects by size (the small ones as one), the month."""
    about = effects.iloc[0]
    sizes = effects["effect_cents"].abs()
    is_large = (sizes >= SMALL * sizes.max()) & (sizes >= 0.5 * 10.0 ** -decimals(about))
    steps = [(capital(EFFECTS[row.effect]), row.effect_cents) for row in effects[is_large].itertuples()]
    steps.sort(key=lambda step: (-abs(step[1]), step[0]))
    rest = effects.loc[~is_large, "effect_cents"].sum()
    if round(rest, decimals(about)):
        steps.append(("All smaller effects", rest))
    before = month(pd.Timestamp(about.period_start_date) - pd.DateOffset(months=1))
    start, end = about.previous_cpi_cents, about.cpi_cents
    rows = [(before, start, start, "cost", f"{before}: {usd(start / 100)}")]
    for name, cents in steps:
        running = rows[-1][2]
        kind = "cheaper" if cents < 0 else "dearer"
        rows.append((name, running, running + cents, kind, f"{name}: {signed(cents, about)}"))
    this = month(about.period_start_date)
    rows.append((this, end, end, "cost", f"{this}: {usd(end / 100)}"))
    frame = pd.DataFrame(rows, columns=["name", "start", "end", "kind", "label"])
    return frame.assign(row=range(len(frame)), change_cents=frame["end"] - frame["start"])


def month_table(frame: pd.DataFrame) -> Table:
    """What moved each of the last months, the newest first."""
    months = [effects for _, effects in frame.groupby("period_start_date")][-LISTED_MONTHS:]
    return Table(
        ["", ""], [month_row(effects) for effects in months[::-1]], caption="What moved the last months", words=2
    )


def month_row(effects: pd.DataFrame) -> list[str]:
    """'Oct 2026', '1.25 ¢, +0.16 ¢: tokens per inference (+0.25 ¢)'."""
    about = effects.iloc[0]
    moved = ", ".join(causes(effects)) or "no change"
    held = ", ".join(causes(effects, side=-1))
    return [
        short_month(about.period_start_date) + ("" if about.is_complete else " (still running)"),
        f"{usd(about.cpi_cents / 100)}, {signed(change_of(about), about)}: {moved}"
        + (f"; against it {held}" if held else ""),
    ]


def effect_table(effects: pd.DataFrame) -> Table:
    """All ten effects of the month shown, in US cents."""
    values = effects.set_index("effect")["effect_cents"]
    return Table(
        ["Effect", "US cents per inference"],
        [[capital(name), number(values.get(effect), 6)] for effect, name in EFFECTS.items()],
        caption=f"The ten effects of {month(effects['period_start_date'].iloc[0])}",
        folded=True,
    )
