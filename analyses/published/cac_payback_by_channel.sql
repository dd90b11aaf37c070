-- What does a customer who stays cost to win in each channel, and in how many months is it earned back?
--
-- Parameters: cohorts, how many of the last mature cohort months to add up (6).
-- Read it: a row is a channel over those months. payback_months = spend ÷ what the survivors earned in a month (days 61
-- to 90, AI cost and other cost of sales taken off); null where they earned nothing, or nobody stayed.
-- Traps: rows of channel `all` hold the others again, and young cohorts know nothing of day 90: both are left out. CAC
-- and payback are sum over sum, never a mean over months; months without spend are left out on both sides. Naive CAC
-- (per signup) is beside it to see the difference.
with

params as (

    select coalesce(cast(getvariable('cohorts') as integer), 6) as cohort_count

),

cohorts as (

    select
        *,
        dense_rank() over (order by cohort_month_date desc) as cohort_number
    from marts.acquisition_cohorts_monthly
    where is_mature and channel <> 'all' and spend_usd > 0

)

select
    cohorts.channel,
    min(cohorts.cohort_month_date) as first_cohort_date,
    max(cohorts.cohort_month_date) as last_cohort_date,
    cast(sum(cohorts.signup_count) as bigint) as signup_count,
    cast(sum(cohorts.survivor_count) as bigint) as survivor_count,
    round(sum(cohorts.spend_usd), 6) as spend_usd,
    round(sum(cohorts.spend_usd) / nullif(sum(cohorts.signup_count), 0), 2) as naive_cac_usd,
    round(sum(cohorts.spend_usd) / nullif(sum(cohorts.survivor_count), 0), 2) as adjusted_cac_usd,
    round(sum(cohorts.survivor_profit_usd), 6) as survivor_profit_usd,
    case
        when sum(cohorts.survivor_profit_usd) > 0
            then round(sum(cohorts.spend_usd) / sum(cohorts.survivor_profit_usd), 1)
    end as payback_months
from cohorts
inner join params
    on cohorts.cohort_number <= params.cohort_count
group by cohorts.channel
order by
    payback_months asc nulls last,
    cohorts.channel asc
