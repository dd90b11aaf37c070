-- Effective cost of priced calls by usage row: what the provider billed for the days it billed, else computed.
-- Grain: one row per row of int_usage_priced_daily (usage_date, utc_date and its dimensions).
with

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

models_billed as (

    select * from {{ ref('int_models_billed_monthly') }}

),

true_ups as (

    select * from {{ ref('int_true_ups_daily') }}

),

final as (

    select
        usage_rows.*,
        models_billed.period_start_date,
        models_billed.llm_api_tag,
        models_billed.embedding_group,
        models_billed.embedding_tag,
        llm_true_ups.utc_date is not null as is_llm_api_covered,
        embedding_true_ups.utc_date is not null as is_embedding_covered,
        {{ trued_up('usage_rows.computed_llm_api_cost_usd', 'llm_true_ups') }} as llm_api_cost_usd,
        {{ trued_up('usage_rows.computed_prompt_cache_cost_usd', 'llm_true_ups') }} as prompt_cache_cost_usd,
        {{ trued_up('usage_rows.computed_embedding_cost_usd', 'embedding_true_ups') }} as embedding_cost_usd
    from usage_rows
    inner join models_billed
        on cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date) = models_billed.period_start_date
        and usage_rows.resolved_provider = models_billed.resolved_provider
        and usage_rows.model = models_billed.model
        and usage_rows.resolved_model = models_billed.resolved_model
    left join true_ups as llm_true_ups
        on usage_rows.resolved_provider = llm_true_ups.resolved_provider
        and models_billed.llm_api_tag = llm_true_ups.model_tag
        and usage_rows.utc_date = llm_true_ups.utc_date
        and llm_true_ups.true_up_group = 'llm_api'
    left join true_ups as embedding_true_ups
        on usage_rows.resolved_provider = embedding_true_ups.resolved_provider
        and models_billed.embedding_group = embedding_true_ups.true_up_group
        and models_billed.embedding_tag = embedding_true_ups.model_tag
        and usage_rows.utc_date = embedding_true_ups.utc_date

)

select * from final
