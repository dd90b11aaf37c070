-- No week or month of the scorecard runs beyond as_of_date, and cost per inference is that of the last two whole weeks:
-- null for a week without calls, never an older one. Efficiency is of a month with enough of its revenue.
select scorecard.metric
from {{ ref('scorecard') }} as scorecard
cross join {{ ref('int_as_of_date') }} as as_of
{%- set running_week = dbt.date_trunc('week', dbt.dateadd('day', 1, 'as_of.as_of_date')) %}
{%- for name, days in [('last_week', 7), ('week_before', 14)] %}
left join {{ ref('cost_per_inference') }} as {{ name }}
    on cast({{ dbt.dateadd('day', -days, running_week) }} as date) = {{ name }}.period_start_date
    and {{ name }}.period_grain = 'week'
    and {{ name }}.dimension = 'all'
{%- endfor %}
left join {{ ref('int_revenue_known_monthly') }} as known
    on scorecard.period_start_date = known.period_start_date
    and scorecard.metric = 'inference_efficiency'
where
    known.is_known is false
    or (
        scorecard.cadence = 'weekly'
        and cast({{ dbt.dateadd('day', 6, 'scorecard.period_start_date') }} as date) > as_of.as_of_date
    )
    or (
        scorecard.metric in ('unit_cost_trend', 'inference_efficiency')
        and cast({{ dbt.dateadd('month', 1, 'scorecard.period_start_date') }} as date)
        > cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date)
    )
    or (
        scorecard.metric = 'cost_per_inference'
        and (
            scorecard.current_value is distinct from last_week.cpi_usd
            or scorecard.previous_value is distinct from week_before.cpi_usd
        )
    )
