-- How the difference that bills and training jobs make to a customer's month changed, and why.
-- Grain: one row per customer_id, period_start_date and cost_pool (true-up of a provider, or a shared component).
-- The cause is the first that holds, because shares of one bill cannot be taken apart: decisions.md, Restatements.
{{ config(materialized='table') }}
with

-- Prices move the true-up of their provider.
changes as (

    select distinct
        input_kind,
        cost_pool,
        period_start_date
    from {{ ref('int_inputs_changed') }}

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
    from {{ ref('int_costs_compared') }}

    {% for cost in shared_cost_components() -%}
    union all

    select
        customer_id,
        period_start_date,
        '{{ cost | replace('_cost_usd', '') }}' as cost_pool,
        {{ cost }} as cost_usd,
        reported_{{ cost }} as reported_cost_usd
    from {{ ref('int_costs_compared') }}

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

kinds as (

    -- A training job is paid over months: a changed one may move any of them. What a model is called moves shared bills
    -- too: their scopes ask for it.
    select
        pooled.customer_id,
        pooled.period_start_date,
        pooled.cost_pool,
        pooled.change_usd,
        {% for change, inputs in {'bill': "('bill')", 'fx': "('fx')", 'price': "('price', 'model_name')"}.items() -%}
        count(*) filter (where changes.input_kind in {{ inputs }}) > 0 as has_{{ change }}_change{{ ',' if not loop.last }}
        {% endfor %}
    from pooled
    left join changes
        on (
            pooled.cost_pool = changes.cost_pool
            and (pooled.period_start_date = changes.period_start_date or pooled.cost_pool = 'fine_tuning')
        )
        or (
            pooled.period_start_date = changes.period_start_date
            and changes.input_kind = 'model_name'
            and pooled.cost_pool not like 'priced|%'
        )
    where pooled.change_usd <> 0
    group by pooled.customer_id, pooled.period_start_date, pooled.cost_pool, pooled.change_usd

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
