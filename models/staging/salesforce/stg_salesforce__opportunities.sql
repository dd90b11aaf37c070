-- Opportunities in Salesforce, never revenue: their amounts stay in raw. Rows of the past are skipped as `history`; of
-- the others the newest of an opportunity counts, older ones are `older_version`, deleted opportunities `deleted`.
-- Grain: one row per landed row.
with

source as (

    select * from {{ source('raw', 'salesforce_opportunities') }}

),

renamed as (

    select

        ---------- ids
        {{ salesforce_id('id') }} as opportunity_id,
        {{ salesforce_id('account_id') }} as account_id,

        ---------- strings
        lead_source,

        ---------- flags
        coalesce(is_won, false) as is_won,

        ---------- dates and times
        cast(close_date as date) as closed_date,
        created_date as created_at,

        ---------- versions
        coalesce(_fivetran_active, true) as is_active,
        coalesce(is_deleted, false) as is_deleted,
        coalesce(last_modified_date, _fivetran_synced) as updated_at,
        _load_id,
        _source_row

    from source

),

ranked as (

    select
        *,
        row_number() over (
            partition by opportunity_id
            order by is_active desc, updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from renamed

),

final as (

    select
        opportunity_id,
        account_id,
        lead_source,
        is_won,
        closed_date,
        created_at,
        case
            when not is_active then 'history'
            when version_rank > 1 then 'older_version'
            when is_deleted then 'deleted'
        end as skip_reason,
        _load_id,
        _source_row
    from ranked

)

select * from final
