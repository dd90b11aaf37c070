-- The customer each HubSpot object stands for: a company, and a contact that has none, by the property of var
-- crm_customer_key, else by its HubSpot id; a contact of a company stands for that company.
-- Grain: one row per object_type and object_id, deleted and eaten objects included: their calls carry the id they had.
with

companies as (

    select * from {{ ref('stg_hubspot__companies') }}
    where coalesce(skip_reason, '') <> 'older_version'

),

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}
    where coalesce(skip_reason, '') <> 'older_version'

),

merged as (

    select
        object_type,
        merged_id,
        min(survivor_id) as survivor_id
    from {{ ref('stg_hubspot__merges') }}
    group by
        object_type,
        merged_id

),

-- Of what was eaten the export may hold no row.
company_ids as (

    select company_id from companies

    union

    select merged_id as company_id from merged
    where object_type = 'company'

),

contact_ids as (

    select contact_id from contacts

    union

    select merged_id as contact_id from merged
    where object_type = 'contact'

),

final as (

    select
        'company' as object_type,
        company_ids.company_id as object_id,
        coalesce(companies.customer_id, 'hubspot:' || company_ids.company_id) as customer_id,
        true as is_customer,
        merged.survivor_id
    from company_ids
    left join companies
        on company_ids.company_id = companies.company_id
    left join merged
        on company_ids.company_id = merged.merged_id
        and merged.object_type = 'company'

    union all

    select
        'contact' as object_type,
        contact_ids.contact_id as object_id,
        case
            when company_ids.company_id is not null
                then coalesce(companies.customer_id, 'hubspot:' || company_ids.company_id)
            else coalesce(contacts.customer_id, 'hubspot:contact:' || contact_ids.contact_id)
        end as customer_id,
        company_ids.company_id is null as is_customer,
        merged.survivor_id
    from contact_ids
    left join contacts
        on contact_ids.contact_id = contacts.contact_id
    -- A company that was neither landed nor eaten is unknown: the contact is all there is.
    left join company_ids
        on contacts.company_id = company_ids.company_id
    left join companies
        on contacts.company_id = companies.company_id
    left join merged
        on contact_ids.contact_id = merged.merged_id
        and merged.object_type = 'contact'

)

select * from final
