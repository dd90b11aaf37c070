"""Every correctness trap, T1 to T51, has a test of its name; a trap without one fails here.

A test is named after a trap when `T07` or `t7` is a part of its name: a unit test of a model, a data test's file, or a
function of the Python tests. Older tests that show a trap under another name are listed below by that name.
"""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]

SHOWN_BY = {
    3: "int_list_prices_daily__dates_tiers_and_parents",
    4: "test_sql_prices_every_model_as_the_package_does",
    8: "int_list_prices_daily__dates_tiers_and_parents",
    9: "price_restatements__causes_are_steps",
    10: "test_recorded_provider_usages",
    11: "int_names_resolved__dated_alias_then_seller_then_matching",
    12: "int_calls_costed__one_call_per_pricing_status",
    15: "int_list_prices_daily__dates_tiers_and_parents",
    17: "int_calls_costed__context_tier_and_daily_window_re_rate_the_whole_request",
    25: "int_calls_costed__one_call_per_pricing_status",
    26: "int_finetuning_charged_to_calls__until_the_cost_is_used_up",
    33: "test_late_calls_and_corrected_bills_leave_no_old_share",
    34: "int_bill_lines_spread_daily__evenly_over_its_days_with_its_tags",
    35: "int_bills_allocated_to_usage__by_driver_rounded_once",
    36: "int_true_ups_monthly__one_class_per_key",
    49: "test_void_draft_test_mode_and_failed_are_nothing_and_bad_debt_is_taken_back",
    50: "test_recorded_provider_usages",
}


@cache
def known_tests() -> frozenset[str]:
    """The names of all tests of the project."""
    names = {path.stem for path in (PROJECT / "tests").rglob("*.sql")}
    for path in (PROJECT / "tests").rglob("*.py"):
        names |= set(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    for path in (PROJECT / "models").rglob("*.yml"):
        page = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
        names |= {test["name"] for test in page.get("unit_tests", ())}
    return frozenset(names)


@pytest.mark.parametrize("trap", range(1, 52))
def test_a_trap_has_a_test(trap: int):
    named = [name for name in known_tests() if re.search(rf"(?:^|_)t0?{trap}(?:_|$)", name, flags=re.IGNORECASE)]
    assert named or SHOWN_BY.get(trap) in known_tests(), f"T{trap} has no test: name one T{trap:02}_words"
