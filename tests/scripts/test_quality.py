"""Quality against price, from landed files to marts: the worked examples, public evaluations, and every Wilson bound.

One build serves all tests. The answers are worked out by hand, by the price book's own package or with exact decimals,
never with the project's SQL. The public evaluations (env REAL_DATA_PATH) are landed beside them; where they are absent
their test is skipped.
"""

import contextlib
import json
import shutil
import sys
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from pathlib import Path

import duckdb
import pytest
from genai_prices import Usage, calc_price

SERVED_AT = datetime(2026, 3, 20, 10, tzinfo=UTC)
USE_CASES = {"faq": 60, "account": 20, "technical": 15, "angry": 5}
REAL = "routellm_gsm8k"


def call(request, use_case="faq", **columns):
    return {
        "request_id": request, "timestamp": SERVED_AT.isoformat(), "provider": "openai", "model": "gpt-4o",
        "input_tokens": 1000, "output_tokens": 100, "customer_id": "acme", "use_case": use_case, "feature": use_case,
    } | columns  # fmt: skip


def pairs(use_case, count, tolerating, retained, day="2026-03-10"):
    """Pairs of one mean: those that tolerate lose 0.05 at most, the others carry the rest of the loss."""
    lost = (1 - Decimal(retained)) * count
    kept_each = min(Decimal("0.05"), lost / count) if tolerating == count else Decimal(0)
    lost_each = (lost - kept_each * tolerating) / (count - tolerating) if tolerating < count else Decimal(0)
    for number in range(count):
        cheap = 1 - (kept_each if number < tolerating else lost_each)
        yield {
            "evaluation_id": f"{use_case}-{number}", "task_id": f"t{number}", "evaluated_at": f"{day}T10:00:00Z",
            "use_case": use_case, "expensive_model": "gpt-4o", "cheap_model": "gpt-4o-mini",
            "expensive_score": "1", "cheap_score": str(cheap),
        }  # fmt: skip


def landed_calls():
    for use_case, count in USE_CASES.items():
        yield from (call(f"{use_case}-{number}", use_case, customer_id=f"c{number}") for number in range(count))
    work = {"use_case": "work", "workflow": "ticket"}
    yield call("w1", **work, step="draft", workflow_run_id="run1")
    yield call("w2", **work, step="draft", workflow_run_id="run2")
    yield call("w3", **work, step="review", workflow_run_id="run2", input_tokens=200, output_tokens=0)
    # The last call makes as_of_date 2026-03-28.
    last = {"use_case": "wasteful", "step": "s", "timestamp": "2026-03-28T10:00:00Z"}
    yield call("lost", **last, status="timeout", is_billed=True)
    yield call("stopped", **last, status="cancelled")
    yield call("again", **last, status="timeout", is_billed=True)
    yield call("again", **last, attempt=2, call_id="again:2")
    yield call("twice", **last, attempt=2, call_id="twice:2")
    yield call("twice", **last)
    yield call("asked", **last, prompt_hash="h")
    yield call("asked-again", **(last | {"timestamp": "2026-03-28T12:00:00Z"}), prompt_hash="h")
    yield call("hit", **(last | {"timestamp": "2026-03-28T13:00:00Z"}), prompt_hash="h", cache_hit=True)


def landed_quality():
    arm = {"experiment_id": "x", "use_case": "faq", "observed_at": "2026-03-15T00:00:00Z", "n": 100}
    release = {"score_stddev": "0.2", "n": 400}
    return {
        "inference_events": landed_calls(),
        "paired_evaluations": [
            *pairs("faq", 100, 80, "0.98"), *pairs("account", 20, 20, "0.95"),
            *pairs("technical", 100, 80, "0.80"), *pairs("angry", 100, 60, "0.60"),
        ],
        "ab_results": [
            arm | {"arm": "expensive", "model": "gpt-4o", "score": "0.8", "score_stddev": "0.2"},
            arm | {"arm": "cheap", "model": "gpt-4o-mini", "score": "0.75", "score_stddev": "0.2"},
        ],
        "quality_scores": [
            release | {
                "release_id": "r1", "released_at": "2026-02-01T08:00:00Z", "score": "0.80", "cumulative_users": 1000,
            },
            release | {
                "release_id": "r2", "released_at": "2026-03-01T08:00:00Z", "score": "0.84", "cumulative_users": 3000,
                "cost_usd": "10", "improvement_source": "user_signal",
            },
        ],
        "workflow_outcomes": [
            {"workflow_run_id": "run1", "outcome": "completed", "resolved_at": "2026-03-20T11:00:00Z"},
            {"workflow_run_id": "run2", "outcome": "failed", "resolved_at": "2026-03-20T11:00:00Z"},
        ],
        "feedback": [
            {"feedback_id": "f1", "request_id": "faq-1", "kind": "thumbs_up", "created_at": "2026-03-20T11:00:00Z"},
            {"feedback_id": "f2", "request_id": "faq-2", "kind": "retry", "created_at": "2026-03-20T11:00:00Z"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def built(warehouse, request):
    for source, rows in landed_quality().items():
        folder = warehouse.landing / source
        folder.mkdir(parents=True)
        (folder / "example.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    with contextlib.suppress(pytest.skip.Exception):  # the one test that needs it says so
        shutil.copytree(request.getfixturevalue("real_data") / REAL / "landing", warehouse.landing, dirs_exist_ok=True)
    warehouse.land()
    only = ["--indirect-selection", "buildable", "--select", "+path:models/marts/quality", "+waste_ledger_monthly"]
    only += ["+workflow_costs_monthly", "+cache_performance_weekly"]
    warehouse.dbt("build", "--exclude-resource-type", "unit_test", *only)
    return warehouse


def package_price(model):
    usage = Usage(input_tokens=1000, output_tokens=100)
    return calc_price(usage, model, provider_id="openai", genai_request_timestamp=SERVED_AT).total_price


def tolerance(built, columns, where):
    return built.query(f"select {columns} from marts.downgrade_tolerance where {where}")


def test_support_desk_example(built):
    """Yes, yes, test, no; safe traffic 80 %."""
    rows = tolerance(
        built,
        "use_case, pair_count, tolerating_count, retention_ratio, decision, traffic_inference_count, is_sufficient",
        "evidence_method = 'paired' and cheap_model = 'gpt-4o-mini' order by traffic_inference_count desc",
    )
    assert rows == [
        ("faq", 100, 80, Decimal("0.98"), "yes", 60, True),
        ("account", 20, 20, Decimal("0.95"), "yes", 20, False),
        ("technical", 100, 80, Decimal("0.80"), "test", 15, True),
        ("angry", 100, 60, Decimal("0.60"), "no", 5, True),
    ]
    overall = tolerance(
        built, "safe_traffic_ratio, tolerance_ratio, traffic_inference_count, verdict", "use_case = 'all'"
    )
    assert overall == [(Decimal("0.8"), Decimal("0.83"), 100, "met")]


def test_moving_four_fifths_saves_less_than_four_fifths(built):
    """80 % of the traffic at a sixteenth of the price saves 75.2 %, at the lower bound 66.8 %."""
    dear, cheap = package_price("gpt-4o") * 60, package_price("gpt-4o-mini") * 60
    month = Decimal(365) / 12 / 28
    [(actual, repriced, multiple, matrix, saving, lower)] = tolerance(
        built,
        "actual_cost_usd, repriced_cost_usd, cost_multiple, matrix_decision, "
        "monthly_saving_usd, monthly_saving_lower_usd",
        "use_case = 'faq' and evidence_method = 'paired'",
    )
    assert (actual, repriced, round(multiple, 1), matrix) == (dear, cheap, Decimal("16.7"), "switch")
    assert saving / (dear * month) == pytest.approx(Decimal("0.752"), abs=Decimal("1e-9"))
    assert lower == pytest.approx((dear - cheap) * month * wilson(80, 100)[0], abs=Decimal("1e-9"))
    # Twenty pairs are too few to count on; only the switch of faq is in the total.
    assert tolerance(built, "monthly_saving_usd", "use_case = 'account'") == [(0,)]
    assert tolerance(built, "monthly_saving_usd", "use_case = 'all'") == [(saving,)]


def test_experiment_is_beside_the_pairs(built):
    rows = tolerance(
        built,
        "score_difference, difference_lower, is_non_inferior, monthly_saving_usd",
        "use_case = 'faq' and evidence_method = 'ab'",
    )
    assert rows == [(Decimal("-0.05"), Decimal("-0.105436153"), False, 0)]


def test_flywheel_and_proxies(built):
    flywheel = built.query(
        "select improvement_ratio, improvement_per_10k_users_ratio, users_added, stage, usd_per_quality_point, status "
        "from marts.data_flywheel"
    )
    assert flywheel == [(Decimal("0.05"), Decimal("0.25"), 2000, "early", Decimal("250"), "improving")]
    [proxies] = built.query(
        "select inference_count, task_completion_ratio, satisfaction_ratio, retry_ratio * inference_count "
        "from marts.flywheel_proxies_monthly where period_start_date = '2026-03-01'"
    )
    assert proxies[:3] == (110, Decimal("0.5"), Decimal(1))
    assert round(proxies[3], 9) == 1


def test_failed_runs_are_paid_by_the_completed_ones(built):
    rows = built.query(
        "select step, run_count, completed_outcome_count, cost_per_outcome_usd, is_majority_step "
        "from marts.workflow_costs_monthly where workflow = 'ticket' order by step"
    )
    assert rows == [
        ("draft", 2, 1, 2 * package_price("gpt-4o"), True),
        ("review", 2, 1, Decimal("0.0005"), False),
    ]


def test_waste_by_class(built):
    one = package_price("gpt-4o")
    wasted = built.query(
        "select waste_class, call_count, cost_usd from marts.waste_ledger_monthly where step = 's' order by waste_class"
    )
    assert wasted == [
        ("cancelled", 1, one),
        ("failed_but_billed", 1, one),
        ("repeat", 1, one),
        ("retried", 1, one),
        ("second_success", 1, one),
    ]
    # Fresh, sufficient evidence says yes for faq alone.
    premium = built.query(
        "select sum(call_count), sum(cost_usd) from marts.waste_ledger_monthly "
        "where waste_class = 'premium_model' and status = 'available'"
    )
    assert premium == [(60, 60 * (one - package_price("gpt-4o-mini")))]
    unavailable = built.query("select waste_class from marts.waste_ledger_monthly where status = 'unavailable'")
    assert unavailable == [("oversize_context",)]


def test_cache_hit_avoids_its_own_price(built):
    rows = built.query(
        "select cached_inference_count, response_cache_hit_ratio, avoided_cost_usd "
        "from marts.cache_performance_weekly where cached_inference_count > 0"
    )
    assert rows == [(1, Decimal("0.2"), package_price("gpt-4o"))]


def test_public_evaluations(built, real_data):
    """GPT-4 and Mixtral on 1 319 questions: the counts and rates of the data's own README, old and therefore stale."""
    rows = tolerance(
        built,
        "pair_count, tolerating_count, round(tolerance_ratio, 6), round(lower_ratio, 5), round(upper_ratio, 6), "
        "round(mean_expensive_score * 1319, 6), round(mean_cheap_score * 1319, 6), round(retention_ratio, 6), "
        "decision, is_stale, is_sufficient, monthly_saving_usd",
        "use_case = 'math_word_problems'",
    )
    expected = ("0.709629", "0.68455", "0.733489", "1130", "842", "0.745133")
    assert rows == [(1319, 936, *map(Decimal, expected), "no", True, True, 0)]
    right = built.query(
        """
        select count(*) filter (where weighted_expensive_points = 1 and weighted_cheap_points = 1),
            count(*) filter (where not is_tie and not is_cheap_preferred), count(*) filter (where is_cheap_preferred)
        from intermediate.int_evaluations_scored where use_case = 'math_word_problems'
        """
    )
    assert right == [(747, 383, 95)]


def wilson(successes, trials):
    """The Wilson 95 % interval in exact decimals, from its textbook form."""
    with localcontext(prec=50):
        z, n = Decimal("1.959963984540054"), Decimal(trials)
        share = successes / n
        middle = share + z * z / (2 * n)
        reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt()
        return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def test_every_wilson_bound_up_to_200_trials(warehouse):
    bounds = (f"{{{{ wilson_bound('successes', 'trials', '{sign}') }}}}" for sign in "-+")
    sql = f"select successes, trials, {', '.join(bounds)}"
    dbt = str(Path(sys.executable).parent / "dbt")
    compiled = warehouse.run(dbt, "--quiet", "compile", "--inline", sql).stdout
    counts = "(select range as trials, unnest(range(range + 1)) as successes from range(1, 201))"
    rows = duckdb.sql(f"{compiled} from {counts}").fetchall()
    assert len(rows) == sum(trials + 1 for trials in range(1, 201))
    worst = max(
        abs(bound - exact)
        for successes, trials, *bounds in rows
        for bound, exact in zip(bounds, wilson(successes, trials), strict=True)
    )
    assert worst < Decimal("1e-9")
