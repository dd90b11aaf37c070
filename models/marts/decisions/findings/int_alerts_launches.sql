-- Features below the launch gate without a mitigation. decisions.md, Launch gate.
-- Grain: one row per feature. A feature that earns enough by itself and pulls its product below shows the product's
-- ratio. dollars_usd is what its inference costs, or is to cost, a month.
with

gates as (

    select
        gates.*,
        case
            when gates.launched_date <= as_of.as_of_date then gates.launched_date
            else as_of.as_of_date
        end as since_date
    from {{ ref('feature_launch_gates') }} as gates
    cross join {{ ref('int_as_of_date') }} as as_of
    where gates.gate_status = 'failed'

),

final as (

    select
        kinds.kind,
        'feature' as subject_kind,
        gates.feature as subject,
        gates.since_date,
        {{ money(
            'case when gates.marginal_ier < gates.gate_ier then gates.marginal_ier else gates.product_ier_with end'
        ) }} as value,
        gates.gate_ier as threshold,
        'multiple' as unit,
        {{ ratio('gates.feature_cost_usd_per_day * 365', '12') }} as dollars_usd
    from gates
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'launch_gate'
            and kinds.is_on

)

select * from final
