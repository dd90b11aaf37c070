-- Every month with customers has its four rows; each holds exactly the dearest of them, and the shares are of all.
with

customers as (

    select
        margins.*,
        coalesce(mrr.mrr_usd, 0) as mrr_usd,
        margins.call_count > 0 or margins.ai_cost_usd <> 0 as is_ranked
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as dim_customers
        on margins.customer_id = dim_customers.customer_id
    left join {{ ref('int_customer_mrr') }} as mrr
        on margins.period_start_date = mrr.period_start_date
        and margins.customer_id = mrr.customer_id
        and mrr.period_grain = 'month'
    where
        not dim_customers.is_internal
        and margins.customer_id <> 'unattributed'

),

ranked as (

    select
        *,
        case
            when is_ranked
                then row_number() over (
                    partition by period_start_date, is_ranked
                    order by ai_cost_usd desc nulls last, customer_id asc nulls last
                )
        end as cost_rank,
        count(*) filter (where is_ranked) over (partition by period_start_date) as all_customer_count
    from customers

),

expected as (

    select
        ranked.period_start_date,
        percents.top_percent,
        max(ranked.all_customer_count) as all_customer_count,
        {% set is_top = '(ranked.cost_rank - 1) * 100 < ranked.all_customer_count * percents.top_percent' -%}
        count(*) filter (where {{ is_top }}) as customer_count,
        {{ token_sum('ranked.successful_inference_count', is_top) }} as successful_inference_count,
        {{ cost_sum('ranked.ai_cost_usd', is_top) }} as ai_cost_usd,
        {{ cost_sum('ranked.revenue_usd', is_top) }} as revenue_usd,
        {{ cost_sum('ranked.mrr_usd', is_top) }} as mrr_usd,
        {{ token_sum('ranked.unpriced_call_count', is_top) }} as unpriced_call_count,
        {{ token_sum('ranked.call_count', is_top) }} as call_count,
        {{ token_sum('ranked.successful_inference_count') }} as all_inference_count,
        {{ cost_sum('ranked.ai_cost_usd') }} as all_ai_cost_usd,
        {{ cost_sum('ranked.revenue_usd') }} as all_revenue_usd
    from ranked
    cross join (values (1), (5), (10), (20)) as percents (top_percent)
    where ranked.all_customer_count > 0
    group by
        ranked.period_start_date,
        percents.top_percent

),

actual as (

    select * from {{ ref('cost_concentration_monthly') }}

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(expected.top_percent, actual.top_percent) as top_percent,
    expected.ai_cost_usd as expected_ai_cost_usd,
    actual.ai_cost_usd
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
    and expected.top_percent = actual.top_percent
left join {{ ref('benchmarks') }} as typical
    on cast(actual.top_percent as string) = typical.band
    and typical.metric = 'top_customers_cost'
where
    coalesce(expected.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        actual.cost_ratio is distinct from {{ ratio('expected.ai_cost_usd', 'expected.all_ai_cost_usd') }}
        {%- for measure in [
            'customer_count', 'all_customer_count', 'successful_inference_count', 'ai_cost_usd', 'revenue_usd', 'mrr_usd',
        ] %}
        or expected.{{ measure }} is distinct from actual.{{ measure }}
        {%- endfor %}
        or actual.revenue_ratio is distinct from {{ ratio(
            'expected.revenue_usd', 'case when expected.all_revenue_usd > 0 then expected.all_revenue_usd end'
        ) }}
        or actual.inference_ratio
        is distinct from {{ ratio('expected.successful_inference_count', 'expected.all_inference_count') }}
        or actual.typical_low_ratio is distinct from typical.low
        or actual.typical_high_ratio is distinct from typical.high
        or actual.unpriced_ratio is distinct from {{ ratio('expected.unpriced_call_count', 'expected.call_count') }}
    )
