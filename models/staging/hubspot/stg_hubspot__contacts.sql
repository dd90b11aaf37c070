-- Contacts in HubSpot. Of a contact the newest row counts; older ones are skipped as `older_version`, deleted contacts
-- as `deleted` (what they were merged into is in stg_hubspot__merges). E-mail addresses and names stay in raw.
-- Grain: one row per landed row.
with

source as (

    select
        *,
        {{ named_values('_extra') }} as own_values
    from {{ source('raw', 'hubspot_contacts') }}

),

renamed as (

    select

        ---------- ids: the customer's id and the signup are properties of the contact's own (vars)
        id as contact_id,
        property_associatedcompanyid as company_id,
        {{ whole_id(named_value('own_values', [var('crm_customer_key'), 'property_' ~ var('crm_customer_key')])) }} as customer_id,
        {{ whole_id(named_value('own_values', ['stripe_customer_id', 'property_stripe_customer_id'])) }} as stripe_customer_id,

        ---------- strings
        property_hs_analytics_source as acquisition_channel,
        {{ named_value('own_values', ['segment', 'property_segment']) }} as segment,
        {{ named_value('own_values', ['plan', 'property_plan']) }} as plan,

        ---------- quantities
        {{ whole_number(named_value('own_values', ['seats', 'property_seats'])) }} as seats,

        ---------- times
        property_createdate as created_at,
        coalesce(
            {{ utc_timestamp(named_value('own_values', [var('crm_signup_key'), 'property_' ~ var('crm_signup_key')])) }},
            property_createdate
        ) as signed_up_at,
        _fivetran_synced as updated_at,

        ---------- versions
        coalesce(_fivetran_deleted, false) as is_deleted,
        row_number() over (
            partition by id
            order by _fivetran_synced desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank,
        _load_id,
        _source_row

    from source

),

final as (

    select
        contact_id,
        company_id,
        customer_id,
        stripe_customer_id,
        acquisition_channel,
        segment,
        plan,
        seats,
        created_at,
        signed_up_at,
        updated_at,
        case when version_rank > 1 then 'older_version' when is_deleted then 'deleted' end as skip_reason,
        _load_id,
        _source_row
    from renamed

)

select * from final
