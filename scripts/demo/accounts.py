"""The accounts of the demo company, and who pays for them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from demo.world import (
    CHANNELS,
    EARLY_ACCOUNTS,
    END,
    HYPE_ACCOUNTS,
    HYPE_MONTH,
    MONTHS,
    PLANS,
    SIGNUPS,
    START,
    day_number,
    month_end,
    month_start,
)


def make_customers(seed: int) -> pd.DataFrame:
    """One row per account, by signup, the same for any number of calls; times are days since 1970 with a fraction."""
    rng = np.random.default_rng([seed, 1])
    signups = [(day_number(date(2025, 3, 1)) + 184 * u, False) for u in rng.random(EARLY_ACCOUNTS)]
    for month, count in zip(MONTHS, SIGNUPS, strict=True):
        days = (month_end(month) - month_start(month)).days
        signups += [(day_number(month_start(month)) + days * u, False) for u in rng.random(count)]
        if month == HYPE_MONTH:
            signups += [
                (day_number(month_start(month)) + 9 + rng.gamma(1.3, 2.2) % 18, True) for _ in range(HYPE_ACCOUNTS)
            ]
    names = [f"{a}{b} {c}" for c in ("Ltd", "GmbH", "Studio", "Inc", "Works") for b in ("mill", "ridge", "loom",
        "dale", "forge", "wick", "haven")
             for a in ("Oak", "Fern", "Brim", "Kest", "Marl", "Tarn", "Pell", "Sile", "Umber", "Varn", "Wex",
                 "Yarrow", "Zell")]  # fmt: skip
    names = [names[i] for i in rng.permutation(len(names))]
    end, rows, hype_left = day_number(END), [], 2
    for number, (signed, hype) in enumerate(sorted(signups)):
        chances = np.array([PLANS[plan][5] for plan in PLANS])
        plan = rng.choice(list(PLANS), p=chances / chances.sum())
        if signed < day_number(START) and plan == "free":
            plan = "starter"
        if hype:
            plan = "pro" if rng.random() < 0.06 else "free"
        segment, model, motion, product, usd, _, weight, spread, seats, churn = PLANS[plan]
        paid, trial = usd > 0, usd > 0 and rng.random() < 0.3
        pays_from = np.floor(signed) + (14 if trial else rng.integers(0, 8))
        if pays_from % 365.2425 % 30.4369 > 27.5:
            pays_from += 3
        life = rng.exponential(30 / churn) if paid else rng.exponential(18)
        pays_to = np.floor(pays_from + max(30, np.ceil(life / 30) * 30)) if paid else np.inf
        if hype and paid and hype_left:  # two of the launch month stay
            pays_to, hype_left = np.inf, hype_left - 1
        elif hype and paid:
            pays_to = pays_from + 30
        lasts = min(pays_to if paid else signed + max(1.0, life), end)
        channel = "producthunt" if hype else rng.choice(list(CHANNELS), p=[share for share, _, _ in CHANNELS.values()])
        currency = "USD" if usd < 12 else rng.choice(["USD", "EUR", "JPY"], p=[0.62, 0.28, 0.10])
        rows.append({
            "customer_id": f"acct_{number + 1:04d}",
            "name": names[number % len(names)] + (f" {number // len(names) + 1}" if number >= len(names) else ""),
            "signed": signed, "channel": channel, "segment": segment, "business_model": model, "motion": motion,
            "plan": plan, "product": product, "usd": usd,
            "seats": int(rng.integers(seats[0], seats[1] + 1)), "pays_from": pays_from if paid else np.inf,
            "pays_to": pays_to, "active_to": lasts,
            "currency": str(currency), "is_annual": bool(usd == 79 or (usd >= 12 and rng.random() < 0.2)),
            "trial": bool(trial),
            "coupon": bool(rng.random() < 0.12), "desk": bool(usd >= 12 and rng.random() < 0.5),
            "weight": weight * float(np.exp(np.clip(rng.normal(0, spread), -2.5, 2.2))),
            "upgrade": bool(plan == "starter" and rng.random() < 0.25), "is_internal": False, "merged_into": None,
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["channel"] = pd.Series([row["channel"] for row in rows], dtype=object)  # None stays None
    biggest = frame.index[(frame.plan == "pro") & (frame.signed < day_number(date(2025, 10, 1))) & ~frame.is_annual][:6]
    frame.loc[biggest, "weight"] = [54.0, 42.0, 33.0, 26.0, 20.0, 16.0]  # the power users of the flat plan
    frame.loc[biggest, ["pays_to", "active_to"]] = [np.inf, end]
    teams = frame.index[(frame.plan == "team") & (frame.pays_to >= end) & (frame.signed < day_number(date(2026, 1, 1)))]
    frame.loc[teams[0], "merged_into"], frame.loc[teams[1], "merged_into"] = (
        frame.customer_id[teams[1]],
        frame.customer_id[teams[2]],
    )
    inside = frame.index[(frame.plan == "free") & (frame.signed < day_number(date(2025, 10, 15)))][0]
    frame.loc[inside, ["is_internal", "active_to", "weight", "name"]] = [True, end, 4.0, "Wrenfold (own desk)"]
    return frame


def stripe_id(customer: pd.Series) -> str:
    """Stripe id of an account."""
    return "cus_WF" + customer.customer_id[5:]


def upgrade_day(customer: pd.Series) -> int | None:
    """Day number of the move from starter to pro: day 12 of the third paid month."""
    day = int(customer.pays_from) + 72 if customer.upgrade else None
    return day if day and day < min(customer.pays_to, day_number(END)) - 20 else None


# Payers that neither Stripe's metadata nor the CRM tells whose they are: as on every first day, a person has to.
UNMATCHED_PAYERS = {"acct_0304", "acct_0364"}


def has_keyless_payer(customer: pd.Series) -> bool:
    """Whether Stripe's metadata does not say which account the payer is."""
    return int(customer.customer_id[5:]) % 20 == 4
