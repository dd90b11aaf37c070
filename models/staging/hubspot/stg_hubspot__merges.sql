-- Merges in HubSpot: whom a company or contact has eaten. Deleted rows speak too, so that chains hold together.
-- Grain: one row per landed row of a company or contact and id it has eaten.
with

split as (

    select
        'company' as object_type,
        id as survivor_id,
        {{ split_list('property_hs_merged_object_ids') }} as merged_id,
        _load_id,
        _source_row
    from {{ source('raw', 'hubspot_companies') }}
    where property_hs_merged_object_ids is not null

    union all

    select
        'contact' as object_type,
        id as survivor_id,
        {{ split_list('property_hs_merged_object_ids') }} as merged_id,
        _load_id,
        _source_row
    from {{ source('raw', 'hubspot_contacts') }}
    where property_hs_merged_object_ids is not null

),

final as (

    select distinct
        object_type,
        survivor_id,
        {{ whole_id('trim(merged_id)') }} as merged_id,
        _load_id,
        _source_row
    from split
    where trim(merged_id) <> '' and {{ whole_id('trim(merged_id)') }} <> survivor_id

)

select * from final
