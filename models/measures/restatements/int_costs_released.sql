-- What this build says its customers cost, up to its last day: publishing keeps these rows (raw.published_costs).
-- Grain: one row per customer_id, period_start_date, resolved_provider and model.
-- The last day is as_of_date, or the last day with calls where that is later: as_of_date cuts no call.
{{ config(materialized='table') }}
with

costs_daily as (

    select * from {{ ref('int_costs_by_model_daily') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

last_calls as (

    select max(usage_date) as last_date
    from costs_daily
    where call_count > 0

),

final as (

    select
        costs_daily.customer_id,
        costs_daily.period_start_date,
        costs_daily.resolved_provider,
        costs_daily.model,
        greatest(as_of.as_of_date, last_calls.last_date) as reported_to_date,
        {% for measure, data_type in restated_measures().items() -%}
        cast(sum(costs_daily.{{ measure }}) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from costs_daily
    cross join as_of
    cross join last_calls
    where costs_daily.usage_date <= greatest(as_of.as_of_date, last_calls.last_date)
    group by
        costs_daily.customer_id,
        costs_daily.period_start_date,
        costs_daily.resolved_provider,
        costs_daily.model,
        greatest(as_of.as_of_date, last_calls.last_date)

)

select * from final
