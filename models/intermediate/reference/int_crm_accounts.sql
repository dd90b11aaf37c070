-- The seam for the CRM: every account of crm_customers, HubSpot and Salesforce, in the same columns. Where several
-- describe a customer, each column is that of the first of them that fills it, in that order.
-- Grain: one row per customer_id, accounts merged away included.
-- A table: made of many views, and read by several models.
{{ config(materialized='table') }}
with

canonical as (

    select * from {{ ref('stg_canonical__crm_customers') }}

),

hubspot as (

    select * from {{ ref('int_hubspot_accounts') }}

),

salesforce as (

    select * from {{ ref('int_salesforce_accounts') }}

),

merged as (

    select * from {{ ref('int_crm_merges') }}

),

customers as (

    select customer_id from canonical

    union

    select customer_id from hubspot

    union

    select customer_id from salesforce

    union

    select customer_id from merged

),

final as (

    select
        customers.customer_id,
        coalesce(canonical.merged_into_customer_id, merged.merged_into_customer_id) as merged_into_customer_id,
        {% for column in ['stripe_customer_id', 'customer_name', 'acquisition_channel', 'segment', 'plan'] -%}
        coalesce(canonical.{{ column }}, hubspot.{{ column }}, salesforce.{{ column }}) as {{ column }},
        {% endfor -%}
        canonical.campaign,
        canonical.business_model,
        canonical.acquisition_motion,
        coalesce(canonical.seats, hubspot.seats, salesforce.seats) as seats,
        coalesce(canonical.is_internal, false) as is_internal,
        coalesce(canonical.signed_up_at, hubspot.signed_up_at, salesforce.signed_up_at) as signed_up_at,
        coalesce(
            canonical.signed_up_date,
            cast({{ in_reporting_timezone('coalesce(hubspot.signed_up_at, salesforce.signed_up_at)') }} as date)
        ) as signed_up_date,
        canonical.churned_date,
        coalesce(hubspot.first_won_date, salesforce.first_won_date) as first_won_date,
        coalesce(canonical.updated_at, hubspot.updated_at, salesforce.updated_at) as updated_at,
        coalesce(canonical._load_id, hubspot._load_id, salesforce._load_id) as _load_id,
        coalesce(canonical._source_row, hubspot._source_row, salesforce._source_row) as _source_row
    from customers
    left join canonical
        on customers.customer_id = canonical.customer_id
    left join hubspot
        on customers.customer_id = hubspot.customer_id
    left join salesforce
        on customers.customer_id = salesforce.customer_id
    left join merged
        on customers.customer_id = merged.customer_id

)

select * from final
