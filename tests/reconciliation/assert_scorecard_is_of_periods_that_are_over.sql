-- No week or month of the scorecard runs beyond as_of_date, and where its mart has the period before, it is shown.
select scorecard.metric
from {{ ref('scorecard') }} as scorecard
cross join {{ ref('int_as_of_date') }} as as_of
left join {{ ref('cost_per_inference') }} as usage_weekly
    on cast({{ dbt.dateadd('day', -7, 'scorecard.period_start_date') }} as date) = usage_weekly.period_start_date
    and usage_weekly.period_grain = 'week'
    and usage_weekly.dimension = 'all'
where
    (
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
        and coalesce(scorecard.previous_value, -1) <> coalesce(usage_weekly.cpi_usd, -1)
    )
