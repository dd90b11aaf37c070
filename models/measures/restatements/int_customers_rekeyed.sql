-- Customers that gained or lost calls because the CRM says other than at the previous release whose they are, beyond
-- merges, which int_costs_reported follows: a merge taken back, or a workspace given to another account.
-- Grain: one row per customer_id.
with

released as (

    select * from {{ ref('int_inputs_released') }}
    where input_kind = 'crm'

),

published as (

    select * from {{ ref('stg_publishing__inputs') }}
    where input_kind = 'crm'

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

joined as (

    -- An account nobody was merged into is its own, a workspace without an account is nobody's.
    select
        coalesce(
            published.fingerprint,
            case when released.input_part = 'customer' then released.input_key else 'unattributed' end
        ) as from_customer_id,
        coalesce(
            released.fingerprint,
            case when published.input_part = 'customer' then published.input_key else 'unattributed' end
        ) as to_customer_id
    from released
    full outer join published
        on released.input_part = published.input_part
        and released.input_key = published.input_key

),

resolved as (

    select
        coalesce(customers.resolved_customer_id, joined.from_customer_id) as from_customer_id,
        joined.to_customer_id
    from joined
    left join customers
        on joined.from_customer_id = customers.customer_id

),

final as (

    select from_customer_id as customer_id
    from resolved
    where from_customer_id <> to_customer_id

    union

    select to_customer_id as customer_id
    from resolved
    where from_customer_id <> to_customer_id

)

select * from final
