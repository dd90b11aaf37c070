"""Folders of hand-worked values, landed and built: every value of every case holds.

Skipped where the folder is absent (env CASES_PATH). The cases of a revenue engine share one build, each in a currency
of its own; most others ask for totals of the whole company and are built alone, the marts they ask for only.
"""

import json
import os
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("CASES_PATH", PROJECT.parent / "shared" / "cases"))
sys.path.insert(0, str(PROJECT / "tests"))

import cases as case_builds  # noqa: E402

EVERY = sorted(path.parent for path in CASES.glob("*/expected.json"))
TOGETHER = [case for case in EVERY if case.name.startswith("s-")]
ALONE = [case for case in EVERY if case not in TOGETHER]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not EVERY:
        pytest.skip(f"no cases at {CASES}: set CASES_PATH")
    return tmp_path_factory.mktemp("cases")


def misses(case, expected, folder):
    found = case_builds.built_misses(case, expected, folder, case_builds.marts_alone(expected))
    return [str(miss) for miss in found]


def test_every_case_of_the_revenue_engine_holds(folder):
    together = folder / "together"
    expected = case_builds.join_cases(TOGETHER, together)
    assert sum(map(len, expected.values())) > 100
    assert misses(together, expected, folder) == []


@pytest.mark.parametrize("case", ALONE, ids=lambda case: case.name)
def test_case_holds(case, folder):
    expected = {case.name: json.loads((case / "expected.json").read_text(encoding="utf-8"))}
    assert misses(case, expected, folder) == []
