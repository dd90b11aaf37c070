-- Bill lines that are shared out, each with the driver it is shared by and the driver's total over its scope.
-- Grain: one row per line_id. A line without any driver in its scope has driver `none` and stays whole.
-- The total is over the whole line: a late call changes every part of it. decisions.md, Bill allocation.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}
    where
        component in ('gpu_compute', 'vector_db', 'other_ai', 'other_cogs')
        and is_cost

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

-- One row per day and what a scope can ask for, so that a line meets few rows.
scopes as (

    select
        utc_date,
        resolved_provider,
        model,
        resolved_model,
        customer_id,
        feature,
        cast(sum(driver_gpu_seconds) as decimal(28, 6)) as driver_gpu_seconds,
        cast(sum(driver_tokens) as bigint) as driver_tokens,
        cast(sum(driver_calls) as bigint) as driver_calls,
        cast(sum(driver_retrievals) as bigint) as driver_retrievals,
        cast(sum(driver_inferences) as bigint) as driver_inferences
    from usage_rows
    group by
        utc_date,
        resolved_provider,
        model,
        resolved_model,
        customer_id,
        feature

),

totals as (

    select
        lines.line_id,
        cast(coalesce(sum(scopes.driver_gpu_seconds), 0) as decimal(28, 6)) as gpu_seconds,
        cast(coalesce(sum(scopes.driver_tokens), 0) as bigint) as tokens,
        cast(coalesce(sum(scopes.driver_calls), 0) as bigint) as calls,
        cast(coalesce(sum(scopes.driver_retrievals), 0) as bigint) as retrievals,
        cast(coalesce(sum(scopes.driver_inferences), 0) as bigint) as inferences
    from lines
    left join scopes
        on lines.period_start_date = cast({{ dbt.date_trunc('month', 'scopes.utc_date') }} as date)
        and {{ in_bill_scope('lines', 'scopes') }}
    group by lines.line_id

),

driven as (

    select
        line_id,
        gpu_seconds,
        tokens,
        calls,
        retrievals,
        inferences,
        case
            when gpu_seconds > 0 then 'gpu_seconds'
            when tokens > 0 then 'tokens'
            when calls > 0 then 'calls'
            else 'none'
        end as gpu_driver,
        case when retrievals > 0 then 'retrievals' when inferences > 0 then 'inferences' else 'none' end
            as vector_driver,
        case when inferences > 0 then 'inferences' else 'none' end as other_driver
    from totals

),

final as (

    select
        lines.line_id,
        lines.bill_id,
        lines.invoice_id,
        lines.period_start_date,
        lines.from_date,
        lines.to_date,
        lines.day_count,
        lines.provider,
        lines.resolved_provider,
        lines.component,
        lines.model_tag,
        lines.model,
        lines.resolved_model,
        lines.customer_id,
        lines.feature,
        lines.service_tier,
        lines.billed_usd,
        case lines.component
            when 'gpu_compute' then driven.gpu_driver
            when 'vector_db' then driven.vector_driver
            else driven.other_driver
        end as driver,
        cast(
            case
                when lines.component = 'gpu_compute' and driven.gpu_driver = 'gpu_seconds' then driven.gpu_seconds
                when lines.component = 'gpu_compute' and driven.gpu_driver = 'tokens' then driven.tokens
                when lines.component = 'gpu_compute' then driven.calls
                when lines.component = 'vector_db' and driven.vector_driver = 'retrievals' then driven.retrievals
                else driven.inferences
            end
        as decimal(28, 6)) as line_driver_quantity
    from lines
    inner join driven
        on lines.line_id = driven.line_id

)

select * from final
