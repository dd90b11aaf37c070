"""How good the answers of the demo company are: outcomes, feedback, evaluations, releases."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from demo.world import DAY_US, EVALUATIONS, FEATURES, JOBS, MODELS, MONTHS, RELEASES, micros, month_end, month_start
from demo.writer import Writer


def write_outcomes_and_feedback(writer: Writer, runs: pd.DataFrame, customers: pd.DataFrame, seed: int) -> None:
    """Outcomes of workflow runs and thumbs, slowly getting better."""
    names = np.array([*customers.customer_id, None], dtype=object)
    for index, month in enumerate(MONTHS):
        rng, here = np.random.default_rng([seed, 3, index]), runs[runs.month == index]
        last = micros(month_end(month)) - 1_000_000
        customer = np.where(here.who == 0, names[here.customer.to_numpy()], None)
        run_id, feature = [f"run_{run:010x}" for run in here.run], here.feature.to_numpy()
        finished = np.array([f.outcome for f in FEATURES])[feature] & (here.who < 3).to_numpy()
        good = 0.76 + 0.008 * index  # the releases get better
        luck = rng.random(len(here))
        outcome = np.select([luck < good, luck < good + 0.5 * (1 - good)], ["completed", "failed"], "abandoned")
        resolved = np.minimum(
            here.t.to_numpy() + (rng.exponential(0.08, len(here)) * DAY_US).astype(np.int64) + 60_000_000, last
        )
        frame = pd.DataFrame({
            "workflow_run_id": run_id, "workflow": np.array([f.workflow for f in FEATURES],
            dtype=object)[feature], "customer_id": customer,
            "outcome": outcome, "resolved_at": pd.to_datetime(resolved,
            unit="us").strftime("%Y-%m-%dT%H:%M:%SZ")})  # fmt: skip
        writer.rows("workflow_outcomes", month, frame[finished], list(frame.columns))
        thumb = (rng.random(len(here)) < 0.05) & (here.who < 2).to_numpy()
        luck = rng.random(len(here))
        kind = np.select(
            [luck < 0.5 + 0.012 * index, luck < 0.78, luck < 0.88, luck < 0.95],
            ["thumbs_up", "thumbs_down", "retry", "edit"],
            "rating",
        )
        frame = pd.DataFrame({
            "feedback_id": [f"fb_{run:010x}" for run in here.run],
            "request_id": [f"req_{run:010x}" for run in here.run], "customer_id": customer, "kind": kind,
            "value": np.where(kind == "rating", rng.integers(2, 6, len(here)), np.nan),
            "created_at": pd.to_datetime(resolved, unit="us").strftime("%Y-%m-%dT%H:%M:%SZ")})  # fmt: skip
        writer.rows("feedback", month, frame[thumb], list(frame.columns))


def write_quality(writer: Writer, scale: float, seed: int) -> None:
    """Paired evaluations, A/B results, release scores and fine-tuning jobs."""
    rng, names = np.random.default_rng([seed, 6]), {key: name for key, (_, name, _) in MODELS.items()}
    rows = []
    for use_case, expensive, cheap, month, pairs, mean, ratio in EVALUATIONS:
        noise = rng.normal(0, 0.03, (pairs, 3))
        hard = (
            rng.random(pairs) < (1 - ratio) * 1.6
        )  # the cheap model fails on some tasks and equals the dear one on the rest
        high = np.clip(mean + noise[:, 0], 0.05, 1)
        low = np.clip(high * np.where(hard, 0.45, 1.0 + 0.0 * ratio) + noise[:, 1] * 0.6, 0, 1)
        for k in range(pairs):
            five = use_case == "chat"  # graders of chat use 1 to 5
            score = [f"{1 + 4 * value:.1f}" if five else f"{value:.3f}" for value in (high[k], low[k])]
            on = month_start(month) + timedelta(int(k * 27 / pairs))
            rows.append({
                "evaluation_id": f"ev_{use_case}_{cheap}_{k:04d}", "task_id": f"task_{use_case}_{k:04d}",
                "evaluated_at": f"{on}T10:00:00Z", "use_case": use_case,
                "expensive_model": names[expensive], "cheap_model": names[cheap], "expensive_score": score[0],
                "cheap_score": score[1],
                "scale_min": 1 if five else 0, "scale_max": 5 if five else 1,
                "method": "human" if five else "judge", "weight": "1", "_seen": on})  # fmt: skip
    writer.by_month("paired_evaluations", rows, [name for name in rows[0] if name != "_seen"])
    tests = [
        ("ab-draft", "rag", "opus41", "gpt5mini", "2026-03", 0.86, 0.85),
        ("ab-chat", "chat", "gpt5", "luna", "2026-08", 0.82, 0.80),
    ]
    rows = []
    for test, use_case, expensive, cheap, month, high, low in tests:
        for k in range(160):
            for arm, key, mean in (("expensive", expensive, high), ("cheap", cheap, low)):
                moment = f"{month_start(month) + timedelta(k % 28)}T12:{k % 60:02d}:00Z"
                rows.append({
                    "experiment_id": test, "use_case": use_case, "model": names[key], "arm": arm,
                    "observed_at": moment,
                    "score": f"{min(1.0, max(0.0, mean + float(rng.normal(0, 0.12)))):.3f}", "n": 1,
                    "_seen": moment})  # fmt: skip
    for arm, key, mean in (("expensive", "sonnet46", 0.87), ("cheap", "flash", 0.868)):
        rows.append({"experiment_id": "ab-summary", "use_case": "summarisation", "model": names[key],
            "arm": arm, "observed_at": "2026-09-20T00:00:00Z",
                     "score": f"{mean}", "n": 900, "score_stddev": "0.140", "_seen": "2026-09-20"})  # fmt: skip
    writer.by_month(
        "ab_results", rows, ["experiment_id", "use_case", "model", "arm", "observed_at", "score", "n", "score_stddev"]
    )
    rows = [{"release_id": release, "released_at": f"{on}T08:00:00Z", "evaluated_at": f"{on}T07:00:00Z",
        "score": f"{score}", "n": n, "score_stddev": f"{deviation}",
             "cumulative_users": users, "improvement_source": source, "cost_usd": f"{usd * scale:.2f}", "_seen": on}
            for release, on, score, n, deviation, users, source, usd in RELEASES]  # fmt: skip
    writer.by_month("quality_scores", rows, [name for name in rows[0] if name != "_seen"])
    rows = [{"job_id": job, "provider": "openai", "model": names[key], "completed_at": completed,
        "cost": f"{usd * scale:.2f}", "currency": "USD",
             "expected_inferences": max(20, round(count * scale)), "amortisation_months": months,
             "_seen": completed} for job, key, completed, usd, count, months in JOBS]  # fmt: skip
    writer.by_month("finetuning_jobs", rows, [name for name in rows[0] if name != "_seen"])
