-- How computed cost becomes effective cost on each covered day.
-- Grain: one row per resolved_provider, true_up_group, model_tag and covered utc_date.
{{ config(materialized='table') }}
with

true_ups as (

    select * from {{ ref('int_true_ups_monthly') }}

),

bill_days as (

    select * from {{ ref('int_bill_days_covered') }}

),

final as (

    select
        bill_days.resolved_provider,
        true_ups.true_up_group,
        bill_days.model_tag,
        bill_days.utc_date,
        true_ups.factor_status,
        true_ups.billed_cost_usd,
        true_ups.computed_cost_usd
    from bill_days
    inner join true_ups
        on bill_days.period_start_date = true_ups.period_start_date
        and bill_days.resolved_provider = true_ups.resolved_provider
        and bill_days.component = true_ups.true_up_group
        and bill_days.model_tag = true_ups.model_tag
    where bill_days.is_covered

)

select * from final
