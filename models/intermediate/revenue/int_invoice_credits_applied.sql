-- What prepaid credits settled of each invoice, in the minor unit: the part that was paid for, and the promotional
-- rest.
-- Grain: one row per invoice_id, credit_grant_id and given_back_date, which is null for what stayed used. Packs sold
-- below their face value are worth what was paid for them: the rest of each use is promotional.
-- A table: several models read it, directly and by way of views.
{{ config(materialized='table') }}

with

grants as (

    select * from {{ ref('stg_stripe__credit_grants') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

uses as (

    select * from {{ ref('int_invoice_credits_used') }}

),

granted as (

    select
        invoice_id,
        cast(sum(granted_minor_units) as bigint) as granted_minor_units
    from grants
    where coalesce(grant_category, 'paid') = 'paid' and invoice_id is not null
    group by invoice_id

),

recurring as (

    select
        invoice_id,
        {{ cost_sum('untaxed_minor_units') }} as recurring_minor_units
    from {{ ref('int_invoice_lines_untaxed') }}
    where is_recurring
    group by invoice_id

),

settled as (

    select
        invoice_id,
        cast(sum(used_minor_units) as bigint) as settled_minor_units
    from uses
    group by invoice_id

),

packs as (

    -- What is owed for all packs of an invoice: its lines but for plans and use, as credits bought earlier left them.
    select
        granted.invoice_id,
        granted.granted_minor_units,
        {{ money('invoices.untaxed_minor_units + coalesce(settled.settled_minor_units, 0)'
            ~ ' - coalesce(recurring.recurring_minor_units, 0)') }} as sold_minor_units
    from granted
    inner join invoices
        on granted.invoice_id = invoices.invoice_id
    left join recurring
        on granted.invoice_id = recurring.invoice_id
    left join settled
        on granted.invoice_id = settled.invoice_id

),

valued as (

    select
        uses.*,
        grants.invoice_id as grant_invoice_id,
        grants.expired_date,
        case
            when grants.grant_category = 'promotional' then cast(0 as bigint)
            when packs.sold_minor_units between 0 and packs.granted_minor_units
                then cast(round({{ shared_part(
                    'uses.used_minor_units', 'packs.sold_minor_units', 'packs.granted_minor_units'
                ) }}) as bigint)
            else uses.used_minor_units
        end as paid_minor_units
    from uses
    left join grants
        on uses.credit_grant_id = grants.credit_grant_id
    left join packs
        on grants.invoice_id = packs.invoice_id

),

final as (

    select
        invoice_id,
        credit_grant_id,
        given_back_date,
        grant_invoice_id,
        -- Use of before the day of expiry is often invoiced after it: what it takes did not expire.
        least(applied_date, coalesce(expired_date, applied_date)) as applied_date,
        applied_date as settled_date,
        paid_minor_units,
        cast(used_minor_units - coalesce(paid_minor_units, used_minor_units) as bigint) as promotional_minor_units
    from valued

)

select * from final
