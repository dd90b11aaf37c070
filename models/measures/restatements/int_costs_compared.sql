-- The previous release beside today, over the days that release covered; rows that are the same are left out.
-- Grain: one row per customer_id (after today's merges), period_start_date, resolved_provider and model.
-- A row of one side only has 0 on the other; what a release of an earlier version did not keep is null.
-- Later days are new business, no restatement.
{{ config(materialized='table') }}
with

reported as (

    select * from {{ ref('int_costs_reported') }}

),

costs_daily as (

    select * from {{ ref('int_costs_by_model_daily') }}

),

reported_monthly as (

    select
        today_customer_id as customer_id,
        period_start_date,
        resolved_provider,
        model,
        {% for measure, data_type in restated_measures().items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from reported
    group by
        today_customer_id,
        period_start_date,
        resolved_provider,
        model

),

current_monthly as (

    select
        customer_id,
        period_start_date,
        resolved_provider,
        model,
        {% for measure, data_type in restated_measures().items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from costs_daily
    where usage_date <= (select max(reported.reported_to_date) from reported)
    group by
        customer_id,
        period_start_date,
        resolved_provider,
        model

),

joined as (

    select
        coalesce(reported_monthly.customer_id, current_monthly.customer_id) as customer_id,
        coalesce(reported_monthly.period_start_date, current_monthly.period_start_date) as period_start_date,
        coalesce(reported_monthly.resolved_provider, current_monthly.resolved_provider) as resolved_provider,
        coalesce(reported_monthly.model, current_monthly.model) as model,
        {% for measure, data_type in restated_measures().items() -%}
        cast(case when reported_monthly.model is null then 0 else reported_monthly.{{ measure }} end as {{ data_type }})
            as reported_{{ measure }},
        cast(coalesce(current_monthly.{{ measure }}, 0) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from reported_monthly
    full outer join current_monthly
        on reported_monthly.customer_id = current_monthly.customer_id
        and reported_monthly.period_start_date = current_monthly.period_start_date
        and reported_monthly.resolved_provider = current_monthly.resolved_provider
        and reported_monthly.model = current_monthly.model

),

final as (

    select
        customer_id,
        period_start_date,
        resolved_provider,
        model,
        {% for measure in restated_measures() -%}
        reported_{{ measure }},
        {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from joined
    where
        {% for measure in restated_measures() -%}
        {{ 'or ' if not loop.first }}reported_{{ measure }} <> {{ measure }}
        {% endfor %}
)

select * from final
