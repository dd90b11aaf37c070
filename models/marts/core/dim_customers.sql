-- Customers: the accounts of the CRM after merges, everyone the calls or bills name, and the two that are nobody's
-- account: unattributed (no customer known) and internal (calls outside production).
-- Grain: one row per customer_id. Attributes are today's.
with

accounts as (

    select * from {{ ref('int_accounts') }}

),

used as (

    select distinct customer_id
    from {{ ref('fct_usage_daily') }}

),

billed as (

    select distinct customer_id
    from {{ ref('int_other_cogs_daily') }}

),

named as (

    select customer_id from accounts

    union

    select customer_id from used

    union

    select customer_id from billed

    union

    select nobody.customer_id
    from (values ('unattributed'), ('internal')) as nobody (customer_id)

),

final as (

    select
        named.customer_id,
        coalesce(accounts.customer_name, named.customer_id) as customer_name,
        {{ dimension_word('accounts.segment') }} as segment,
        coalesce(accounts.plan, 'none') as plan,
        {{ dimension_word('accounts.business_model') }} as business_model,
        {{ dimension_word('accounts.acquisition_motion') }} as acquisition_motion,
        {{ dimension_word('accounts.acquisition_channel') }} as acquisition_channel,
        accounts.seats,
        accounts.signed_up_date,
        accounts.churned_date,
        named.customer_id = 'internal' or coalesce(accounts.is_internal, false) as is_internal,
        accounts.customer_id is not null as is_in_crm
    from named
    left join accounts
        on named.customer_id = accounts.customer_id

)

select * from final
