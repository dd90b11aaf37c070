-- What prepaid credits settled of each invoice, in the minor unit: the part that was paid for, and the promotional
-- rest.
-- Grain: one row per invoice_id and credit_grant_id. A pack sold below its face value is worth what was paid for it:
-- the rest of each use is promotional.
with

grants as (

    select * from {{ ref('stg_stripe__credit_grants') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

uses as (

    select
        credit_grant_id,
        invoice_id,
        min(moved_date) as applied_date,
        cast(sum(
            case transaction_type when 'credit' then -amount_minor_units else amount_minor_units end
        ) as bigint) as applied_minor_units
    from {{ ref('stg_stripe__credit_balance_transactions') }}
    where invoice_id is not null
    group by
        credit_grant_id,
        invoice_id

),

valued as (

    select
        uses.invoice_id,
        uses.credit_grant_id,
        uses.applied_date,
        uses.applied_minor_units,
        grants.invoice_id as grant_invoice_id,
        case
            when grants.grant_category = 'promotional' then cast(0 as bigint)
            when invoices.untaxed_minor_units between 0 and grants.granted_minor_units
                then cast(round({{ shared_part(
                    'uses.applied_minor_units', 'invoices.untaxed_minor_units', 'grants.granted_minor_units'
                ) }}) as bigint)
            else uses.applied_minor_units
        end as paid_minor_units
    from uses
    left join grants
        on uses.credit_grant_id = grants.credit_grant_id
    left join invoices
        on grants.invoice_id = invoices.invoice_id
    where grants.invoice_id is null or grants.invoice_id <> uses.invoice_id

),

final as (

    select
        invoice_id,
        credit_grant_id,
        grant_invoice_id,
        applied_date,
        paid_minor_units,
        cast(applied_minor_units - coalesce(paid_minor_units, applied_minor_units) as bigint) as promotional_minor_units
    from valued

)

select * from final
