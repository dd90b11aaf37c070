-- Payers that no account of the CRM stands for: their revenue stands beside the cost of nobody.
-- Grain: one row per customer_id that the revenue is counted under, however many Stripe customers and candidates it has.
-- A payer without a candidate is one where no use or cost is under its id either, and a CRM was landed at all: without
-- one nobody could be known. dollars_usd is its revenue so far.
with

payers as (

    select distinct customer_id
    from {{ ref('int_stripe_customers_resolved') }}
    where
        not is_in_crm
        and not is_settled

),

candidates as (

    select distinct customer_id
    from {{ ref('unmatched_payers') }}

),

used as (

    select distinct customer_id
    from {{ ref('fct_usage_daily') }}

),

crm as (

    select count(*) as account_count
    from {{ ref('dim_customers') }}
    where is_in_crm

),

revenue as (

    select
        customer_id,
        min(revenue_date) as first_revenue_date,
        {{ cost_sum('revenue_usd') }} as revenue_usd
    from {{ ref('fct_revenue_daily') }}
    group by customer_id

),

final as (

    select
        kinds.kind,
        'payer' as subject_kind,
        payers.customer_id as subject,
        revenue.first_revenue_date as since_date,
        revenue.revenue_usd as value,
        cast(coalesce(kinds.threshold, 0) as decimal(28, 12)) as threshold,
        'usd' as unit,
        revenue.revenue_usd as dollars_usd
    from payers
    inner join revenue
        on payers.customer_id = revenue.customer_id
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'unmatched_payer'
            and kinds.is_on
    cross join crm
    left join candidates
        on payers.customer_id = candidates.customer_id
    left join used
        on payers.customer_id = used.customer_id
    where
        revenue.revenue_usd > coalesce(kinds.threshold, 0)
        and (candidates.customer_id is not null or (used.customer_id is null and crm.account_count > 0))

)

select * from final
