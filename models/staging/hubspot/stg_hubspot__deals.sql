-- Deals in HubSpot, never revenue: their amounts stay in raw. Of a deal the newest row counts; older ones are skipped
-- as `older_version`, deleted deals as `deleted`.
-- Grain: one row per landed row.
with

source as (

    select * from {{ source('raw', 'hubspot_deals') }}

),

renamed as (

    select

        ---------- ids
        deal_id,
        company_id,

        ---------- flags
        coalesce(property_hs_is_closed_won, false) as is_won,

        ---------- dates and times
        cast(property_closedate as date) as closed_date,
        property_createdate as created_at,

        ---------- versions
        coalesce(is_deleted, false) as is_deleted,
        row_number() over (
            partition by deal_id
            order by _fivetran_synced desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank,
        _load_id,
        _source_row

    from source

),

final as (

    select
        deal_id,
        company_id,
        is_won,
        closed_date,
        created_at,
        case when version_rank > 1 then 'older_version' when is_deleted then 'deleted' end as skip_reason,
        _load_id,
        _source_row
    from renamed

)

select * from final
