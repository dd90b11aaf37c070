-- How the difference that bills and training jobs make to a customer's month changed, and why.
-- Grain: one row per customer_id, period_start_date and cost_pool (true-up of a provider, or a shared component).
-- The cause is the first that holds, because shares of one bill cannot be taken apart: decisions.md, Restatements.
{{ config(materialized='table') }}
with

compared as (

    select * from {{ ref('int_costs_compared') }}

),

inputs_changed as (

    select * from {{ ref('int_inputs_changed') }}

),

calls as (

    select * from {{ ref('int_calls_restated') }}

),

merged as (

    select distinct
        today_customer_id as customer_id,
        period_start_date
    from {{ ref('int_costs_reported') }}
    where today_customer_id <> customer_id

),

late_months as (

    select distinct period_start_date
    from calls
    where
        calls_cause = 'late_events'
        and has_other_calls

),

moved as (

    select distinct
        customer_id,
        period_start_date
    from calls
    where calls_cause = 'crm'

),

parts as (

    select
        customer_id,
        period_start_date,
        'priced|' || resolved_provider as cost_pool,
        {{ money('priced_cost_usd - computed_cost_usd') }} as cost_usd,
        {{ money('reported_priced_cost_usd - reported_computed_cost_usd') }} as reported_cost_usd
    from compared

    {% for cost in shared_cost_components() -%}
    union all

    select
        customer_id,
        period_start_date,
        '{{ cost | replace('_cost_usd', '') }}' as cost_pool,
        {{ cost }} as cost_usd,
        reported_{{ cost }} as reported_cost_usd
    from compared

    {% endfor %}
),

pooled as (

    select
        customer_id,
        period_start_date,
        cost_pool,
        {{ cost_sum('cost_usd - reported_cost_usd') }} as change_usd
    from parts
    group by
        customer_id,
        period_start_date,
        cost_pool

),

-- Prices move the true-up of their provider.
changed as (

    select
        cost_pool,
        period_start_date,
        max(case when input_kind = 'bill' then 1 else 0 end) = 1 as has_bill_change,
        max(case when input_kind = 'fx' then 1 else 0 end) = 1 as has_fx_change,
        max(case when input_kind in ('price', 'model_name') then 1 else 0 end) = 1 as has_price_change
    from inputs_changed
    group by
        cost_pool,
        period_start_date

),

-- A training job is paid over months: a changed one may move any of them.
changed_training as (

    select
        cost_pool,
        max(case when has_bill_change then 1 else 0 end) = 1 as has_bill_change,
        max(case when has_fx_change then 1 else 0 end) = 1 as has_fx_change
    from changed
    where cost_pool = 'fine_tuning'
    group by cost_pool

),

-- What a model is called moves shared bills too: their scopes ask for it.
renamed_months as (

    select distinct period_start_date
    from inputs_changed
    where input_kind = 'model_name'

),

kinds as (

    select
        pooled.*,
        coalesce(changed_training.has_bill_change, changed.has_bill_change, false) as has_bill_change,
        coalesce(changed_training.has_fx_change, changed.has_fx_change, false) as has_fx_change,
        coalesce(changed.has_price_change, false)
        or (renamed_months.period_start_date is not null and pooled.cost_pool not like 'priced|%') as has_price_change
    from pooled
    left join changed
        on pooled.cost_pool = changed.cost_pool
        and pooled.period_start_date = changed.period_start_date
    left join changed_training
        on pooled.cost_pool = changed_training.cost_pool
    left join renamed_months
        on pooled.period_start_date = renamed_months.period_start_date
    where pooled.change_usd <> 0

),

final as (

    select
        kinds.customer_id,
        kinds.period_start_date,
        kinds.cost_pool,
        case
            when kinds.has_bill_change then 'bill'
            when kinds.has_fx_change then 'fx'
            when kinds.has_price_change then 'price'
            when moved.customer_id is not null then 'crm'
            -- Two accounts' shares that became one are rounded once instead of twice.
            when merged.customer_id is not null and late_months.period_start_date is null then 'crm'
            else 'late_events'
        end as cause,
        kinds.change_usd
    from kinds
    left join moved
        on kinds.customer_id = moved.customer_id
        and kinds.period_start_date = moved.period_start_date
    left join merged
        on kinds.customer_id = merged.customer_id
        and kinds.period_start_date = merged.period_start_date
    left join late_months
        on kinds.period_start_date = late_months.period_start_date

)

select * from final
