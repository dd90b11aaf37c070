-- Whether margin falls as use rises: Spearman's rank correlation of gross margin and successful inferences.
-- Grain: one row per period_start_date and scope (all, usage_decile, segment: and its name).
with

customers as (

    select * from {{ ref('int_margins_by_usage_monthly') }}

),

deciles as (

    select
        period_start_date,
        usage_decile,
        cast(count(*) as bigint) as customer_count,
        {{ ratio('sum(gross_profit_usd)', 'sum(revenue_usd)') }} as decile_margin_ratio
    from customers
    group by
        period_start_date,
        usage_decile

),

points as (

    select
        period_start_date,
        'all' as scope,
        cast(successful_inference_count as bigint) as usage_value,
        gross_margin_ratio as margin_value,
        1 as customer_count
    from customers

    union all

    select
        period_start_date,
        'segment: ' || segment as scope,
        cast(successful_inference_count as bigint) as usage_value,
        gross_margin_ratio as margin_value,
        1 as customer_count
    from customers

    union all

    select
        period_start_date,
        'usage_decile' as scope,
        usage_decile as usage_value,
        decile_margin_ratio as margin_value,
        customer_count
    from deciles

),

ranks as (

    -- Twice the rank, so that the mean rank of equal values is whole.
    select
        period_start_date,
        scope,
        customer_count,
        {% for value in ['usage', 'margin'] -%}
        cast(
            2 * rank() over (
                partition by period_start_date, scope
                order by {{ value }}_value asc nulls last
            )
            + count(*) over (partition by period_start_date, scope, {{ value }}_value) - 1
        as decimal(13, 0)) as {{ value }}_rank{{ ',' if not loop.last }}
        {% endfor %}
    from points

),

rank_sums as (

    select
        period_start_date,
        scope,
        {{ token_sum('customer_count') }} as customer_count,
        cast(count(*) as decimal(9, 0)) as point_count,
        -- 19 digits: two numbers of up to 18 DuckDB multiplies in 18, too few from 31 623 customers on.
        cast(sum(usage_rank) as decimal(19, 0)) as usage_sum,
        cast(sum(margin_rank) as decimal(19, 0)) as margin_sum,
        cast(sum(usage_rank * usage_rank) as decimal(27, 0)) as usage_square_sum,
        cast(sum(margin_rank * margin_rank) as decimal(27, 0)) as margin_square_sum,
        cast(sum(usage_rank * margin_rank) as decimal(27, 0)) as product_sum
    from ranks
    group by
        period_start_date,
        scope

),

spreads as (

    select
        period_start_date,
        scope,
        customer_count,
        cast(point_count * product_sum as decimal(36, 0)) - cast(usage_sum * margin_sum as decimal(36, 0))
            as covariance,
        cast(point_count * usage_square_sum as decimal(36, 0)) - cast(usage_sum * usage_sum as decimal(36, 0))
            as usage_spread,
        cast(point_count * margin_square_sum as decimal(36, 0)) - cast(margin_sum * margin_sum as decimal(36, 0))
            as margin_spread
    from rank_sums

),

final as (

    select
        period_start_date,
        scope,
        customer_count,
        case
            when usage_spread > 0 and margin_spread > 0
                then cast(
                    cast(covariance as double) / sqrt(cast(usage_spread as double) * cast(margin_spread as double))
                as decimal(28, 9))
        end as correlation
    from spreads

)

select * from final
