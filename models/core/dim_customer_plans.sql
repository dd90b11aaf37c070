-- The plan of each customer over time: what it is billed for, else the plan of the CRM. The plan every mart uses.
-- Grain: one row per customer_id and valid_from_date: without gaps from the customer's first day (use, revenue, COGS,
-- signup) to an open end. After as_of_date the plan stays. Join with date >= valid_from_date and (valid_to_date is null
-- or date < valid_to_date).
{{ config(materialized='table') }}
with

accounts as (

    select * from {{ ref('int_accounts') }}

),

billed as (

    select * from {{ ref('int_customer_plans_daily') }}

),

days as (

    select
        customer_id,
        usage_date as first_date
    from {{ ref('fct_usage_daily') }}

    union all

    select
        customer_id,
        revenue_date as first_date
    from {{ ref('fct_revenue_daily') }}

    union all

    select
        customer_id,
        usage_date as first_date
    from {{ ref('int_other_cogs_daily') }}

    union all

    select
        customer_id,
        signed_up_date as first_date
    from accounts
    where signed_up_date is not null

    union all

    select
        customer_id,
        plan_date as first_date
    from billed

),

first_days as (

    select
        customer_id,
        min(first_date) as first_date
    from days
    group by customer_id

),

-- A billed day begins a span, and the day after it another: of the billed plan, or of the CRM's.
edges as (

    select
        customer_id,
        plan_date as edge_date
    from billed

    union

    select
        billed.customer_id,
        cast({{ dbt.dateadd('day', 1, 'billed.plan_date') }} as date) as edge_date
    from billed
    inner join {{ ref('int_as_of_date') }} as as_of
        on billed.plan_date < as_of.as_of_date

    union

    select
        customer_id,
        first_date as edge_date
    from first_days

),

planned as (

    select
        edges.customer_id,
        edges.edge_date,
        coalesce(billed.plan, {{ plan_word('accounts.plan') }}) as plan
    from edges
    left join billed
        on
            edges.customer_id = billed.customer_id
            and edges.edge_date = billed.plan_date
    left join accounts
        on edges.customer_id = accounts.customer_id

),

changed as (

    select
        *,
        lag(plan) over (partition by customer_id order by edge_date asc nulls last) as plan_before
    from planned

),

final as (

    select
        customer_id,
        edge_date as valid_from_date,
        lead(edge_date) over (partition by customer_id order by edge_date asc nulls last) as valid_to_date,
        plan
    from changed
    where plan is distinct from plan_before

)

select * from final
