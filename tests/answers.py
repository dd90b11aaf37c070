"""The answers of analyses/published, each beside the same numbers by another way through the published marts.

Used on releases that tests make anyway (test_incremental.py: the demo company; test_companies.py: whatever is sparse).
What would silently go wrong: a join that multiplies or drops rows, a row `all` added to its parts, internal use,
another month.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).resolve().parents[1] / "analyses" / "published"
ANSWERS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}
# Components that one vendor alone bills.
BY_ONE_VENDOR = """(select component from marts.bill_reconciliation_monthly where recognised_cost_usd <> 0
    group by component having count(distinct resolved_provider) = 1)"""
ROUNDED = 1e-6  # money of a row
# At ten times the median; at twice it there are days to compare.
EMPTY_IN_DEMO = {"days_far_above_the_median"}

MONTH = "date_trunc('month', cast(getvariable('month') as date))"
CUSTOMERS = "inner join marts.dim_customers using (customer_id)"
USAGE = f"from marts.fct_usage_daily {CUSTOMERS} where date_trunc('month', usage_date) = {MONTH}"
CALLS = f"""from marts.fct_inference_calls as calls {CUSTOMERS}
    inner join (select * exclude (usage_date, inference_id) from marts.fct_inference_costs) as costs using (call_id)
    where date_trunc('month', usage_date) = {MONTH}"""
COSTS = """(select calls.customer_id, costs.* from marts.fct_inference_costs as costs
    inner join marts.fct_inference_calls as calls using (call_id))"""
TOKENS = "llm_api_cost_usd + prompt_cache_cost_usd + embedding_cost_usd"

# Answers that are put for more than the one that is asked without a name: every vendor, customers of most plans.
ASKED_OF = {
    "customer_share_of_a_vendor_invoice": (
        "provider",
        "select distinct resolved_provider from marts.bill_reconciliation_monthly order by 1",
    ),
    "one_customer_by_month": (
        "customer_id",
        "select customer_id from marts.dim_customer_plans group by 1 order by count(*) desc, 1 limit 3",
    ),
}


@dataclass(frozen=True)
class Check:
    """An answer (`answer`) added up by its first `keys` columns, and the same by another way."""

    mine: str
    other: str
    keys: int = 1
    settings: dict[str, Any] = field(default_factory=dict)  # parameters this way needs


CHECKS: dict[str, list[Check]] = {
    "features_and_models_under_water": [
        Check(
            "select feature, sum(ai_revenue_usd) from answer group by feature",
            f"""select dimension_value, ai_revenue_usd from marts.inference_efficiency_monthly
            where dimension = 'feature' and not is_forecast and period_start_date = {MONTH}""",
        ),
        Check(
            "select feature, sum(ai_cost_usd), sum(successful_inference_count) from answer group by feature",
            f"""select dimension_value, ai_cost_usd, successful_inference_count from marts.cost_per_inference
            where period_grain = 'month' and dimension = 'feature' and period_start_date = {MONTH}""",
        ),
        Check(
            "select resolved_model, sum(ai_cost_usd) from answer group by resolved_model",
            f"select resolved_model, sum(ai_cost_usd) {USAGE} and not is_internal group by resolved_model",
        ),
    ],
    "calls_of_a_customer": [
        Check(
            "select customer_id, count(*), sum(computed_cost_usd) from answer group by customer_id",
            f"""select customer_id, sum(call_count), sum(computed_cost_usd) {USAGE} and customer_id =
            (select any_value(customer_id) from answer) group by customer_id having sum(call_count) > 0""",
        ),
        Check(
            "select customer_id, sum(ai_cost_usd) from answer group by customer_id",
            f"""select customer_id, sum(ai_cost_usd) from {COSTS} as costs
            where date_trunc('month', usage_date) = {MONTH}
            and customer_id = (select any_value(customer_id) from answer) group by customer_id""",
        ),
    ],
    "cost_per_completed_outcome_by_feature": [
        Check(
            "select workflow, sum(ai_cost_usd), max(completed_outcome_count) from answer group by workflow",
            f"""select workflow, sum(ai_cost_usd), max(completed_outcome_count) from marts.workflow_costs_monthly
            where period_start_date = {MONTH} group by workflow having sum(call_count) > 0 or sum(ai_cost_usd) <> 0""",
        ),
        Check(
            "select workflow, sum(cost_per_outcome_usd) from answer group by workflow",
            f"""select workflow, max(workflow_cost_per_outcome_usd) from marts.workflow_costs_monthly
            where period_start_date = {MONTH} group by workflow""",
        ),
    ],
    "loss_makers_on_a_cheaper_model": [
        Check(
            "select customer_id, gross_profit_usd from answer",
            f"""select customer_id, revenue_usd - ai_cost_usd - other_cogs_usd as profit
            from marts.customer_margins_monthly
            where period_start_date = {MONTH} and not is_internal and customer_id <> 'unattributed' and profit < 0""",
        ),
        # By call: what the delivered answers cost that evidence lets move.
        Check(
            "select customer_id, movable_cost_usd from answer",
            f"""select customer_id, sum(llm_api_cost_usd + prompt_cache_cost_usd) {CALLS}
            and is_successful and not is_response_cache_hit and customer_id in (select customer_id from answer)
            and exists (
                from marts.downgrade_tolerance as evidence
                where evidence.use_case = calls.use_case and evidence_method = 'paired' and decision = 'yes'
                and not is_stale and is_sufficient and actual_cost_usd > repriced_cost_usd
                and lower(expensive_model) in (lower(calls.model), lower(calls.resolved_model))
            ) group by customer_id""",
        ),
    ],
    "plans_of_the_day": [
        Check(
            """select plan, sum(revenue_usd), sum(ai_revenue_usd), sum(ai_cost_usd), sum(successful_inference_count)
            from answer group by plan""",
            f"""select dimension_value, revenue_usd, ai_revenue_usd, ai_cost_usd, successful_inference_count
            from marts.gross_margin_monthly where dimension = 'plan' and period_start_date = {MONTH}""",
        ),
    ],
    "customers_that_moved": [
        Check(
            "select customer_id, ai_cost_change_usd, more_use_usd + dearer_use_usd from answer",
            f"""select customer_id, sum(change), sum(change) from (
                select customer_id, case when date_trunc('month', usage_date) = {MONTH}
                    then ai_cost_usd else -ai_cost_usd end as change
                from marts.fct_usage_daily
                where date_trunc('month', usage_date) in ({MONTH}, {MONTH} - interval 1 month)
            ) group by customer_id""",
        ),
        Check(
            "select customer_id, revenue_change_usd from answer",
            f"""select customer_id, sum(case when date_trunc('month', revenue_date) = {MONTH}
                then revenue_usd else -revenue_usd end)
            from marts.fct_revenue_daily
            where date_trunc('month', revenue_date) in ({MONTH}, {MONTH} - interval 1 month) group by customer_id""",
        ),
    ],
    "customer_share_of_a_vendor_invoice": [
        # The share of the invoice is what the customer's own calls carry of it.
        Check(
            "select resolved_provider, customer_cost_usd from answer where part = 'priced calls'",
            f"""select resolved_provider, sum({TOKENS}) {CALLS}
            and customer_id = (select any_value(customer_id) from answer)
            and resolved_provider = (select any_value(resolved_provider) from answer) group by resolved_provider""",
        ),
        Check(
            "select resolved_provider, sum(billed_cost_usd), sum(estimated_cost_usd) from answer group by all",
            f"""select resolved_provider, sum(recognised_cost_usd), sum(coalesce(uncovered_computed_cost_usd, 0))
            from marts.bill_reconciliation_monthly where period_start_date = {MONTH}
            and resolved_provider = (select any_value(resolved_provider) from answer) group by resolved_provider""",
        ),
        # What one vendor alone bills of a component is what margins and facts say the customer carries of it.
        Check(
            f"""select part, customer_cost_usd from answer
            where part in ('gpu_compute', 'vector_db', 'other_ai') and part in {BY_ONE_VENDOR}""",
            f"""select part, cost_usd from (
                select sum(gpu_compute_cost_usd) as gpu_compute, sum(vector_db_cost_usd) as vector_db,
                    sum(other_ai_cost_usd) as other_ai
                {USAGE} and customer_id = (select any_value(customer_id) from answer)
            ) unpivot (cost_usd for part in (gpu_compute, vector_db, other_ai))
            where part in (select part from answer) and part in {BY_ONE_VENDOR}""",
        ),
    ],
    "cac_payback_by_channel": [
        Check(
            "select channel, spend_usd from answer",
            """select channel, sum(spend_usd) from marts.fct_acquisition_spend_daily
            where date_trunc('month', spend_date) between
                (select min(first_cohort_date) from answer) and (select max(last_cohort_date) from answer)
            group by channel""",
        ),
        # With what was not paid for they are everybody who signed up.
        Check(
            """select 'all', sum(signup_count), sum(survivor_count), sum(survivor_profit_usd) from (
                select signup_count, survivor_count, survivor_profit_usd from answer
                union all
                select signup_count, survivor_count, survivor_profit_usd from marts.acquisition_cohorts_monthly
                where channel <> 'all' and is_mature and not spend_usd > 0
            ) having count(*) > 0""",
            """select 'all', sum(signup_count), sum(survivor_count), sum(survivor_profit_usd)
            from marts.acquisition_cohorts_monthly where channel = 'all' and is_mature having count(*) > 0""",
            settings={"cohorts": 1000},
        ),
    ],
    "inference_efficiency_by_product": [
        Check(
            "select product_id, ai_revenue_usd, inference_cost_usd from answer",
            f"""select dimension_value, ai_revenue_usd, inference_cost_usd from marts.inference_efficiency_monthly
            where dimension = 'product' and not is_forecast and period_start_date = {MONTH}""",
            settings={"months": 1},
        ),
        Check(
            """select product_id, answer.ier from answer inner join marts.inference_efficiency_monthly as marts
            on product_id = dimension_value and dimension = 'product' and not is_forecast and ier_t3m is not null
            and period_start_date = """
            + MONTH,
            f"""select dimension_value, round(ier_t3m, 3) from marts.inference_efficiency_monthly
            where dimension = 'product' and not is_forecast and ier_t3m is not null and period_start_date = {MONTH}""",
        ),
    ],
    "price_of_a_model_times_two": [
        Check(
            "select customer_id, cost_change_usd from answer where customer_id <> 'unattributed'",
            f"""select customer_id, 2 * sum({TOKENS}) {CALLS} and customer_id <> 'unattributed'
            and resolved_model = (select any_value(model) from answer) group by customer_id""",
            settings={"multiple": 3},
        ),
    ],
    "days_far_above_the_median": [
        Check(
            """select usage_date, dimension, dimension_value, inference_count, usual_inference_count, usual_day_count
            from answer""",
            """select usage_date, dimension, dimension_value, value, trailing_median, trailing_day_count
            from marts.usage_anomalies_daily where measure = 'inferences' and dimension in ('customer', 'feature')""",
            keys=3,
        ),
        # Twice the usual: the same by a window over days instead of a join.
        Check(
            """select usage_date, dimension_value, inference_count, usual_inference_count
            from answer where dimension = 'feature'""",
            """select usage_date, feature, inference_count, usual from (
                select usage_date, feature, inference_count, quantile_disc(inference_count, 0.5) over before as usual,
                    count(*) over before as days
                from (
                    select usage_date, feature, sum(inference_count)::bigint as inference_count
                    from marts.fct_usage_daily inner join marts.dim_customers using (customer_id)
                    where not is_internal group by all having sum(inference_count) > 0
                )
                window before as (partition by feature order by usage_date
                    range between interval 28 day preceding and interval 1 day preceding)
            ) where days >= 7 and inference_count > 2 * usual
            and usage_date <= (select max(as_of_date) from _release)""",
            keys=2,
            settings={"multiple": 2},
        ),
    ],
    "p95_cost_by_feature": [
        Check(
            "select feature, inference_count, p50_cost_usd, p95_cost_usd from answer where feature = 'all'",
            f"""select dimension_value, costed_inference_count, p50_inference_cost_usd, p95_inference_cost_usd
            from marts.cost_percentiles_monthly
            where dimension = 'all' and period_start_date = {MONTH} and costed_inference_count > 0""",
        ),
        Check(
            "select 'all', sum(inference_count), sum(cost_usd) from answer where feature <> 'all' having count(*) > 0",
            "select 'all', inference_count, cost_usd from answer where feature = 'all'",
        ),
    ],
    "cost_by_prompt_version": [
        Check(
            "select feature, sum(call_count), sum(successful_inference_count) from answer group by feature",
            f"""select feature, sum(call_count), sum(successful_inference_count) {USAGE} and not is_internal
            group by feature having sum(call_count) > 0""",
        ),
        Check(
            "select 'all', sum(ai_cost_usd) from answer having count(*) > 0",
            f"""select 'all', sum(ai_cost_usd) from {COSTS} as costs {CUSTOMERS}
            where date_trunc('month', usage_date) = {MONTH} and not is_internal having count(*) > 0""",
        ),
    ],
    "what_failures_cost": [
        Check(
            """select feature, step, attempt_count, inference_count, successful_inference_count, unproductive_cost_usd,
            productive_cost_usd from answer""",
            f"""select feature, step, count(*), count(*) filter (where is_inference),
                count(*) filter (where is_successful),
                coalesce(sum(computed_cost_usd) filter (where not is_successful), 0),
                coalesce(sum(computed_cost_usd) filter (where is_successful), 0)
            {CALLS} and not is_internal and call_type not in ('embedding', 'retrieval', 'rerank', 'moderation')
            group by feature, step""",
            keys=2,
        ),
    ],
    "what_free_use_costs": [
        Check(
            "select segment, free_cost_usd, free_inference_count from answer where segment <> 'all'",
            f"""select segment, sum(ai_cost_usd), sum(successful_inference_count) {USAGE}
            and not is_internal and customer_id <> 'unattributed' and customer_id not in (
                select customer_id from marts.fct_revenue_daily
                where date_trunc('month', revenue_date) = {MONTH} group by customer_id having sum(revenue_usd) > 0
            ) group by segment""",
        ),
        Check(
            """select 'all', sum(free_cost_usd), sum(customer_count) from answer where segment <> 'all'
            having count(*) > 0""",
            "select 'all', free_cost_usd, customer_count from answer where segment = 'all'",
        ),
    ],
    "vendors_against_our_logs": [
        Check(
            """select component, sum(billed_cost_usd), sum(estimated_cost_usd), sum(tax_usd), sum(credit_usd)
            from answer group by component""",
            f"""select component, sum(billed_cost_usd), sum(estimated_cost_usd), sum(tax_usd), sum(credit_usd)
            from marts.vendor_spend_monthly where period_start_date = {MONTH} group by component""",
        ),
    ],
    "one_customer_by_month": [
        Check(
            "select period_start_date, ai_cost_usd, successful_inference_count from answer",
            """select date_trunc('month', usage_date)::date, sum(ai_cost_usd), sum(successful_inference_count)
            from marts.fct_usage_daily where customer_id = (select any_value(customer_id) from answer) group by all""",
        ),
        Check(
            "select period_start_date, revenue_usd from answer",
            """select date_trunc('month', revenue_date)::date, sum(revenue_usd) from marts.fct_revenue_daily
            where customer_id = (select any_value(customer_id) from answer) group by all""",
        ),
    ],
}


def opened(file: Path) -> duckdb.DuckDBPyConnection:
    """A published file, read-only."""
    return duckdb.connect(str(file), read_only=True)


def ask(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> int:
    """Put an answer into the temporary table `answer`; its rows."""
    for variable, value in parameters.items():
        connection.execute(f"set variable {variable} = ?", [value])
    connection.execute(f"create or replace temp table answer as {ANSWERS[name]}")
    for variable in set(parameters) - {"month"}:
        connection.execute(f"reset variable {variable}")
    return connection.execute("select count(*) from answer").fetchone()[0]


def differences(connection: duckdb.DuckDBPyConnection, check: Check, rows: int) -> list[str]:
    """What the two ways do not agree on, either one's rows; what is 0 may be missing."""

    def added(sql: str) -> dict[tuple, list[float]]:
        found = connection.execute(sql).fetchall()
        sums = {tuple(map(str, row[: check.keys])): [float(value or 0) for value in row[check.keys :]] for row in found}
        assert len(sums) == len(found), f"a key twice: {sql}"
        return sums

    mine, other = added(check.mine), added(check.other)
    width = len(next(iter([*mine.values(), *other.values()]), []))
    return [
        f"{key}: {mine.get(key)} and {other.get(key)}"
        for key in sorted(mine.keys() | other.keys())
        if any(
            abs(one - two) > ROUNDED * (1 + rows) + 1e-9 * abs(two)
            for one, two in zip(mine.get(key, [0.0] * width), other.get(key, [0.0] * width), strict=True)
        )
    ]


def wrong(connection: duckdb.DuckDBPyConnection, month_count: int = 3) -> list[str]:
    """What differs, of every check of every answer, in the last months."""
    connection.execute("set enable_progress_bar = false")

    def listed(sql: str) -> list[Any]:
        return [value for (value,) in connection.execute(sql).fetchall()]

    months = listed("select distinct period_start_date from marts.gross_margin_monthly order by 1 desc")[:month_count]
    found = []
    for month, (name, checks) in product(months, CHECKS.items()):
        parameter, values = ASKED_OF.get(name, ("", ""))
        for check, value in product(checks, listed(values) if parameter else [None]):
            parameters = {"month": month, **check.settings} | ({parameter: value} if parameter else {})
            rows = ask(connection, name, **parameters)
            found += [f"{name} {parameters} {line}" for line in differences(connection, check, rows)]
    connection.execute("reset variable month")
    return found
