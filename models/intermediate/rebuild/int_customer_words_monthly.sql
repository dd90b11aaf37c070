-- What the customers with calls in a month were asked by on each of its days, as one fingerprint: counts and percentiles of a
-- month are worked out again where it differs from the one they were made of.
-- Grain: one row per period_start_date.
{{ config(materialized='table') }}
with

customers as (

    select distinct
        month_date,
        usage_date,
        customer_id,
        plan,
        segment,
        is_internal
    from {{ ref('int_unit_economics_daily') }}
    where call_count > 0

),

final as (

    select
        month_date as period_start_date,
        sum(cast({{ text_hash(
            "cast(usage_date as string) || '|' || customer_id || '|' || plan || '|' || segment || '|' || cast(is_internal as string)"
        ) }} as decimal(38, 0))) as fingerprint
    from customers
    group by month_date

)

select * from final
