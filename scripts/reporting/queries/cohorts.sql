-- What a signup and a customer who stays cost to win, by month of signup. Grain: one row per cohort month.
select
    cohorts.cohort_month_date,
    cohorts.signup_count,
    cohorts.survivor_count,
    cast(cohorts.spend_usd as double) as spend_usd,
    cast(cohorts.naive_cac_usd as double) as naive_cac_usd,
    cast(cohorts.adjusted_cac_usd as double) as adjusted_cac_usd,
    cast(cohorts.hype_premium as double) as hype_premium,
    cast(cohorts.payback_months as double) as payback_months,
    cohorts.cohort_status,
    cohorts.payback_status,
    cohorts.is_mature,
    cohorts.is_bubble
from marts.acquisition_cohorts_monthly as cohorts
cross join page_dates
where
    cohorts.channel = 'all'
    and cohorts.cohort_month_date <= page_dates.as_of_date
    and cohorts.cohort_month_date > page_dates.as_of_date - interval 15 months
order by cohorts.cohort_month_date asc nulls last
