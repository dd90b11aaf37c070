-- Money that bought nothing, by reason. The classes exclude one another: their sum is the total waste.
-- Grain: one row per period_start_date, waste_class, customer_id and step. A class that a month's log cannot tell has
-- one row of status unavailable, customer and step `all`, without a cost.
-- At billed prices where a bill covers the calls; without shared machines. decisions.md, Waste.
with

wasted as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as bill_month_date,
        {{ is_llm_call('call_type') }} as is_llm_call
    from {{ ref('int_calls_wasted_daily') }}

),

summed as (

    select
        wasted.period_start_date,
        wasted.waste_class,
        wasted.customer_id,
        wasted.step,
        {{ token_sum('wasted.call_count') }} as call_count,
        {{ token_sum('wasted.unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('wasted.wasted_cost_usd') }} as computed_cost_usd,
        {{ cost_sum(trued_up('wasted.wasted_cost_usd', 'true_ups')) }} as cost_usd,
        {{ weakest_cost_status("case when true_ups.utc_date is null then 'estimated' else 'trued_up' end") }} as cost_status
    from wasted
    left join {{ ref('int_models_billed_monthly') }} as models_billed
        on wasted.bill_month_date = models_billed.period_start_date
        and wasted.resolved_provider = models_billed.resolved_provider
        and wasted.model = models_billed.model
        and wasted.resolved_model = models_billed.resolved_model
    left join {{ ref('int_true_ups_daily') }} as true_ups
        on wasted.resolved_provider = true_ups.resolved_provider
        and wasted.utc_date = true_ups.utc_date
        and case when wasted.is_llm_call then 'llm_api' else models_billed.embedding_group end = true_ups.true_up_group
        and case when wasted.is_llm_call then models_billed.llm_api_tag else models_billed.embedding_tag end
        = true_ups.model_tag
    group by wasted.period_start_date, wasted.waste_class, wasted.customer_id, wasted.step

),

logged_monthly as (

    select * from {{ ref('int_waste_known_monthly') }}

),

first_evidence as (

    select min(period_start_date) as period_start_date
    from {{ ref('int_evaluations_summed_monthly') }}

),

unavailable as (

    {% for waste_class, is_available in {
        'repeat': 'logged_monthly.has_repeat',
        'oversize_context': 'logged_monthly.has_oversize_context',
        'premium_model': 'coalesce(first_evidence.period_start_date <= logged_monthly.period_start_date, false)',
    }.items() -%}
    select
        logged_monthly.period_start_date,
        '{{ waste_class }}' as waste_class
    from logged_monthly
    cross join first_evidence
    where not {{ is_available }}

    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ledger as (

    select
        period_start_date,
        waste_class,
        customer_id,
        step,
        'available' as status,
        call_count,
        unpriced_call_count,
        computed_cost_usd,
        cost_usd,
        cost_status
    from summed

    union all

    select
        period_start_date,
        waste_class,
        'all' as customer_id,
        'all' as step,
        'unavailable' as status,
        cast(0 as bigint) as call_count,
        cast(0 as bigint) as unpriced_call_count,
        cast(null as decimal(28, 12)) as computed_cost_usd,
        cast(null as decimal(28, 12)) as cost_usd,
        'estimated' as cost_status
    from unavailable

),

final as (

    select
        ledger.period_start_date,
        ledger.waste_class,
        ledger.customer_id,
        coalesce(customers.customer_name, ledger.customer_id) as customer_name,
        ledger.step,
        ledger.status,
        ledger.call_count,
        ledger.unpriced_call_count,
        ledger.computed_cost_usd,
        ledger.cost_usd,
        {{ ratio('ledger.unpriced_call_count', 'ledger.call_count') }} as unpriced_ratio,
        ledger.cost_status,
        {{ is_complete('ledger.period_start_date', 'month') }} as is_complete
    from ledger
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on ledger.period_start_date <= as_of.as_of_date
    left join {{ ref('dim_customers') }} as customers
        on ledger.customer_id = customers.customer_id

)

select * from final
