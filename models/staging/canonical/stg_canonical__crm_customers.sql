-- Accounts of the CRM, the newest version of each.
-- Grain: one row per customer_id, merged-away accounts included.
with

source as (

    select * from {{ source('raw', 'crm_customers') }}

),

renamed as (

    select

        ---------- ids
        customer_id,
        merged_into_customer_id,
        stripe_customer_id,
        workspace_ids,

        ---------- strings
        customer_name,
        acquisition_channel,
        campaign,
        segment,
        business_model,
        acquisition_motion,
        plan,
        -- No column of its own: what the export has beyond the known ones, else a name or an id that is one.
        {{ internet_domain("coalesce("
            ~ json_text('_extra', ['email_domain', 'domain', 'website', 'email'])
            ~ ", case when customer_name like '%.%' and customer_name not like '% %' then customer_name end"
            ~ ", case when customer_id like '%@%' then customer_id end)") }} as internet_domain,

        ---------- quantities
        seats,

        ---------- flags
        coalesce(is_internal, false) as is_internal,

        ---------- times
        signed_up_at,
        cast({{ in_reporting_timezone('signed_up_at') }} as date) as signed_up_date,
        cast({{ in_reporting_timezone('churned_at') }} as date) as churned_date,
        updated_at,

        ---------- versions
        row_number() over (
            partition by customer_id
            order by updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank,
        _load_id,
        _source_row

    from source

)

select
    customer_id,
    merged_into_customer_id,
    stripe_customer_id,
    workspace_ids,
    customer_name,
    acquisition_channel,
    campaign,
    segment,
    business_model,
    acquisition_motion,
    plan,
    internet_domain,
    seats,
    is_internal,
    signed_up_at,
    signed_up_date,
    churned_date,
    updated_at,
    _load_id,
    _source_row
from renamed
where version_rank = 1
