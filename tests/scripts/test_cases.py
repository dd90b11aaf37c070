"""Folders of hand-worked values, landed and built: every value of every case holds.

Skipped where the folder is absent (env CASES_PATH). The cases of a revenue engine share one build, each in a currency
of its own; those that ask for rows of customers, calls and channels of their own share another; the rest ask for totals
of the whole company or bring seeds of their own and are built alone. Only the marts they ask for are built.
"""

import json
import os
from pathlib import Path

import cases as case_builds
import pytest

PROJECT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("CASES_PATH", PROJECT.parent / "shared" / "cases"))

EVERY = sorted(path.parent for path in CASES.glob("*/expected.json"))
ENGINE = [case for case in EVERY if case.name.startswith("s-")]
APART = {
    "01-vat-inclusive",
    "02-stripe-special-currencies",
    "12-ids-as-floats",
    "13-two-experiments-pooled",
    "16-audio-without-its-own-price",
    "c-charge-without-invoice-link",
    "c-coupon-on-invoice",
    "c-left-but-pays",
    "c-refund-of-nothing",
    "c-service-credit-churns",
    "c-two-salaries-one-day",
    "n-tier-served",
}
SIDE_BY_SIDE = [case for case in EVERY if case.name in APART]
ALONE = [case for case in EVERY if case not in ENGINE + SIDE_BY_SIDE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not EVERY:
        pytest.skip(f"no cases at {CASES}: set CASES_PATH")
    return tmp_path_factory.mktemp("cases")


def misses(case, expected, folder):
    found = case_builds.built_misses(case, expected, folder, case_builds.marts_alone(expected))
    return [str(miss) for miss in found]


@pytest.mark.parametrize(
    ("join", "together"), [(case_builds.join_cases, ENGINE), (case_builds.put_side_by_side, SIDE_BY_SIDE)]
)
def test_cases_of_one_build_hold(join, together, folder):
    shared = folder / join.__name__
    expected = join(together, shared)
    assert sum(map(len, expected.values())) > 50
    assert misses(shared, expected, folder) == []


@pytest.mark.parametrize("case", ALONE, ids=lambda case: case.name)
def test_case_holds(case, folder):
    expected = {case.name: json.loads((case / "expected.json").read_text(encoding="utf-8"))}
    assert misses(case, expected, folder) == []
