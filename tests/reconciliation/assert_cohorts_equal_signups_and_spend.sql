-- Every signup and every dollar of spend stands in one cohort of its channel and again in `all`, with what became of the
-- signups counted again from the facts: who ever paid, who pays on day 90, who used in the week before, what it cost.
-- A signup lost on the way would only show as customers who are dearer to win.
-- That the CRM's accounts become customers is asked by their number alone.
{% set counts = ['signup', 'observed_signup', 'paid', 'active_survivor', 'paying_survivor'] %}
{% set amounts = ['spend_usd', 'unpaid_ai_cost_usd', 'survivor_profit_usd'] %}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

signups as (

    select
        customers.customer_id,
        customers.acquisition_channel as channel,
        customers.signed_up_date,
        cast({{ dbt.date_trunc('month', 'customers.signed_up_date') }} as date) as cohort_month_date,
        customers.first_paid_date,
        {{ dbt.datediff('customers.signed_up_date', 'as_of.as_of_date', 'day') }} >= 90 as is_observed
    from {{ ref('dim_customers') }} as customers
    cross join as_of
    where customers.is_in_crm and not customers.is_internal and customers.signed_up_date is not null

),

entries as (

    select
        usage_date as entry_date,
        customer_id,
        successful_inference_count,
        ai_cost_usd,
        {{ money('-1 * ai_cost_usd') }} as profit_usd
    from {{ ref('fct_usage_daily') }}

    union all

    select
        revenue_date as entry_date,
        customer_id,
        cast(0 as bigint) as successful_inference_count,
        {{ money('0') }} as ai_cost_usd,
        revenue_usd as profit_usd
    from {{ ref('fct_revenue_daily') }}

    union all

    select
        usage_date as entry_date,
        customer_id,
        cast(0 as bigint) as successful_inference_count,
        {{ money('0') }} as ai_cost_usd,
        {{ money('-1 * other_cogs_usd') }} as profit_usd
    from {{ ref('int_other_cogs_daily') }}

),

first_days as (

    select
        entries.*,
        {{ dbt.datediff('signups.signed_up_date', 'entries.entry_date', 'day') }} as day_number,
        paying.paying_date is null as is_unpaid
    from entries
    inner join signups
        on entries.customer_id = signups.customer_id
    left join {{ ref('int_customers_paying_daily') }} as paying
        on
            entries.customer_id = paying.customer_id
            and entries.entry_date = paying.paying_date

),

followed as (

    select
        customer_id,
        {{ token_sum('successful_inference_count', 'day_number between 84 and 90') }} as week_inference_count,
        {{ cost_sum('ai_cost_usd', 'day_number between 0 and 89 and is_unpaid') }} as unpaid_ai_cost_usd,
        {{ cost_sum('profit_usd', 'day_number between 61 and 90') }} as profit_usd
    from first_days
    group by customer_id

),

parts as (

    select
        signups.cohort_month_date,
        signups.channel,
        1 as signup_count,
        case when signups.is_observed then 1 else 0 end as observed_signup_count,
        case when signups.first_paid_date is not null then 1 else 0 end as paid_count,
        case when signups.is_observed and followed.week_inference_count > 0 then 1 else 0 end as active_survivor_count,
        case when paying.paying_date is not null then 1 else 0 end as paying_survivor_count,
        {{ money('0') }} as spend_usd,
        followed.unpaid_ai_cost_usd,
        case when paying.paying_date is not null then followed.profit_usd end as survivor_profit_usd
    from signups
    left join {{ ref('int_customers_paying_daily') }} as paying
        on
            signups.customer_id = paying.customer_id
            and cast({{ dbt.dateadd('day', 90, 'signups.signed_up_date') }} as date) = paying.paying_date
    left join followed
        on signups.customer_id = followed.customer_id

    union all

    select
        cast({{ dbt.date_trunc('month', 'spend_date') }} as date) as cohort_month_date,
        channel,
        {% for count in counts -%}
        0 as {{ count }}_count,
        {% endfor -%}
        spend_usd,
        {{ money('0') }} as unpaid_ai_cost_usd,
        {{ money('0') }} as survivor_profit_usd
    from {{ ref('fct_acquisition_spend_daily') }}

),

expected as (

    {% for channel in ['channel', "'all'"] -%}
    select
        cohort_month_date,
        {{ channel }} as channel,
        {% for count in counts -%}
        {{ token_sum(count ~ '_count') }} as {{ count }}_count,
        {% endfor -%}
        {% for amount in amounts -%}
        {{ cost_sum(amount) }} as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from parts
    group by
        cohort_month_date,
        {{ channel }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

actual as (

    select * from {{ ref('acquisition_cohorts_monthly') }}

),

bands as (

    select
        max(low) as low,
        max(high) as high
    from {{ ref('benchmarks') }}
    where metric = 'cac_usd' and band = '{{ var("acquisition_motion") }}'

),

accounts as (

    -- Accounts of the CRM: not merged into another, not internal, with a signup.
    select count(*) as account_count
    from {{ ref('int_crm_accounts') }} as crm_accounts
    inner join {{ ref('int_customers_resolved') }} as resolved
        on crm_accounts.customer_id = resolved.customer_id
    inner join as_of
        on cast({{ dbt.date_trunc('month', 'crm_accounts.signed_up_date') }} as date) <= as_of.as_of_date
    where
        resolved.resolved_customer_id = crm_accounts.customer_id
        and not crm_accounts.is_internal
        and crm_accounts.signed_up_date is not null

)

select
    coalesce(expected.cohort_month_date, actual.cohort_month_date) as cohort_month_date,
    coalesce(expected.channel, actual.channel) as channel,
    expected.signup_count as expected_signup_count,
    actual.signup_count
from expected
full outer join actual
    on expected.cohort_month_date = actual.cohort_month_date
    and expected.channel = actual.channel
cross join bands
where
    coalesce(expected.cohort_month_date, actual.cohort_month_date) <= (select max(as_of.as_of_date) from as_of)
    and (
        actual.survivor_count is distinct from expected.{{ var('survivor_rule') }}_survivor_count
        or (
            actual.cohort_month_date is not null
            and (
                actual.cac_band_low_usd is distinct from bands.low
                or actual.cac_band_high_usd is distinct from bands.high
            )
        )
        {%- for count in counts %}
        or expected.{{ count }}_count is distinct from actual.{{ count }}_count
        {%- endfor %}
        {%- for amount in amounts %}
        or expected.{{ amount }} is distinct from actual.{{ amount }}
        {%- endfor %}
    )

union all

select
    cast(null as date) as cohort_month_date,
    'accounts of the CRM' as channel,
    accounts.account_count as expected_signup_count,
    sum(actual.signup_count) as signup_count
from accounts
left join actual
    on actual.channel = 'all'
group by accounts.account_count
having coalesce(sum(actual.signup_count), 0) <> accounts.account_count
