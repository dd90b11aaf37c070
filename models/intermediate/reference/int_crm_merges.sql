-- Merges of customers in HubSpot and Salesforce, one step each: int_customers_resolved follows them to the end.
-- Grain: one row per customer_id that was merged into another.
-- Deleted rows speak here: what was eaten is deleted, and the calls of its customer carry its id.
with

hubspot as (

    select * from {{ ref('int_hubspot_customers_named') }}

),

salesforce as (

    select
        account_id,
        master_account_id,
        coalesce(customer_id, 'salesforce:' || account_id) as customer_id
    from {{ ref('stg_salesforce__accounts') }}
    where coalesce(skip_reason, 'deleted') = 'deleted'

),

links as (

    select
        1 as source_rank,
        eaten.customer_id,
        survivors.customer_id as merged_into_customer_id
    from hubspot as eaten
    inner join hubspot as survivors
        on eaten.survivor_id = survivors.object_id
        and eaten.object_type = survivors.object_type
    -- A contact of a company is no customer of its own: nothing moves when it is eaten.
    where eaten.is_customer

    union all

    select
        2 as source_rank,
        eaten.customer_id,
        coalesce(survivors.customer_id, 'salesforce:' || eaten.master_account_id) as merged_into_customer_id
    from salesforce as eaten
    left join salesforce as survivors
        on eaten.master_account_id = survivors.account_id
    where eaten.master_account_id is not null

),

ranked as (

    select
        customer_id,
        merged_into_customer_id,
        row_number() over (
            partition by customer_id
            order by source_rank asc nulls last, merged_into_customer_id asc nulls last
        ) as link_rank
    from links
    where merged_into_customer_id <> customer_id

),

final as (

    select
        customer_id,
        merged_into_customer_id
    from ranked
    where link_rank = 1

)

select * from final
