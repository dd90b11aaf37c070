-- Leads in Salesforce: a lead is no customer before it is converted. Rows of the past are skipped as `history`; of the
-- others the newest of a lead counts, older ones are `older_version`, deleted leads `deleted`, the rest
-- `not_converted`.
-- Grain: one row per landed row.
with

source as (

    select * from {{ source('raw', 'salesforce_leads') }}

),

renamed as (

    select

        ---------- ids
        {{ salesforce_id('id') }} as lead_id,
        {{ salesforce_id('converted_account_id') }} as account_id,

        ---------- strings
        lead_source,

        ---------- times
        created_date as created_at,
        converted_date as converted_at,

        ---------- versions
        coalesce(is_converted, converted_account_id is not null) as is_converted,
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
            partition by lead_id
            order by is_active desc, updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from renamed

),

final as (

    select
        lead_id,
        account_id,
        lead_source,
        created_at,
        converted_at,
        case
            when not is_active then 'history'
            when version_rank > 1 then 'older_version'
            when is_deleted then 'deleted'
            when not is_converted or account_id is null then 'not_converted'
        end as skip_reason,
        _load_id,
        _source_row
    from ranked

)

select * from final
