-- What a delivered inference costs, by period and one dimension at a time.
-- Grain: one row per period_grain (day, week, month), period_start_date, dimension and dimension_value.
-- Cost of every call ÷ successful inferences: failures, retries and support calls are paid by what was delivered.
-- Never add dimensions up: each holds the whole again. Steps and call types divide by the inferences of `all`.
with

usage_daily as (

    select * from {{ ref('int_usage_by_dimension_daily') }}

),

{% for grain in ['day', 'week', 'month'] %}
by_{{ grain }} as (

    select
        '{{ grain }}' as period_grain,
        cast({{ dbt.date_trunc(grain, 'usage_date') }} as date) as period_start_date,
        dimension,
        dimension_value,
        {{ usage_sums(is_summed_before=true) }}
    from usage_daily
    group by
        period_start_date,
        dimension,
        dimension_value

),

{% endfor %}
periods as (

    select * from by_day
    union all
    select * from by_week
    union all
    select * from by_month

),

overall as (

    select
        period_grain,
        period_start_date,
        successful_inference_count
    from periods
    where dimension = 'all'

),

divided as (

    select
        periods.*,
        case
            when periods.dimension in ('step', 'call_type') then coalesce(overall.successful_inference_count, 0)
            else periods.successful_inference_count
        end as denominator_inference_count
    from periods
    left join overall
        on periods.period_grain = overall.period_grain
        and periods.period_start_date = overall.period_start_date

),

begun as (

    -- No period after as_of_date has a row.
    select
        divided.*,
        {{ ratio('divided.ai_cost_usd', 'divided.denominator_inference_count') }} as cpi_usd,
        cast(targets.high as decimal(28, 12)) as target_cpi_usd,
        case divided.period_grain
            {% for grain in ['day', 'week', 'month'] -%}
            when '{{ grain }}' then {{ is_complete('divided.period_start_date', grain) }}
            {% endfor %}
        end as is_complete
    from divided
    inner join {{ ref('int_as_of_date') }} as as_of
        on divided.period_start_date <= as_of.as_of_date
    left join {{ ref('benchmarks') }} as targets
        on divided.dimension = 'business_model'
        and divided.dimension_value = targets.band
        and targets.metric = 'cost_per_inference'

),

final as (

    select
        period_grain,
        period_start_date,
        dimension,
        dimension_value,
        call_count,
        attempt_count,
        inference_count,
        successful_inference_count,
        unpriced_call_count,
        denominator_inference_count,
        {% for component in cost_components() -%}
        {{ component }},
        {% endfor -%}
        inference_cost_usd,
        ai_cost_usd,
        {% for component in cost_components() -%}
        {{ ratio(component, 'denominator_inference_count') }} as {{ component | replace('_cost_usd', '_cpi_usd') }},
        {% endfor -%}
        cpi_usd,
        target_cpi_usd,
        {{ target_status('cpi_usd', 'target_cpi_usd', "'<'") }} as target_status,
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        {{ ratio('unattributed_cost_usd', 'ai_cost_usd') }} as unattributed_ratio,
        cost_status,
        case
            when denominator_inference_count = 0 then 'no_successful_inference'
            when unpriced_call_count > 0 then 'partly_unpriced'
            else 'complete'
        end as cpi_status,
        is_complete
    from begun

)

select * from final
