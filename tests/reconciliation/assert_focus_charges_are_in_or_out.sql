-- Every FOCUS charge in force is a bill line, or skipped with a reason, and its amount with it: what is out of scope is
-- counted and summed, not lost.
with

charges as (

    select
        coalesce(skip_reason, 'bill') as outcome,
        currency,
        count(*) as charge_count,
        {{ cost_sum('billed_amount') }} as billed_amount
    from {{ ref('int_focus_charges_scoped') }}
    where coalesce(skip_reason, '') <> 'restated'
    group by
        coalesce(skip_reason, 'bill'),
        currency

),

in_force as (

    select
        currency,
        count(*) as charge_count,
        {{ cost_sum('billed_amount') }} as billed_amount
    from {{ ref('stg_focus__charges') }}
    where skip_reason is null
    group by currency

),

bills as (

    select
        currency,
        count(*) as charge_count,
        {{ cost_sum('billed_amount') }} as billed_amount
    from {{ ref('int_bills_landed') }}
    where source_name = 'focus_charges'
    group by currency

),

told as (

    select
        currency,
        sum(charge_count) as charge_count,
        {{ cost_sum('billed_amount') }} as billed_amount
    from (
        select
            currency,
            charge_count,
            billed_amount
        from bills

        union all

        select
            currency,
            charge_count,
            billed_amount
        from charges
        where outcome <> 'bill'
    ) as parts
    group by currency

)

select
    coalesce(in_force.currency, told.currency) as currency,
    in_force.charge_count,
    told.charge_count as told_charge_count,
    in_force.billed_amount,
    told.billed_amount as told_amount
from in_force
full outer join told
    on in_force.currency = told.currency
where
    in_force.charge_count is distinct from told.charge_count
    or in_force.billed_amount is distinct from told.billed_amount
