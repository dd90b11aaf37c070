-- Computed cost of priced calls by the bills it belongs to, day by day.
-- Grain: one row per period_start_date, resolved_provider, true_up_group, model_tag (`all` = untagged) and utc_date.
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

joined as (

    select
        models_billed.*,
        usage_rows.utc_date,
        {{ money('usage_rows.computed_llm_api_cost_usd + usage_rows.computed_prompt_cache_cost_usd') }}
            as llm_api_cost_usd,
        usage_rows.computed_embedding_cost_usd as embedding_cost_usd
    from usage_rows
    inner join models_billed
        on cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date) = models_billed.period_start_date
        and usage_rows.resolved_provider = models_billed.resolved_provider
        and usage_rows.model = models_billed.model
        and usage_rows.resolved_model = models_billed.resolved_model

),

keyed as (

    {% for name, true_up_group in {'llm_api': "'llm_api'", 'embedding': 'embedding_group'}.items() -%}
    select
        period_start_date,
        resolved_provider,
        {{ true_up_group }} as true_up_group,
        {{ name }}_tag as model_tag,
        utc_date,
        {{ name }}_cost_usd as computed_cost_usd
    from joined
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

final as (

    select
        keyed.period_start_date,
        keyed.resolved_provider,
        keyed.true_up_group,
        keyed.model_tag,
        keyed.utc_date,
        coalesce(bill_days.is_covered, false) as is_covered,
        {{ cost_sum('keyed.computed_cost_usd') }} as computed_cost_usd
    from keyed
    left join bill_days
        on keyed.resolved_provider = bill_days.resolved_provider
        and keyed.true_up_group = bill_days.component
        and keyed.model_tag = bill_days.model_tag
        and keyed.utc_date = bill_days.utc_date
    group by
        keyed.period_start_date,
        keyed.resolved_provider,
        keyed.true_up_group,
        keyed.model_tag,
        keyed.utc_date,
        coalesce(bill_days.is_covered, false)

)

select * from final
