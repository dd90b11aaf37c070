-- Customers as Salesforce describes them: its accounts. A lead is one when it was converted to an account.
-- Opportunities are no revenue.
-- Grain: one row per customer_id. Of several accounts of one customer the earliest speaks. Without any date an account
-- has no signup: it is in no cohort, and listed by a warning.
with

accounts as (

    select
        *,
        coalesce(customer_id, 'salesforce:' || account_id) as account_customer_id
    from {{ ref('stg_salesforce__accounts') }}
    where skip_reason is null

),

leads as (

    select
        account_id,
        lead_source,
        min(converted_at) over (partition by account_id) as first_converted_at,
        row_number() over (
            partition by account_id
            order by created_at asc nulls last, lead_id asc nulls last
        ) as lead_rank
    from {{ ref('stg_salesforce__leads') }}
    where skip_reason is null

),

opportunities as (

    select
        account_id,
        lead_source,
        min(created_at) over (partition by account_id) as first_created_at,
        min(case when is_won then closed_date end) over (partition by account_id) as first_won_date,
        row_number() over (
            partition by account_id
            order by created_at asc nulls last, opportunity_id asc nulls last
        ) as opportunity_rank
    from {{ ref('stg_salesforce__opportunities') }}
    where skip_reason is null

),

described as (

    select
        accounts.account_customer_id as customer_id,
        accounts.stripe_customer_id,
        accounts.customer_name,
        coalesce(
            nullif(trim(leads.lead_source), ''), nullif(trim(accounts.account_source), ''), opportunities.lead_source
        ) as acquisition_channel,
        accounts.segment,
        accounts.plan,
        accounts.seats,
        coalesce(accounts.created_at, leads.first_converted_at, opportunities.first_created_at) as signed_up_at,
        opportunities.first_won_date,
        accounts.updated_at,
        accounts._load_id,
        accounts._source_row,
        accounts.account_id
    from accounts
    left join leads
        on accounts.account_id = leads.account_id
        and leads.lead_rank = 1
    left join opportunities
        on accounts.account_id = opportunities.account_id
        and opportunities.opportunity_rank = 1

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by signed_up_at asc nulls last, account_id asc nulls last
        ) as account_rank
    from described

),

final as (

    select
        customer_id,
        stripe_customer_id,
        customer_name,
        acquisition_channel,
        segment,
        plan,
        seats,
        signed_up_at,
        first_won_date,
        updated_at,
        _load_id,
        _source_row
    from ranked
    where account_rank = 1

)

select * from final
