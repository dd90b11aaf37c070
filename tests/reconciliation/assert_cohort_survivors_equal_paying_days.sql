-- Paying survivors counted again from revenue: a signup whose paid lines and charges make more than 0 on its day 90.
with

survivors as (

    select
        cast({{ dbt.date_trunc('month', 'customers.signed_up_date') }} as date) as cohort_month_date,
        count(*) as survivor_count
    from {{ ref('dim_customers') }} as customers
    inner join {{ ref('int_customers_paying_daily') }} as paying
        on
            customers.customer_id = paying.customer_id
            and paying.paying_date = cast({{ dbt.dateadd('day', 90, 'customers.signed_up_date') }} as date)
    where customers.is_in_crm and not customers.is_internal
    group by cohort_month_date

),

cohorts as (

    select
        cohort_month_date,
        {{ token_sum('paying_survivor_count', "channel <> 'all'") }} as survivor_count,
        {{ token_sum('paying_survivor_count', "channel = 'all'") }} as survivor_count_of_all
    from {{ ref('acquisition_cohorts_monthly') }}
    group by cohort_month_date

)

select
    cohorts.cohort_month_date,
    cohorts.survivor_count,
    survivors.survivor_count as expected_survivor_count
from cohorts
left join survivors
    on cohorts.cohort_month_date = survivors.cohort_month_date
where
    cohorts.survivor_count <> coalesce(survivors.survivor_count, 0)
    or cohorts.survivor_count_of_all <> coalesce(survivors.survivor_count, 0)
