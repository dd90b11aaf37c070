-- What was billed for priced calls against what they were computed to cost, and what becomes of the difference.
-- Grain: one row per period_start_date, resolved_provider, true_up_group and bill_tag (`all` = untagged lines).
-- Only calls on covered days are trued up; `factor_status` says how. decisions.md, True-up.
{{ config(materialized='table') }}
with

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

models_billed as (

    select * from {{ ref('int_models_billed_monthly') }}

),

bill_days as (

    select * from {{ ref('int_bill_days_covered') }}

),

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}
    where
        component in ('llm_api', 'embedding')
        and is_cost

),

provider_usage as (

    select * from {{ ref('int_provider_usage_monthly') }}

),

usage_daily as (

    select
        models_billed.period_start_date,
        models_billed.resolved_provider,
        models_billed.llm_api_tag,
        models_billed.embedding_group,
        models_billed.embedding_tag,
        usage_rows.utc_date,
        {{ cost_sum('usage_rows.computed_llm_api_cost_usd + usage_rows.computed_prompt_cache_cost_usd') }}
            as llm_cost_usd,
        {{ cost_sum('usage_rows.computed_embedding_cost_usd') }} as embedding_cost_usd
    from usage_rows
    inner join models_billed
        on cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date) = models_billed.period_start_date
        and usage_rows.resolved_provider = models_billed.resolved_provider
        and usage_rows.model = models_billed.model
        and usage_rows.resolved_model = models_billed.resolved_model
    group by
        models_billed.period_start_date,
        models_billed.resolved_provider,
        models_billed.llm_api_tag,
        models_billed.embedding_group,
        models_billed.embedding_tag,
        usage_rows.utc_date

),

keyed_daily as (

    select
        period_start_date,
        resolved_provider,
        'llm_api' as true_up_group,
        llm_api_tag as bill_tag,
        utc_date,
        llm_cost_usd as cost_usd
    from usage_daily

    union all

    select
        period_start_date,
        resolved_provider,
        embedding_group as true_up_group,
        embedding_tag as bill_tag,
        utc_date,
        embedding_cost_usd as cost_usd
    from usage_daily

),

computed as (

    select
        keyed_daily.period_start_date,
        keyed_daily.resolved_provider,
        keyed_daily.true_up_group,
        keyed_daily.bill_tag,
        {{ cost_sum('keyed_daily.cost_usd', 'coalesce(bill_days.is_covered, false)') }} as computed_cost_usd,
        {{ cost_sum('keyed_daily.cost_usd', 'not coalesce(bill_days.is_covered, false)') }}
            as uncovered_computed_cost_usd
    from keyed_daily
    left join bill_days
        on keyed_daily.resolved_provider = bill_days.resolved_provider
        and keyed_daily.true_up_group = bill_days.component
        and keyed_daily.bill_tag = bill_days.bill_tag
        and keyed_daily.utc_date = bill_days.utc_date
    group by
        keyed_daily.period_start_date,
        keyed_daily.resolved_provider,
        keyed_daily.true_up_group,
        keyed_daily.bill_tag

),

billed as (

    select
        period_start_date,
        resolved_provider,
        component as true_up_group,
        coalesce(model_tag, 'all') as bill_tag,
        min(provider) as provider,
        coalesce(min(model), 'unattributed') as model,
        coalesce(min(resolved_model), 'unattributed') as resolved_model,
        {{ cost_sum('billed_usd') }} as billed_cost_usd,
        {{ cost_sum('billed_usd', "kind = 'usage'") }} as billed_usage_usd
    from lines
    group by
        period_start_date,
        resolved_provider,
        component,
        model_tag

),

covered as (

    select
        period_start_date,
        resolved_provider,
        component,
        bill_tag,
        count(*) filter (where is_covered) as covered_days
    from bill_days
    group by
        period_start_date,
        resolved_provider,
        component,
        bill_tag

),

joined as (

    select
        coalesce(billed.period_start_date, computed.period_start_date) as period_start_date,
        coalesce(billed.resolved_provider, computed.resolved_provider) as resolved_provider,
        coalesce(billed.true_up_group, computed.true_up_group) as true_up_group,
        coalesce(billed.bill_tag, computed.bill_tag) as bill_tag,
        billed.provider,
        billed.model,
        billed.resolved_model,
        billed.bill_tag is not null as is_billed,
        coalesce(covered.covered_days, 0) as covered_days,
        {{ money('coalesce(billed.billed_cost_usd, 0)') }} as billed_cost_usd,
        {{ money('coalesce(billed.billed_usage_usd, 0)') }} as billed_usage_usd,
        {{ money('coalesce(computed.computed_cost_usd, 0)') }} as computed_cost_usd,
        {{ money('coalesce(computed.uncovered_computed_cost_usd, 0)') }} as uncovered_computed_cost_usd,
        coalesce(provider_usage.has_usage_gap, false) as has_usage_gap
    from billed
    full outer join computed
        on billed.period_start_date = computed.period_start_date
        and billed.resolved_provider = computed.resolved_provider
        and billed.true_up_group = computed.true_up_group
        and billed.bill_tag = computed.bill_tag
    left join covered
        on billed.period_start_date = covered.period_start_date
        and billed.resolved_provider = covered.resolved_provider
        and billed.true_up_group = covered.component
        and billed.bill_tag = covered.bill_tag
    left join provider_usage
        on billed.period_start_date = provider_usage.period_start_date
        and billed.resolved_provider = provider_usage.resolved_provider
        and billed.bill_tag = provider_usage.bill_tag

),

classified as (

    select
        *,
        {{ money('billed_cost_usd - computed_cost_usd') }} as variance_usd,
        {{ money('computed_cost_usd * ' ~ var('max_true_up_factor')) }} as highest_cost_usd,
        case
            when not is_billed then 'no_bill'
            when computed_cost_usd = 0 then 'no_usage'
            when
                abs(billed_cost_usd - computed_cost_usd) <= {{ var('true_up_tolerance_ratio') }} * abs(billed_cost_usd)
                then 'within_tolerance'
            when
                abs(billed_usage_usd - computed_cost_usd)
                <= {{ var('true_up_tolerance_ratio') }} * abs(billed_usage_usd)
                then 'correction'
            when has_usage_gap then 'usage_gap'
            when billed_cost_usd > computed_cost_usd * {{ var('max_true_up_factor') }} then 'unexplained'
            else 'price_difference'
        end as variance_class
    from joined

),

final as (

    select
        period_start_date,
        resolved_provider,
        true_up_group,
        bill_tag,
        provider,
        model,
        resolved_model,
        covered_days,
        billed_cost_usd,
        computed_cost_usd,
        uncovered_computed_cost_usd,
        variance_usd,
        variance_class,
        case
            when variance_class in ('no_bill', 'no_usage', 'usage_gap') then 'as_computed'
            when billed_cost_usd > computed_cost_usd * {{ var('max_true_up_factor') }} then 'capped'
            else 'as_billed'
        end as factor_status,
        -- What our calls carry of the bill; the rest is spend that our logs did not see.
        {{ money(
            "case when variance_class = 'no_bill' then 0"
            ~ " when variance_class in ('no_usage', 'usage_gap') then variance_usd"
            ~ " when billed_cost_usd > highest_cost_usd then billed_cost_usd - highest_cost_usd"
            ~ " else 0 end"
        ) }} as unattributed_cost_usd
    from classified
    where
        variance_class <> 'no_bill'
        or uncovered_computed_cost_usd <> 0

)

select * from final
