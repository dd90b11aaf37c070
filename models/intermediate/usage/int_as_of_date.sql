-- The day that decides what is current: the var as_of_date, else the last usage day of any call, else the last day of
-- any charge, bill or spend.
-- Grain: one row; null on an empty warehouse.
-- A table: nearly every mart reads it, and each would look through the calls again.
{{ config(materialized='table') }}
with

calls as (

    select max(usage_date) as last_date
    from {{ ref('int_calls_priced') }}

),

business as (

    select charged_date as business_date
    from {{ ref('stg_stripe__charges') }}
    where is_live

    union all

    select cast({{ dbt.dateadd('day', -1, 'period_to_date') }} as date) as business_date
    from {{ ref('int_bills_landed') }}

    union all

    select spend_date as business_date
    from {{ ref('int_spend_landed') }}

),

business_last as (

    select max(business_date) as last_date
    from business

),

final as (

    select
        {% if var('as_of_date') -%}
        cast('{{ var("as_of_date") }}' as date) as as_of_date
        {%- else -%}
        coalesce(calls.last_date, business_last.last_date) as as_of_date
        {%- endif %}
    from calls
    cross join business_last

)

select * from final
