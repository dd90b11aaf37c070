-- Customers in Stripe, the newest version of each; test mode counts for nothing.
-- Grain: one row per stripe_customer_id.
with

source as (

    select * from {{ source('raw', 'stripe_customers') }}

),

renamed as (

    select

        ---------- ids
        id as stripe_customer_id,
        {{ json_text('metadata', var('stripe_customer_key')) }} as metadata_customer_id,

        ---------- strings
        name as customer_name,
        -- The address itself is read by nobody.
        case when email like '%@%' then {{ internet_domain('email') }} end as email_domain,

        ---------- versions
        coalesce(livemode, true) as is_live,
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    stripe_customer_id,
    {{ whole_id('metadata_customer_id') }} as crm_customer_id,
    customer_name,
    email_domain
from renamed
where version_rank = 1 and is_live
