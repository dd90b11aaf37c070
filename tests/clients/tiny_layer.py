"""A semantic layer of a few metrics, in the shape of target/semantic_manifest.json: one of every kind of metric."""


def model(name, relation, entities, dimensions, measures=(), time=None):
    return {
        "name": name,
        "description": f"What {name} is.",
        "defaults": {"agg_time_dimension": time} if time else None,
        "node_relation": {"alias": relation, "schema_name": "marts", "database": "build"},
        "primary_entity": None,
        "entities": [{"name": key, "type": kind, "expr": expr} for key, kind, expr in entities],
        "dimensions": list(dimensions),
        "measures": list(measures),
    }


def dimension(name, expr=None, kind="categorical", **type_params):
    return {"name": name, "type": kind, "expr": expr, "description": None, "type_params": type_params or None}


def measure(name, expr=None, agg="sum", **more):
    return {"name": name, "expr": expr, "agg": agg, "agg_time_dimension": None, "description": f"M {name}."} | more


def where(template):
    return {"where_filters": [{"where_sql_template": template}]}


def metric(name, kind, where_sql=None, meta=None, **type_params):
    return {"name": name, "type": kind, "label": name.replace("_", " ").title(), "description": f"The {name}."} | {
        "filter": where(where_sql) if where_sql else None,
        "type_params": type_params,
        "config": {"meta": meta or {}},
    }


EXTERNAL = "{{ Dimension('customer__is_internal') }} = false"

MANIFEST = {
    "semantic_models": [
        model(
            "usage",
            "fct_usage_daily",
            [("usage", "primary", "usage_date"), ("customer", "foreign", "customer_id")],
            [dimension("usage_date", kind="time", time_granularity="day"), dimension("feature")],
            [
                measure("ai_cost_usd"),
                measure("delivered", "successful_inference_count"),
                measure("customers_seen", "customer_id", "count_distinct"),
                measure("level", "ai_cost_usd", non_additive_dimension={"name": "usage_date"}),
                measure("p95", "ai_cost_usd", "percentile"),
            ],
            "usage_date",
        ),
        model(
            "revenue",
            "fct_revenue_daily",
            [("revenue", "primary", "revenue_date"), ("customer", "foreign", "customer_id")],
            [dimension("revenue_date", kind="time", time_granularity="day"), dimension("product", "product_id")],
            [measure("ai_revenue", "ai_revenue_usd")],
            "revenue_date",
        ),
        model(
            "customers",
            "dim_customers",
            [("customer", "primary", "customer_id")],
            [dimension("segment"), dimension("is_internal")],
        ),
        model(
            "plans",
            "dim_customer_plans",
            [("customer", "natural", "customer_id")],
            [
                dimension("plan"),
                dimension("from", "valid_from_date", "time", validity_params={"is_start": True, "is_end": False}),
                dimension("to", "valid_to_date", "time", validity_params={"is_start": False, "is_end": True}),
            ],
        ),
    ],
    "metrics": [
        metric("ai_cost_usd", "simple", EXTERNAL, {"format": "usd"}, measure={"name": "ai_cost_usd"}),
        metric("inferences", "simple", EXTERNAL, measure={"name": "delivered", "fill_nulls_with": 0}),
        metric("customers_seen", "simple", measure={"name": "customers_seen"}),
        metric("cpi_usd", "ratio", numerator={"name": "ai_cost_usd"}, denominator={"name": "inferences"}),
        metric(
            "chat_cpi_usd",
            "ratio",
            numerator={"name": "ai_cost_usd", "filter": where("{{ Dimension('usage__feature') }} = 'chat'")},
            denominator={"name": "inferences"},
        ),
        metric("ai_revenue_usd", "simple", EXTERNAL, measure={"name": "ai_revenue", "fill_nulls_with": 0}),
        metric("ier", "ratio", numerator={"name": "ai_revenue_usd"}, denominator={"name": "ai_cost_usd"}),
        metric(
            "margin_ratio",
            "derived",
            expr="(revenue - ai_cost_usd) / nullif(revenue, 0)",
            metrics=[{"name": "ai_revenue_usd", "alias": "revenue"}, {"name": "ai_cost_usd"}],
        ),
        metric("cost_so_far", "cumulative", measure={"name": "ai_cost_usd"}),
        metric("level", "simple", measure={"name": "level"}),
        metric("p95", "simple", measure={"name": "p95"}),
        metric(
            "cost_change",
            "derived",
            expr="ai_cost_usd - before",
            metrics=[{"name": "ai_cost_usd"}, {"name": "ai_cost_usd", "alias": "before", "offset_window": "1 month"}],
        ),
        metric("of_a_metric", "simple", "{{ Metric('cpi_usd', ['customer']) }} > 1", measure={"name": "ai_cost_usd"}),
        metric("of_nothing", "simple", "{{ Dimension('order__kind') }} = 'x'", measure={"name": "ai_cost_usd"}),
    ],
}
LEFT_OUT = {"cost_so_far", "level", "p95", "cost_change", "of_a_metric", "of_nothing"}

DASHBOARD = {
    "title": "Unit economics",
    "slug": "unit-economics",
    "rows": [
        [
            {"title": "Cost per inference", "kind": "number", "metrics": ["cpi_usd"], "format": "$,.4f"},
            {"title": "What a dollar of inference earns", "kind": "number", "metrics": ["ier"]},
        ],
        [
            {"title": "Cost by feature", "kind": "bar", "metrics": ["ai_cost_usd"], "by": ["feature"]},
            {
                "title": "By segment",
                "kind": "table",
                "metrics": ["cpi_usd", "ai_cost_usd", "inferences"],
                "by": ["customer__segment"],
            },
        ],
    ],
}
