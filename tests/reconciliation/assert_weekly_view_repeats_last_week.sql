-- What was this week's value is last week's a week later; every week of use has each metric once, with the seed's
-- target.
select
    weeks.period_start_date,
    weeks.metric
from {{ ref('weekly_unit_economics') }} as weeks
inner join {{ ref('weekly_unit_economics') }} as weeks_before
    on cast({{ dbt.dateadd('day', -7, 'weeks.period_start_date') }} as date) = weeks_before.period_start_date
    and weeks.metric = weeks_before.metric
where coalesce(weeks.last_week_value, -1) <> coalesce(weeks_before.this_week_value, -1)

union all

select
    period_start_date,
    'seven metrics' as metric
from {{ ref('weekly_unit_economics') }}
group by period_start_date
having count(*) <> 7

union all

select
    weeks.period_start_date,
    weeks.metric
from {{ ref('weekly_unit_economics') }} as weeks
left join {{ ref('metric_targets') }} as targets
    on weeks.metric = targets.metric
    and targets.shown_on = 'weekly_view'
    and targets.company_stage = '{{ var("company_stage") }}'
where
    weeks.target_value is distinct from targets.target_value
    or weeks.position <> targets.position

union all

select
    cost.period_start_date,
    'no row' as metric
from {{ ref('cost_per_inference') }} as cost
left join {{ ref('weekly_unit_economics') }} as weeks
    on cost.period_start_date = weeks.period_start_date
where
    cost.period_grain = 'week'
    and cost.dimension = 'all'
    and weeks.period_start_date is null
