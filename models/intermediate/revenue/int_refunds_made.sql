-- Refunds that succeeded, and what a charge says was refunded beyond the landed ones.
-- Grain: one row per refund_id.
with

charges as (

    select * from {{ ref('int_charges_tied') }}

),

landed as (

    select * from {{ ref('stg_stripe__refunds') }}

),

landed_by_charge as (

    -- Pending refunds are in the charge's own sum already.
    select
        charge_id,
        cast(sum(amount_minor_units) as bigint) as landed_minor_units
    from landed
    where refund_status in ('succeeded', 'pending', 'requires_action')
    group by charge_id

),

final as (

    select
        landed.refund_id,
        landed.charge_id,
        landed.refunded_date,
        landed.amount_minor_units
    from landed
    where landed.refund_status = 'succeeded'

    union all

    select
        charges.charge_id || ':refunded' as refund_id,
        charges.charge_id,
        charges.charged_date as refunded_date,
        charges.refunded_minor_units - coalesce(landed_by_charge.landed_minor_units, 0) as amount_minor_units
    from charges
    left join landed_by_charge
        on charges.charge_id = landed_by_charge.charge_id
    where charges.refunded_minor_units > coalesce(landed_by_charge.landed_minor_units, 0)

)

select * from final
