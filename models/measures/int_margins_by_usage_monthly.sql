-- What customers with revenue in a month use and earn us, and which tenth of them by use each belongs to.
-- Grain: one row per period_start_date and customer_id with revenue; unattributed, internal and internal accounts stand
-- aside. Deciles are by successful inferences, ties by id.
with

final as (

    select
        margins.period_start_date,
        margins.customer_id,
        dim_customers.segment,
        margins.successful_inference_count,
        margins.revenue_usd,
        margins.gross_profit_usd,
        margins.gross_margin_ratio,
        margins.is_revenue_complete,
        cast(ntile(10) over (
            partition by margins.period_start_date
            order by margins.successful_inference_count asc nulls last, margins.customer_id asc nulls last
        ) as bigint) as usage_decile
    from {{ ref('int_customer_margins') }} as margins
    inner join {{ ref('dim_customers') }} as dim_customers
        on margins.customer_id = dim_customers.customer_id
    where
        margins.period_grain = 'month'
        and margins.revenue_usd > 0
        and not dim_customers.is_internal
        and margins.customer_id <> 'unattributed'

)

select * from final
