"""What each metric means, said a second time: plain SQL over facts and marts, and the marts that hold the metric."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Source(NamedTuple):
    """Rows that metrics are sums over: a select, its column of time, columns called otherwise than the dimension."""

    sql: str
    time: str
    renamed: Mapping[str, str] = MappingProxyType({})

    def dimension(self, name: str) -> str:
        """The column of a dimension or entity, by its name in MetricFlow."""
        return self.renamed.get(name, name.split("__")[-1])


class Mart(NamedTuple):
    """A cut of a mart: the metrics of some sources, by one dimension and one grain."""

    name: str
    sources: tuple[str, ...]
    grain: str | None
    dimension: str | None = None
    value: str = "dimension_value"
    where: str = "true"
    time: str = "period_start_date"
    renamed: Mapping[str, str] = MappingProxyType({})
    prefix: str = ""
    # Columns that carry a metric's name and are not compared: the mart has no row where they would have a value.
    beside: tuple[str, ...] = ()

    def column_of(self, metric: str) -> str | None:
        """The column that would hold a metric."""
        column = self.renamed.get(metric, metric.removeprefix(self.prefix))
        return None if column in self.beside else column


# Every fact with what a customer and a product are asked by; the plan is that of the day.
FACTS = """
    select
        facts.*, plans.plan, p.product_name,
        c.customer_name, c.segment, c.business_model, c.acquisition_channel, c.acquisition_motion, c.is_internal
    from (
        select *, usage_date as day from marts.fct_usage_daily
        union all by name
        select *, revenue_date as day from marts.fct_revenue_daily
        union all by name
        select *, usage_date as day from marts.fct_other_cogs_daily
    ) as facts
    join marts.dim_customers as c on facts.customer_id = c.customer_id
    left join marts.dim_products as p on facts.product_id = p.product_id
    left join marts.dim_customer_plans as plans
        on facts.customer_id = plans.customer_id and facts.day >= plans.valid_from_date
        and facts.day < coalesce(plans.valid_to_date, date '9999-12-31')
"""
ENTITIES = {"customer": "customer_id", "product": "product_id"}
SOURCES = {
    "facts": Source(f"{FACTS} where not c.is_internal", "day", ENTITIES),
    "internal": Source(f"{FACTS} where c.is_internal", "day", ENTITIES),
    "nobody": Source(f"{FACTS} where facts.customer_id = 'unattributed'", "day", ENTITIES),
    "trend": Source("select * from marts.unit_cost_trend_monthly", "period_start_date"),
    "features": Source(
        """select *, dimension_value as feature from marts.inference_efficiency_monthly
        where dimension = 'feature' and not is_forecast""",
        "period_start_date",
    ),
    # The company's row: segments must add up to it, and plans to their own.
    "mrr": Source(
        "select *, dimension_value as segment from marts.recurring_revenue_monthly where dimension = 'segment'",
        "period_start_date",
    ),
    "plan_mrr": Source(
        "select *, dimension_value as plan from marts.recurring_revenue_monthly where dimension = 'plan'",
        "period_start_date",
    ),
    "spend": Source("select * from marts.fct_acquisition_spend_daily", "spend_date"),
    "cohorts": Source("select * from marts.acquisition_cohorts_monthly where channel <> 'all'", "cohort_month_date"),
    "releases": Source("select * from marts.data_flywheel", "released_date", {"release": "release_id"}),
    "proxies": Source("select * from marts.flywheel_proxies_monthly", "period_start_date"),
    "evidence": Source(
        "select * from marts.downgrade_tolerance where use_case <> 'all' and evidence_method = 'paired'",
        "last_evidence_date",
    ),
}
TREND = ["change_1m_ratio", "change_3m_ratio", "change_6m_ratio", "change_12m_ratio"]
MRR_FLOWS = [
    "new_mrr_usd",
    "reactivated_mrr_usd",
    "expansion_mrr_usd",
    "contraction_mrr_usd",
    "churned_mrr_usd",
    "fx_mrr_usd",
]
OPENING, CLOSING = "period_start_date = first_time", "period_start_date = last_time"


def divided(above: str, below: str, where: str = "true") -> str:
    """A ratio of sums; null where its condition is not met or nothing is below."""
    return f"case when {where} then cast({above} as double) / nullif(cast({below} as double), 0) end"


def total(column: str, where: str = "true") -> str:
    """A sum that is 0 where nothing is."""
    return f"coalesce(sum({column}) filter (where {where}), 0)"


REVENUE, AI_REVENUE = total("revenue_usd"), total("ai_revenue_usd")
AI_COST, INFERENCE_COST, COGS = total("ai_cost_usd"), total("inference_cost_usd"), total("other_cogs_usd")
DELIVERED, SERVED = total("successful_inference_count"), total("served_inference_count")
PRODUCTIVE = f"{total('productive_input_tokens')} + {total('productive_output_tokens')}"
OPENING_MRR = total("opening_mrr_usd", OPENING)
HAD_MRR = f"{OPENING_MRR} > 0"
LOST_MRR = f"{total('contraction_mrr_usd')} - {total('churned_mrr_usd')}"
SPEND, MATURE_SPEND = total("spend_usd"), total("spend_usd", "is_mature")
SURVIVORS = total("survivor_count", "is_mature")
TRAFFIC = "sum(traffic_inference_count)"
PROFIT = total("survivor_profit_usd", "is_mature")

# Metrics that are no sum of a column of their own name, by source.
MEASURES = {
    "facts": {
        "cpi_usd": divided(AI_COST, DELIVERED),
        "unpriced_ratio": divided(total("unpriced_call_count"), total("call_count")),
        "avg_input_tokens": divided(total("productive_input_tokens"), SERVED),
        "avg_output_tokens": divided(total("productive_output_tokens"), SERVED),
        "avg_total_tokens": divided(PRODUCTIVE, SERVED),
        "avg_total_tokens_excluding_reasoning": divided(
            f"{PRODUCTIVE} - {total('productive_reasoning_tokens')}", SERVED
        ),
        "step_call_count": "sum(call_count)",
        "step_inference_cost_usd": "sum(inference_cost_usd)",
        "step_ai_cost_usd": "sum(ai_cost_usd)",
        "gross_profit_usd": f"{REVENUE} - {AI_COST} - {COGS}",
        "gross_margin_ratio": divided(f"{REVENUE} - {AI_COST} - {COGS}", REVENUE, f"{REVENUE} > 0"),
        "inference_margin_ratio": divided(f"{AI_REVENUE} - {AI_COST}", AI_REVENUE, f"{AI_REVENUE} > 0"),
        "inference_cost_to_revenue_ratio": divided(INFERENCE_COST, REVENUE, f"{REVENUE} > 0"),
        "revenue_per_inference_usd": divided(AI_REVENUE, DELIVERED),
        "ier": divided(AI_REVENUE, INFERENCE_COST, f"{INFERENCE_COST} > 0"),
    },
    "internal": {"internal_ai_cost_usd": "sum(ai_cost_usd)"},
    "nobody": {"unattributed_ai_cost_usd": "sum(ai_cost_usd)"},
    "trend": {column: f"max({column}) filter (where {CLOSING})" for column in TREND},
    "features": {
        "feature_ai_revenue_usd": "sum(ai_revenue_usd)",
        "feature_inference_cost_usd": "sum(inference_cost_usd)",
        "feature_ier": divided(AI_REVENUE, INFERENCE_COST, f"{INFERENCE_COST} > 0"),
    },
    "mrr": {
        **{column: f"sum({column})" for column in [*MRR_FLOWS, "churned_customer_count"]},
        "opening_mrr_usd": f"sum(opening_mrr_usd) filter (where {OPENING})",
        "opening_customer_count": f"sum(opening_customer_count) filter (where {OPENING})",
        "closing_mrr_usd": f"sum(closing_mrr_usd) filter (where {CLOSING})",
        "closing_customer_count": f"sum(closing_customer_count) filter (where {CLOSING})",
        "nrr_ratio": divided(f"{OPENING_MRR} + {total('expansion_mrr_usd')} - {LOST_MRR}", OPENING_MRR, HAD_MRR),
        "grr_ratio": divided(f"{OPENING_MRR} - {LOST_MRR}", OPENING_MRR, HAD_MRR),
        "logo_churn_ratio": divided(total("churned_customer_count"), total("opening_customer_count", OPENING)),
    },
    "spend": {"acquisition_spend_usd": "sum(spend_usd)"},
    "cohorts": {
        "cohort_spend_usd": "sum(spend_usd)",
        "signup_count": "sum(signup_count)",
        "paid_count": "sum(paid_count)",
        "mature_cohort_spend_usd": "sum(spend_usd) filter (where is_mature)",
        "mature_cohort_unpaid_ai_cost_usd": "sum(unpaid_ai_cost_usd) filter (where is_mature)",
        "mature_cohort_survivor_profit_usd": "sum(survivor_profit_usd) filter (where is_mature)",
        **{
            f"mature_{column}": f"sum({column}) filter (where is_mature)"
            for column in ["signup_count", "active_survivor_count", "paying_survivor_count", "survivor_count"]
        },
        "naive_cac_usd": divided(SPEND, total("signup_count"), f"{SPEND} > 0"),
        "paid_cac_usd": divided(SPEND, total("paid_count"), f"{SPEND} > 0"),
        "adjusted_cac_usd": divided(MATURE_SPEND, SURVIVORS, f"{MATURE_SPEND} > 0"),
        "loaded_cac_usd": divided(
            f"{MATURE_SPEND} + {total('unpaid_ai_cost_usd', 'is_mature')}", SURVIVORS, f"{MATURE_SPEND} > 0"
        ),
        "hype_premium": divided(total("signup_count", "is_mature"), SURVIVORS, f"{MATURE_SPEND} > 0"),
        "payback_months": divided(MATURE_SPEND, PROFIT, f"{MATURE_SPEND} > 0 and {PROFIT} > 0"),
    },
    "releases": {
        **{column: f"sum({column})" for column in ["score_change", "users_added", "release_cost_usd"]},
        "score_change_per_10k": "sum(score_change) * 10000",
        "score_users_added": "sum(previous_score * users_added)",
        "improvement_per_10k_users_ratio": divided("sum(score_change) * 10000", "sum(previous_score * users_added)"),
        "usd_per_quality_point": divided("sum(release_cost_usd)", "sum(score_change)", "sum(score_change) > 0"),
    },
    "proxies": {
        "proxy_inference_count": "sum(inference_count)",
        **{
            column: f"sum({column})"
            for column in [
                "comparison_count", "win_count", "tie_count", "outcome_count", "completed_outcome_count",
                "retried_inference_count", "rated_inference_count", "thumbs_up_count", "thumbs_down_count",
            ]
        },
        "preference_win_ratio": divided("sum(2 * win_count + tie_count)", "sum(2 * comparison_count)"),
        "task_completion_ratio": divided("sum(completed_outcome_count)", "sum(outcome_count)"),
        "retry_ratio": divided("sum(retried_inference_count)", "sum(inference_count)"),
        "feedback_ratio": divided("sum(rated_inference_count)", "sum(inference_count)"),
        "satisfaction_ratio": divided("sum(thumbs_up_count)", "sum(thumbs_up_count + thumbs_down_count)"),
    },
    "evidence": {
        **{column: f"sum({column})" for column in ["pair_count", "tolerating_count", "traffic_inference_count"]},
        "safe_traffic_inference_count": "sum(traffic_inference_count) filter (where decision = 'yes')",
        "tolerated_traffic": "sum(traffic_inference_count * tolerance_ratio)",
        "downgrade_tolerance_ratio": divided("sum(traffic_inference_count * tolerance_ratio)", TRAFFIC),
        "pair_tolerance_ratio": divided("sum(tolerating_count)", "sum(pair_count)"),
        "safe_traffic_ratio": divided(total("traffic_inference_count", "decision = 'yes'"), TRAFFIC),
    },
}  # fmt: skip
MEASURES["plan_mrr"] = {f"plan_{metric}": measure for metric, measure in MEASURES["mrr"].items()}
SOURCE_OF = {metric: source for source, metrics in MEASURES.items() for metric in metrics}


def source_of(metric: str) -> str:
    """The source of a metric; what is not told here is a sum over the facts."""
    return SOURCE_OF.get(metric, "facts")


def measure_of(metric: str) -> str:
    """The SQL of a metric over its source; of one that is not told here the column, or the part of CPI, of its name."""
    if metric in SOURCE_OF:
        return MEASURES[SOURCE_OF[metric]][metric]
    if metric.endswith("_cpi_usd"):
        return divided(total(metric.replace("_cpi_usd", "_cost_usd")), DELIVERED)
    return f"sum({metric})"


NOT_INTERNAL = "customer_id not in (select customer_id from marts.dim_customers where is_internal)"
STEPS = {
    "step_call_count": "call_count",
    "step_inference_cost_usd": "inference_cost_usd",
    "step_ai_cost_usd": "ai_cost_usd",
}


def marts_by_dimension() -> list[Mart]:
    """The marts whose rows say which dimension they are of, by month, and by day and week in turn."""
    customer = {
        "all": None, "customer": "customer", "business_model": "customer__business_model", "plan": "customer__plan",
        "segment": "customer__segment", "product": "product",
    }  # fmt: skip
    usage = {name: f"usage__{name}" for name in ["feature", "use_case", "workflow", "team", "provider", "model_tier"]}
    usage |= {"model": "usage__resolved_model", "step": "step_usage__step", "call_type": "step_usage__call_type"}
    marts = []
    for number, (cut, dimension) in enumerate((customer | usage).items()):
        # Customers are the one dimension that keeps internal use, which metrics leave out.
        where = f"dimension = '{cut}'" + (
            f" and {NOT_INTERNAL.replace('customer_id not', 'dimension_value not')}" if cut == "customer" else ""
        )
        marts += [
            Mart(
                "cost_per_inference",
                ("facts",),
                grain,
                dimension,
                where=f"{where} and period_grain = '{grain}'",
                renamed=STEPS,
            )
            for grain in ("day", "week", "month")
            if cut == "all" or grain in ("month", ("day", "week")[number % 2])
        ]
        if cut in ("all", "product", "plan", "segment", "business_model"):
            marts.append(Mart("gross_margin_monthly", ("facts",), "month", dimension, where=where))
        if cut in ("all", "product", "plan", "segment", "customer"):
            where += " and not is_forecast"
            beside = ("unpriced_ratio",)
            marts.append(
                Mart("inference_efficiency_monthly", ("facts",), "month", dimension, where=where, beside=beside)
            )
    return marts


EVIDENCE = {"downgrade_tolerance_ratio": "tolerance_ratio", "pair_tolerance_ratio": ""}
COHORT = {"cohort_spend_usd": "spend_usd"}
TOKENS = {"unproductive_tokens": "wasted_tokens"}
MARGIN = {"cpi_usd": "cost_per_inference_usd"}
MARTS = [
    *marts_by_dimension(),
    Mart("customer_margins_weekly", ("facts",), "week", "customer", "customer_id", NOT_INTERNAL, renamed=MARGIN),
    Mart("customer_margins_monthly", ("facts",), "month", "customer", "customer_id", NOT_INTERNAL, renamed=MARGIN),
    Mart("prompt_efficiency_weekly", ("facts",), "week", where="use_case = 'all'", renamed=TOKENS),
    Mart(
        "prompt_efficiency_weekly", ("facts",), "week", "usage__use_case", "use_case", "use_case <> 'all'",
        renamed=TOKENS,
    ),
    Mart("unit_cost_trend_monthly", ("trend",), "month"),
    Mart(
        "inference_efficiency_monthly", ("features",), "month", "feature_efficiency__feature",
        where="dimension = 'feature' and not is_forecast", prefix="feature_",
    ),
    # The company's own row: segments must add up to it.
    Mart("recurring_revenue_monthly", ("mrr",), "month", where="dimension = 'all'"),
    Mart("recurring_revenue_monthly", ("mrr",), "month", "recurring_revenue__segment", where="dimension = 'segment'"),
    Mart(
        "recurring_revenue_monthly", ("plan_mrr",), "month", "plan_recurring_revenue__plan",
        where="dimension = 'plan'", prefix="plan_",
    ),
    Mart(
        "acquisition_cohorts_monthly", ("cohorts",), "month",
        where="channel = 'all'", time="cohort_month_date", renamed=COHORT,
    ),
    Mart(
        "acquisition_cohorts_monthly", ("cohorts",), "month", "cohort__channel", "channel",
        where="channel <> 'all'", time="cohort_month_date", renamed=COHORT,
    ),
    Mart("data_flywheel", ("releases",), None, "release", "release_id"),
    Mart("flywheel_proxies_monthly", ("proxies",), "month", renamed={"proxy_inference_count": "inference_count"}),
    Mart("downgrade_tolerance", ("evidence",), None, where="use_case = 'all'", renamed=EVIDENCE),
]  # fmt: skip
