-- Every signup and every dollar of spend is in one cohort of a channel, and again in `all`.
with

spend as (

    select {{ cost_sum('spend_usd') }} as spend_usd
    from {{ ref('fct_acquisition_spend_daily') }}

),

signups as (

    -- Accounts of the CRM: not merged into another, not internal, with a signup.
    select count(*) as signup_count
    from {{ ref('int_crm_accounts') }} as accounts
    inner join {{ ref('int_customers_resolved') }} as resolved
        on accounts.customer_id = resolved.customer_id
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
