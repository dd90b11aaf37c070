-- Monthly recurring revenue and what moved it.
-- Grain: one row per period_start_date, dimension (all, plan, segment) and dimension_value; months over at as_of_date.
-- opening + new + reactivated + expansion - contraction - churned + fx = closing. A customer who moves to another plan
-- contracts the one and expands the other; nobody is new to, or lost by, a plan alone.
with

movements as (

    select * from {{ ref('int_mrr_movements_monthly') }}

),

retained_yearly as (

    select * from {{ ref('int_mrr_retained_yearly') }}

),

summed as (

    select
        period_start_date,
        dimension,
        dimension_value,
        {{ token_sum('1', 'opening_mrr_usd > 0') }} as opening_customer_count,
        {{ token_sum('1', "opening_mrr_usd > 0 and movement = 'churned'") }} as churned_customer_count,
        {{ token_sum('1', 'closing_mrr_usd > 0') }} as closing_customer_count,
        {{ cost_sum('opening_mrr_usd') }} as opening_mrr_usd,
        {{ cost_sum('change_usd', "movement = 'new'") }} as new_mrr_usd,
        {{ cost_sum('change_usd', "movement = 'reactivated'") }} as reactivated_mrr_usd,
        {{ cost_sum('change_usd', "movement = 'expansion'") }} as expansion_mrr_usd,
        {{ cost_sum('-change_usd', "movement = 'contraction'") }} as contraction_mrr_usd,
        {{ cost_sum('-change_usd', "movement = 'churned'") }} as churned_mrr_usd,
        {{ cost_sum('fx_usd') }} as fx_mrr_usd,
        {{ cost_sum('closing_mrr_usd') }} as closing_mrr_usd
    from movements
    group by
        period_start_date,
        dimension,
        dimension_value

),

final as (

    select
        summed.period_start_date,
        summed.dimension,
        summed.dimension_value,
        summed.opening_customer_count,
        summed.churned_customer_count,
        summed.closing_customer_count,
        summed.opening_mrr_usd,
        summed.new_mrr_usd,
        summed.reactivated_mrr_usd,
        summed.expansion_mrr_usd,
        summed.contraction_mrr_usd,
        summed.churned_mrr_usd,
        summed.fx_mrr_usd,
        summed.closing_mrr_usd,
        case
            when summed.opening_mrr_usd > 0 then {{ ratio(
                'summed.opening_mrr_usd + summed.expansion_mrr_usd - summed.contraction_mrr_usd'
                ~ ' - summed.churned_mrr_usd', 'summed.opening_mrr_usd'
            ) }}
        end as nrr_ratio,
        case
            when summed.opening_mrr_usd > 0 then {{ ratio(
                'summed.opening_mrr_usd - summed.contraction_mrr_usd - summed.churned_mrr_usd',
                'summed.opening_mrr_usd'
            ) }}
        end as grr_ratio,
        {{ ratio('summed.churned_customer_count', 'summed.opening_customer_count') }} as logo_churn_ratio,
        {{ ratio('retained_yearly.retained_mrr_usd', 'retained_yearly.opening_mrr_usd') }} as nrr_t12m_ratio,
        {{ ratio('retained_yearly.kept_mrr_usd', 'retained_yearly.opening_mrr_usd') }} as grr_t12m_ratio,
        true as is_complete
    from summed
    left join retained_yearly
        on
            summed.period_start_date = retained_yearly.period_start_date
            and summed.dimension = retained_yearly.dimension
            and summed.dimension_value = retained_yearly.dimension_value

)

select * from final
