-- The same by channel, over the mature cohorts among them: sum over sum. Grain: one row per channel. A month nothing was
-- spent in has no CAC: its signups and survivors divide nothing.
select
    cohorts.channel,
    cast(sum(cohorts.signup_count) as bigint) as signup_count,
    cast(sum(cohorts.survivor_count) as bigint) as survivor_count,
    cast(sum(cohorts.spend_usd) as double) as spend_usd,
    cast(sum(cohorts.spend_usd) as double) / nullif(
        cast(sum(cohorts.signup_count) filter (where cohorts.spend_usd > 0) as double), 0
    ) as naive_cac_usd,
    cast(sum(cohorts.spend_usd) as double) / nullif(
        cast(sum(cohorts.survivor_count) filter (where cohorts.spend_usd > 0) as double), 0
    ) as adjusted_cac_usd
from marts.acquisition_cohorts_monthly as cohorts
cross join page_dates
where
    cohorts.channel <> 'all'
    and cohorts.is_mature
    and cohorts.cohort_month_date > page_dates.as_of_date - interval 15 months
group by cohorts.channel
order by spend_usd desc nulls last, cohorts.channel asc nulls last
