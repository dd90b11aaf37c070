-- Payers that no account of the CRM stands for.
-- Grain: one row per stripe_customer_id, whatever the number of accounts it may be. dollars_usd is its revenue so far.
with

payers as (

    select
        stripe_customer_id,
        customer_id,
        max(revenue_usd) as revenue_usd
    from {{ ref('unmatched_payers') }}
    group by
        stripe_customer_id,
        customer_id

),

revenue as (

    select
        customer_id,
        min(revenue_date) as first_revenue_date
    from {{ ref('fct_revenue_daily') }}
    group by customer_id

),

final as (

    select
        kinds.kind,
        'payer' as subject_kind,
        payers.stripe_customer_id as subject,
        coalesce(revenue.first_revenue_date, as_of.as_of_date) as since_date,
        payers.revenue_usd as value,
        cast(coalesce(kinds.threshold, 0) as decimal(28, 12)) as threshold,
        'usd' as unit,
        payers.revenue_usd as dollars_usd
    from payers
    cross join {{ ref('int_as_of_date') }} as as_of
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'unmatched_payer'
            and kinds.is_on
    left join revenue
        on payers.customer_id = revenue.customer_id
    where
        kinds.threshold is null
        or payers.revenue_usd > kinds.threshold

)

select * from final
