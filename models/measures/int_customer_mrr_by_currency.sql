-- Monthly recurring revenue of each customer and currency at the end of each week and month that is over, with its rate.
-- Grain: one row per period_grain (week, month), period_start_date, customer_id and currency with recurring lines.
-- A currency without a rate that day stays at its invoice's.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_recurring_lines_live') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

amounts as (

    select
        period_grain,
        period_start_date,
        last_date,
        last_date_before,
        customer_id,
        currency,
        {{ cost_sum('monthly_amount') }} as mrr_amount,
        max(usd_per_unit) as invoice_usd_per_unit
    from lines
    group by
        period_grain,
        period_start_date,
        last_date,
        last_date_before,
        customer_id,
        currency

),

rated as (

    select
        amounts.*,
        cast(coalesce(
            case when amounts.currency = 'USD' then 1 end, rates.usd_per_unit, amounts.invoice_usd_per_unit
        ) as decimal(28, 12)) as usd_per_unit
    from amounts
    left join rates
        on
            amounts.currency = rates.currency
            and amounts.last_date = rates.rate_date

),

compared as (

    select
        rated.*,
        coalesce(
            rated_before.usd_per_unit,
            case when rated.currency = 'USD' then 1 end,
            rates_before.usd_per_unit,
            rated.usd_per_unit
        ) as usd_per_unit_before
    from rated
    left join rated as rated_before
        on
            rated.period_grain = rated_before.period_grain
            and rated.customer_id = rated_before.customer_id
            and rated.currency = rated_before.currency
            and rated.last_date_before = rated_before.last_date
    left join rates as rates_before
        on
            rated.currency = rates_before.currency
            and rated.last_date_before = rates_before.rate_date

),

final as (

    select
        period_grain,
        period_start_date,
        last_date,
        customer_id,
        currency,
        mrr_amount,
        usd_per_unit,
        cast(usd_per_unit_before as decimal(28, 12)) as usd_per_unit_before
    from compared

)

select * from final
