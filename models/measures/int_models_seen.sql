-- Every model name of the calls, as it was last understood.
-- Grain: one row per provider and model as in the calls.
with

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

ranked as (

    select
        provider,
        model,
        resolved_provider,
        resolved_model,
        model_tier,
        row_number() over (
            partition by provider, model
            order by usage_date desc nulls last, resolved_provider asc nulls last, resolved_model asc nulls last,
            model_tier asc nulls last
        ) as recency_rank
    from (
        select distinct
            usage_date,
            provider,
            model,
            resolved_provider,
            resolved_model,
            model_tier
        from usage_rows
    ) as names

)

select
    provider,
    model,
    resolved_provider,
    resolved_model,
    model_tier
from ranked
where recency_rank = 1
