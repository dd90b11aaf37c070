-- Accounts in Salesforce, ids in 18 characters. Rows of the past are skipped as `history`; of the others the newest of
-- an account counts, older ones are `older_version`, deleted accounts `deleted` (their master_account_id is read all
-- the same).
-- Grain: one row per landed row.
with

source as (

    select
        *,
        {{ named_values('_extra') }} as own_values
    from {{ source('raw', 'salesforce_accounts') }}

),

renamed as (

    select

        ---------- ids: the customer's id is a column of the company's own (var)
        {{ salesforce_id('id') }} as account_id,
        {{ salesforce_id('master_record_id') }} as master_account_id,
        {{ whole_id(named_value(
            'own_values', [var('crm_customer_key'), var('crm_customer_key') ~ '__c', 'customer_id__c']
        )) }} as customer_id,
        {{ whole_id(named_value('own_values', ['stripe_customer_id', 'stripe_customer_id__c'])) }} as stripe_customer_id,

        ---------- strings
        name as customer_name,
        account_source,
        {{ named_value('own_values', ['segment', 'segment__c']) }} as segment,
        {{ named_value('own_values', ['plan', 'plan__c']) }} as plan,

        ---------- quantities
        {{ whole_number(named_value('own_values', ['seats', 'seats__c'])) }} as seats,

        ---------- times
        created_date as created_at,
        coalesce(last_modified_date, _fivetran_synced) as updated_at,

        ---------- versions
        coalesce(_fivetran_active, true) as is_active,
        coalesce(is_deleted, false) as is_deleted,
        _load_id,
        _source_row

    from source

),

ranked as (

    select
        *,
        row_number() over (
            partition by account_id
            order by is_active desc, updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from renamed

),

final as (

    select
        account_id,
        master_account_id,
        customer_id,
        stripe_customer_id,
        customer_name,
        account_source,
        segment,
        plan,
        seats,
        created_at,
        updated_at,
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
