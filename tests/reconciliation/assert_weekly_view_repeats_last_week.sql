-- What was this week's value is last week's a week later, and every week has each metric once.
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
