-- The account that carries each CRM account's numbers today: itself, or the last of its chain of merges that
-- was landed.
-- Grain: one row per customer_id of the CRM, merged-away accounts included.
-- Each step doubles the length of the chains that are followed, so chains of up to 64 merges end. Accounts merged in
-- a circle stay themselves (assert_crm_merges_end lists them). A table, because following the chains is 64 joins.
{% set doublings = 6 %}
{{ config(materialized='table') }}
with

accounts as (

    select * from {{ ref('int_crm_accounts') }}

),

step_0 as (

    -- A link to an account that was never landed ends at the last one that was.
    select
        accounts.customer_id,
        coalesce(survivors.customer_id, accounts.customer_id) as resolved_customer_id
    from accounts
    left join accounts as survivors
        on accounts.merged_into_customer_id = survivors.customer_id

),

{% for step in range(1, doublings + 1) %}
step_{{ step }} as (

    select
        step_{{ step - 1 }}.customer_id,
        coalesce(next_accounts.resolved_customer_id, step_{{ step - 1 }}.resolved_customer_id) as resolved_customer_id
    from step_{{ step - 1 }}
    left join step_{{ step - 1 }} as next_accounts
        on step_{{ step - 1 }}.resolved_customer_id = next_accounts.customer_id

),

{% endfor %}
final as (

    select
        followed.customer_id,
        case
            when ends.resolved_customer_id = ends.customer_id then followed.resolved_customer_id
            else followed.customer_id
        end as resolved_customer_id
    from step_{{ doublings }} as followed
    inner join step_0 as ends
        on followed.resolved_customer_id = ends.customer_id

)

select * from final
