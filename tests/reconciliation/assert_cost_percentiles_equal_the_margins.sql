-- The total beside the percentiles is the AI cost of the margin mart, for every plan and segment.
-- A plan or segment with cost and no calls has no percentiles.
select
    margins.period_start_date,
    margins.dimension,
    margins.dimension_value,
    margins.ai_cost_usd as expected_ai_cost_usd,
    percentiles.ai_cost_usd
from {{ ref('gross_margin_monthly') }} as margins
left join {{ ref('cost_percentiles_monthly') }} as percentiles
    on
        margins.period_start_date = percentiles.period_start_date
        and margins.dimension = percentiles.dimension
        and margins.dimension_value = percentiles.dimension_value
where
    margins.dimension in ('all', 'plan', 'segment')
    and (margins.call_count > 0 or margins.ai_cost_usd <> 0)
    and percentiles.ai_cost_usd is null
