"""Landing files of an invented company, Wrenfold (an AI support desk and a writing assistant), to try the product on.

    python scripts/demo_company.py --out landing [--calls 200000] [--seed 7] [--format mixed|parquet|jsonl] [--only X]

Writes `OUT/<source>/<YYYY-MM>.<suffix>` for 14 months, 2025-09 to 2026-10 (UTC): every canonical source, the Stripe
tables and two months of `openai_usage`, one file per month and source, in mixed formats. The file of a month
holds what was known in that month: late rows, corrections and updates sit in a later one, so that the company can be
landed month by month. The company itself is in `demo/world.py`; nine
accounts whose bills are told by hand are in `demo/stories.py`.

Every price comes from the installed `genai-prices` at the call's own date, less the contract terms in `CONTRACT`, which
`seeds/reference/price_overrides.csv` states too; vendor bills are computed from the calls. Money (plan prices, spend,
bills) scales with `--calls`, so that margins stay alike; the customers stay the same. Same arguments, same bytes:
seeded, no wall clock, one thread, gzip without a time. `--format` is that of `inference_events` alone; five bad lines,
one per reason, end its JSON Lines file of 2025-10 (none with `--format parquet`).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo.accounts import make_customers
from demo.billing import write_stripe
from demo.bills import usd_rates, write_bills, write_rates, write_spend, write_usage_report
from demo.calls import write_calls
from demo.crm import write_crm
from demo.quality import write_outcomes_and_feedback, write_quality
from demo.stories import TOLD
from demo.world import DEFAULT_CALLS, MONTHS
from demo.writer import Writer


def generate(
    out: Path, calls: int = DEFAULT_CALLS, seed: int = 7, file_format: str = "mixed", only: str | None = None
) -> str:
    """Writes the landing files below `out`; returns the summary line."""
    scale, writer, customers = calls / DEFAULT_CALLS, Writer(out, only), make_customers(seed)
    rates = usd_rates(seed)
    needs_calls = only in (None, "inference_events", "ai_bills", "workflow_outcomes", "feedback", "openai_usage")
    count = 0
    if needs_calls:
        ledger, runs = write_calls(writer, customers, calls, seed, file_format)
        count = ledger["calls"]
        if only != "inference_events":
            write_outcomes_and_feedback(writer, runs, customers, seed)
            write_bills(writer, ledger, rates, customers, scale, seed)
            write_usage_report(writer, ledger)
    write_rates(writer, rates)
    write_crm(writer, customers)
    write_spend(writer, scale, seed)
    write_quality(writer, scale, seed)
    write_stripe(writer, customers, scale)
    if not writer.files:
        raise ValueError(f"--only {only}: no such source; use the name of a raw table, for example inference_events")
    accounts = len(customers) + len(TOLD)
    wrote = f"{out}: {writer.files} files, {writer.size / 1e6:.1f} MB, {count} calls of {accounts} accounts"
    return f"{wrote}, {MONTHS[0]} to {MONTHS[-1]}"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, required=True, help="landing folder; existing files of the same name are replaced"
    )
    parser.add_argument("--calls", type=int, default=DEFAULT_CALLS, help="about how many calls (1 000 to 10 000 000)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--format",
        dest="file_format",
        choices=["mixed", "parquet", "jsonl"],
        default="mixed",
        help="format of inference_events",
    )
    parser.add_argument("--only", help="write this source alone")
    options = parser.parse_args(arguments)
    if not 1_000 <= options.calls <= 10_000_000:
        parser.error("--calls must lie between 1 000 and 10 000 000")
    try:
        print(generate(options.out, options.calls, options.seed, options.file_format, options.only))
    except ValueError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
