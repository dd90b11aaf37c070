-- Every dollar spent is in the fact once, by day: spend in USD straight, foreign spend at the rate of its day.
with

expected as (

    select
        spend.spend_date,
        {{ cost_sum(
            "case when spend.currency = 'USD' then spend.spend_amount else "
            ~ converted('spend.spend_amount', 'rates.usd_per_unit') ~ " end"
        ) }} as spend_usd
    from {{ ref('int_spend_landed') }} as spend
    left join {{ ref('int_fx_rates_daily') }} as rates
        on
            spend.currency = rates.currency
            and spend.spend_date = rates.rate_date
    group by spend.spend_date

),

actual as (

    select
        spend_date,
        {{ cost_sum('spend_usd') }} as spend_usd
    from {{ ref('fct_acquisition_spend_daily') }}
    group by spend_date

)

select
    coalesce(expected.spend_date, actual.spend_date) as spend_date,
    expected.spend_usd as expected_spend_usd,
    actual.spend_usd
from expected
full outer join actual
    on expected.spend_date = actual.spend_date
where expected.spend_usd is distinct from actual.spend_usd
