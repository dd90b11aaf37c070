"""A published release made by hand: every mart as its contract says, empty, or with a few rows of each story.

The figures stand on 17 June 2026: May is the last complete month, June still runs, 8 June begins the last whole week.
"""

import datetime
import json
from pathlib import Path

import duckdb
import pandas as pd
import yaml

PROJECT = Path(__file__).resolve().parents[2]
HOSTILE, NAMED = "</script><b>x", "Quillfeather Ltd"
AS_OF = datetime.date(2026, 6, 17)
MONTHS = [datetime.date(2025 + month // 12, month % 12 + 1, 1) for month in range(6, 18)]  # July 2025 to June 2026
WEEKS = [datetime.date(2026, 6, 15) - datetime.timedelta(weeks=back) for back in range(6)][::-1]
MONTH, WEEK = datetime.date(2026, 5, 1), datetime.date(2026, 6, 8)
RUNS_SINCE = {"month": MONTHS[-1], "week": WEEKS[-1]}


def contract():
    """Mart -> {column: type}, from the marts' own pages."""
    marts = {}
    pages = [page for folder in ("core", "marts") for page in (PROJECT / "models" / folder).rglob("*.yml")]
    for page in sorted(pages):
        for model in yaml.safe_load(page.read_text(encoding="utf-8")).get("models", []):
            marts[model["name"]] = {column["name"]: column["data_type"] for column in model["columns"]}
    return marts


def write(folder, stories, as_of=AS_OF):
    """Write a release into a folder: {mart: rows}, each row a dict; what it leaves out is null."""
    folder.mkdir(parents=True, exist_ok=True)
    file, storage = folder / "ai_unit_economics.duckdb", {"storage_compatibility_version": "v1.0.0"}
    with duckdb.connect(str(file), config=storage) as connection:
        connection.execute("create schema marts")
        for mart, columns in contract().items():
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table marts.{mart} ({typed})")
        for mart, rows in stories.items():
            connection.register("rows", pd.DataFrame(rows).convert_dtypes())
            connection.execute(f"insert into marts.{mart} by name select * from rows")
            connection.unregister("rows")
        connection.execute(
            """create table _release as select 'release-1' as release_id,
            timestamp '2026-06-18 04:00:00' as published_at, repeat('ab', 32) as inputs_sha256,
            ? as versions, 40::bigint as mart_count, 7::bigint as row_count,
            ?::date as as_of_date, 1234::bigint as landed_row_count, 5::bigint as quarantined_row_count""",
            [json.dumps({"duckdb": "2.0.0"}), as_of if stories else None],
        )
    return folder


def parts(cpi):
    """Cost per inference split into its components, a negative true-up among them."""
    shares = {"llm_api": 0.8, "prompt_cache": -0.05, "gpu_compute": 0.2, "vector_db": 0.05}
    names = ("llm_api", "prompt_cache", "embedding", "gpu_compute", "vector_db", "fine_tuning", "other_ai")
    return {f"{name}_cpi_usd": cpi * shares.get(name, 0) for name in names}


def stories():
    """A few rows of every mart the page reads."""
    all_of = {"dimension": "all", "dimension_value": "all"}
    trust = {"unpriced_ratio": 0.001, "unattributed_ratio": 0.02, "cost_status": "trued_up"}
    customers = {"cus_hostile": HOSTILE, "quill_7731": NAMED, **{f"cus_{n:04}": f"Trader {n:04}" for n in range(12)}}
    score = {
        "cost_per_inference": ("Cost per inference", "weekly", WEEK, "usd", "lower", 0.05, 0.0123, 0.0131, "on_target"),
        "gross_margin": ("Gross margin", "weekly", WEEK, "ratio", "higher", 0.5, 0.48, 0.52, "watch"),
        "unit_cost_trend": ("Unit cost trend", "monthly", MONTH, "ratio", "lower", -0.2, -0.05, None, "off_target"),
        "adjusted_cac": ("Adjusted CAC", "quarterly", MONTH, "usd", "lower", 100, 62.5, 60, "on_target"),
        "data_flywheel": ("Data flywheel", "quarterly", None, "ratio", "higher", None, None, None, "no_data"),
        "prompt_efficiency": ("Prompt efficiency", "weekly", WEEK, "tokens", "lower", 2000, 2100, 2050, "watch"),
        "downgrade_tolerance": ("Tolerance", "monthly", MONTH, "ratio", "higher", 0.6, 0.62, 0.6, "undecided"),
        "inference_efficiency": ("IER", "monthly", MONTH, "multiple", "higher", 8, 8.013, 4.386, "on_target"),
    }
    fields = ["metric_name", "cadence", "period_start_date", "unit", "direction"]
    fields += ["target_value", "current_value", "previous_value", "status"]
    week = {"period_start_date": WEEK, "position": 1, "is_complete": True}
    return {
        "dim_customers": [
            {"customer_id": key, "customer_name": name, "plan": "pro", "segment": "smb", "is_internal": False}
            for key, name in customers.items()
        ],
        "scorecard": [
            {
                "position": place,
                "metric": metric,
                **dict(zip(fields, row, strict=True)),
                "target_label": "improving" if metric == "data_flywheel" else "",
                "missing": "land quality_scores" if row[-1] == "no_data" else "",
                "action": f"act on {metric}",
                **trust,
            }
            for place, (metric, row) in enumerate(score.items(), start=1)
        ],
        "weekly_unit_economics": [
            week
            | {"metric": "gross_margin", "metric_name": "Gross margin", "unit": "ratio", "direction": "higher"}
            | {"this_week_value": 0.7, "last_week_value": 0.69, "target_value": 0.68, "status": "on_target"},
            week
            | {"metric": "top_20_cost_to_mrr", "metric_name": "Top 20 % cost", "unit": "ratio", "direction": "lower"}
            | {"target_value": 0.4, "status": "no_data"},
        ],
        "unit_cost_trend_monthly": [
            {
                "period_start_date": month,
                "change_3m_ratio": -0.05 * place if place > 2 else None,
                "market_change_3m_ratio": -0.02 if place > 4 else None,
                "is_complete": month < RUNS_SINCE["month"],
                "is_cost_outgrowing_revenue": place == 10,
                "ai_cost_change_1m_ratio": 0.2,
                "ai_revenue_change_1m_ratio": 0.1,
                "status": "slow",
            }
            for place, month in enumerate(MONTHS)
        ],
        "price_restatements": [
            {"customer_id": key, "period_start_date": MONTH, "cause": cause, "change_usd": cost}
            | {"revenue_change_usd": revenue}
            for key in customers
            for cause, cost, revenue in (("late_events", 0.25, 0), ("billing", 0, -30))
        ],
        "cost_per_inference": [
            {"period_grain": grain, "period_start_date": day, **all_of, "cpi_usd": cpi, **parts(cpi), **trust}
            | {"ai_cost_usd": cpi * 1000, "successful_inference_count": 1000, "is_complete": day < RUNS_SINCE[grain]}
            for grain, days in (("month", MONTHS), ("week", WEEKS))
            for cpi, day in zip([0.03, 0.028, 0.025, 0.02, 0.018, *[0.0123] * 7], days, strict=False)
        ],
        "cpi_bridge_monthly": [
            {"period_start_date": month, **all_of, "effect": effect, "effect_usd": cents / 100, **trust}
            | {"previous_cpi_usd": 0.0125, "cpi_usd": 0.0123, "previous_unpriced_ratio": 0.002}
            | {"is_complete": month < AS_OF.replace(day=1)}
            for month in MONTHS[8:]
            for effect, cents in {
                "price": -0.1,
                "service_tier": 0,
                "token_composition": -0.02,
                "tokens_per_inference": 0.06,
                "model_mix": 0.04,
                "response_cache": -0.0001,
                "retries": 0.0001,
                "support_and_fees": 0,
                "shared": 0.02,
                "true_up": -0.02,
            }.items()
        ],
        "gross_margin_monthly": [{"period_start_date": month, **all_of} for month in MONTHS],
        "customer_margins_monthly": [
            {
                "period_start_date": MONTH,
                "customer_id": key,
                "successful_inference_count": 10 * place**3,
                "revenue_usd": 0 if place == 13 else 50,
                "ai_cost_usd": cost,
                "other_cogs_usd": 0,
                "gross_profit_usd": (0 if place == 13 else 50) - cost,
                "gross_margin_ratio": None if place == 13 else (50 - cost) / 50,
                "is_loss_making": cost > (0 if place == 13 else 50),
                "has_no_revenue": place == 13,
            }
            for place, (key, cost) in enumerate(zip(customers, [900, 200, 60, *range(1, 12)], strict=True))
        ],
        "margin_signals_monthly": [
            {"period_start_date": MONTH, "signal": "large_users_lose", "scope": "usage_decile", "value": -0.4}
            | {"threshold": 0, "is_firing": True, "action": "usage tiers or throttling"}
        ],
        "plan_limit_usage_monthly": [
            {"period_start_date": month, "customer_id": key, "feature": feature, "plan": "pro", "tokens": 9000000}
            | {"cost_usd": 20, "monthly_price_usd": 7 if feature == "all" else None, "hard_limit_usd": 18}
            | {"hard_breach_date": month if status == "hard_breached" else None, "limit_status": status}
            | {"projected_hard_breach_date": AS_OF if status == "hard_projected" else None}
            | {"suggested_limit_tokens": 1500000, "suggested_limit_usd": 6.5, "p90_cost_usd": 14}
            | {"p90_margin_ratio": -1 if feature == "all" else None, "is_complete": month < RUNS_SINCE["month"]}
            for month in MONTHS[-2:]
            for key, feature, status in [
                ("cus_hostile", "all", "hard_breached"),
                ("quill_7731", f"{NAMED} export", "hard_projected"),
                ("cus_0001", "all", "within_limits"),
            ]
        ],
        "scenario_results": [
            {"scenario": name, "dimension": dimension, "dimension_value": value, "scenario_status": status}
            | {"period_start_date": datetime.date(2026, 1, 1), "baseline_ai_cost_usd": 100, "baseline_ier": 4}
            | {"baseline_revenue_usd": 400, "baseline_gross_margin_ratio": 0.75, "baseline_gross_profit_usd": 300}
            | {"baseline_loss_making_customer_count": 1, "scenario_loss_making_customer_count": change and 1 + newly}
            | {"scenario_ai_cost_usd": change and 100 - change, "scenario_revenue_usd": change and 400}
            | {"scenario_gross_margin_ratio": change and 0.5, "scenario_ier": change and 3.2}
            | {"scenario_gross_profit_usd": change and 300 + change, "gross_profit_change_usd": change}
            | {"newly_loss_making_customer_count": change and newly, "is_newly_loss_making": bool(newly)}
            for name, status, change, newly in [
                (f"{NAMED} leaves the large model", "applied", 20, 0),
                ("Prices double", "applied", -100, 1),
                ("Quota for nobody", "moves_nothing", 0, 0),
                ("Typo", "unknown_lever", None, 0),
            ]
            for dimension, value in [("all", "all"), ("customer", "quill_7731")]
        ],
        "usage_anomalies_daily": [
            {"usage_date": AS_OF, "dimension": dimension, "dimension_value": value, "measure": measure}
            | {"customer_id": "all" if dimension == "feature" else "quill_7731", "value": 120, "trailing_median": usual}
            | {"trailing_day_count": 20, "computed_cost_usd": 120, "multiple": 120 / usual if usual else None}
            for dimension, value, measure, usual in [
                ("customer", "quill_7731", "inferences", 4),
                ("user", "0123456789abcdef", "inferences", 4),
                ("feature", f"{NAMED} export", "cost", 0),
            ]
        ],
        "alerts": [
            {"kind": kind, "subject_kind": subject_kind, "subject": subject, "since_date": MONTH, "value": value}
            | {"threshold": limit, "unit": unit, "dollars_usd": dollars, "action": f"act on {kind}", "is_new": is_new}
            | {"dollars_label": "of cost" if dollars else "", "position": position}
            for kind, subject_kind, subject, value, limit, unit, dollars, is_new, position in [
                ("limit_breached", "customer_feature", "cus_hostile / all", 9000000, 6000000, "tokens", 20, True, 5),
                ("anomaly_user", "user", "0123456789abcdef", 120, 40, "inferences", 120, True, 2),
                ("anomaly_feature", "feature", f"{NAMED} export", 110, 100, "usd", 110, True, 3),
                ("metric_watch", "metric", "gross_margin", 0.48, 0.5, "ratio", None, True, 17),
                ("stale_evidence", "evidence", f"{NAMED} chat / large / small / ab", 110, 90, "days", None, True, 16),
                ("unmatched_payer", "payer", "cus_hostile", 9000, 0, "usd", 9000, True, 13),
                ("savings_lever", "lever", "prompt_caching / feature / x", 40, 10, "usd", 80, True, 14),
                ("launch_gate", "feature", "voice", None, 6, "multiple", 365, False, 6),
            ]
        ],
        "savings_opportunities": [
            {"lever": lever, "scope_dimension": "feature", "scope_value": f"{NAMED} export", "rank": rank}
            | {"status": status, "reason": "" if saving else f"No {lever}.", "monthly_saving_usd": saving}
            | {"monthly_saving_lower_usd": saving / 2, "standalone_saving_usd": alone, "effort": "low"}
            | {"evidence": "7 calls of the 28 days", "action": f"Cache the prompts of {NAMED} export, place {rank}."}
            for rank, (lever, status, saving, alone) in enumerate(
                [
                    *[("prompt_caching", "saves", 1200 / place, 1300 / place) for place in range(1, 13)],
                    ("flex", "overlapped", 0, 50),
                    ("fine_tuning", "no_data", 0, 0),
                ],
                start=1,
            )
        ],
        "acquisition_cohorts_monthly": [
            {
                "cohort_month_date": month,
                "channel": channel,
                "signup_count": 10000,
                "survivor_count": 80 if place < 8 else 0,
                "spend_usd": 50000,
                "naive_cac_usd": 5,
                "adjusted_cac_usd": 625 if place < 8 else None,
                "hype_premium": 125 if place < 8 else None,
                "payback_months": None,
                "payback_status": "never" if place < 8 else "immature",
                "cohort_status": "mature" if place < 8 else "immature",
                "is_mature": place < 8,
                "is_bubble": place == 5,
            }
            for place, month in enumerate(MONTHS)
            for channel in ("all", f"{NAMED} referral")
        ],
        "data_flywheel": [{"release_id": "r2", "released_date": MONTH, "improvement_per_10k_users_ratio": 0.01}],
        "inference_efficiency_monthly": [
            {
                "period_start_date": month,
                **all_of,
                "ai_revenue_usd": 100,
                "inference_cost_usd": 12,
                "ier": ier,
                "ier_low": ier - 2 if is_forecast else None,
                "ier_high": ier + 3 if is_forecast else None,
                "unsubsidised_ier": ier / 2,
                "warning_below_ier": 5,
                "floor_ier": 8,
                "healthy_from_ier": 10,
                "zone": "at_floor",
                "is_complete": month < AS_OF.replace(day=1) and not is_forecast,
                "is_forecast": is_forecast,
            }
            for month, ier, is_forecast in [
                *[(month, 4 + place / 2, False) for place, month in enumerate(MONTHS)],
                (datetime.date(2026, 6, 1), 9.6, True),
                (datetime.date(2026, 7, 1), 10, True),
            ]
        ],
        "downgrade_tolerance": [
            {"use_case": use_case, "expensive_model": "large", "cheap_model": "small", "evidence_method": "paired"}
            | {"pair_count": 200, "tolerance_ratio": tolerance, "lower_ratio": tolerance - 0.06}
            | {"upper_ratio": tolerance + 0.04, "target_ratio": 0.6, "verdict": verdict, "decision": "yes"}
            | {"safe_traffic_ratio": 0.8 if use_case == "all" else None, "is_stale": use_case == "code"}
            | {"typical_low_ratio": 0.3, "typical_high_ratio": 0.5, "is_sufficient": True, "last_evidence_date": MONTH}
            | {"monthly_saving_usd": 100, "monthly_saving_lower_usd": 90}
            for use_case, tolerance, verdict in [
                ("chat", 0.9, "met"),
                ("code", 0.4, "missed"),
                ("rag", 0.6, "undecided"),
                ("all", 0.7, "met"),
            ]
        ],
        "prompt_efficiency_weekly": [
            {"period_start_date": day, "use_case": use_case, "served_inference_count": 100}
            | {"avg_input_tokens": tokens, "avg_output_tokens": 80, "avg_total_tokens": tokens + 80, "input_low": low}
            | {"input_high": high, "output_low": low and 100, "output_high": high and 500, "status": "on_target"}
            for day in WEEKS
            for use_case, tokens, low, high in [
                ("chat", 2500, 500, 2000),
                ("rag", 2000, 1000, 4000),
                ("poem", 50, None, None),
                ("all", 1500, None, None),
            ]
        ],
        "workflow_costs_monthly": [
            {"period_start_date": MONTH, "workflow": workflow, "step": step, "call_count": 10, "run_count": 5}
            | {"completed_outcome_count": 4, "ai_cost_usd": cost, "workflow_cost_usd": 12, "outcome_status": "complete"}
            | {"workflow_cost_per_run_usd": 2.4, "workflow_cost_per_outcome_usd": 3}
            for workflow, step, cost in [("ticket", "draft", 11), ("ticket", "route", 1), (f"{NAMED} export", "sum", 2)]
        ],
        "bill_reconciliation_monthly": [
            {"period_start_date": month, "resolved_provider": "openai", "component": "llm_api", "model_tag": "all"}
            | {"computed_cost_usd": 99.9, "recognised_cost_usd": 100, "allocated_cost_usd": 98}
            | {"billed_cost_usd": 130, "prepaid_usd": 30, "unattributed_cost_usd": 2}
            | {"uncovered_computed_cost_usd": 0, "credit_usd": -1, "tax_usd": 19, "variance_usd": 0.1}
            | {"variance_class": "within_tolerance"}
            for month in MONTHS
        ],
    }
