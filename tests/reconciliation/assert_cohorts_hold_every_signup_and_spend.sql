-- Every signup and every dollar of spend of the months up to as_of_date is in one cohort of a channel, and again in `all`.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

spend as (

    select {{ cost_sum('spent.spend_usd') }} as spend_usd
    from {{ ref('fct_acquisition_spend_daily') }} as spent
    inner join as_of
        on cast({{ dbt.date_trunc('month', 'spent.spend_date') }} as date) <= as_of.as_of_date

),

signups as (

    -- Accounts of the CRM: not merged into another, not internal, with a signup.
    select count(*) as signup_count
    from {{ ref('int_crm_accounts') }} as accounts
    inner join {{ ref('int_customers_resolved') }} as resolved
        on accounts.customer_id = resolved.customer_id
    inner join as_of
        on cast({{ dbt.date_trunc('month', 'accounts.signed_up_date') }} as date) <= as_of.as_of_date
    where
        resolved.resolved_customer_id = accounts.customer_id
        and not accounts.is_internal
        and accounts.signed_up_date is not null

),

cohorts as (

    {% for name, condition in {'all': "channel = 'all'", 'channels': "channel <> 'all'"}.items() %}
    select
        '{{ name }}' as rows_of,
        {{ cost_sum('spend_usd', condition) }} as spend_usd,
        {{ token_sum('signup_count', condition) }} as signup_count
    from {{ ref('acquisition_cohorts_monthly') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    cohorts.rows_of,
    cohorts.spend_usd,
    spend.spend_usd as expected_spend_usd,
    cohorts.signup_count,
    signups.signup_count as expected_signup_count
from cohorts
cross join spend
cross join signups
where cohorts.spend_usd <> spend.spend_usd or cohorts.signup_count <> signups.signup_count
