-- Where billed money went: what customers carry of it, and what nobody does, summed from the parts themselves.
-- Grain: one row per period_start_date, resolved_provider, component and model_tag (`all` = untagged lines).

with

usage_rows as (

    select * from {{ ref('int_usage_trued_up_daily') }}

),

allocated as (

    select * from {{ ref('int_bills_allocated_to_usage') }}

),

unattributed as (

    select * from {{ ref('int_bills_unattributed_daily') }}
    where reason <> 'unabsorbed'

),

parts as (

    select
        period_start_date,
        resolved_provider,
        'llm_api' as component,
        llm_api_tag as model_tag,
        {{ money('llm_api_cost_usd + prompt_cache_cost_usd') }} as allocated_cost_usd,
        {{ money('0') }} as unattributed_cost_usd
    from usage_rows
    where is_llm_api_covered

    union all

    select
        period_start_date,
        resolved_provider,
        embedding_group as component,
        embedding_tag as model_tag,
        embedding_cost_usd as allocated_cost_usd,
        {{ money('0') }} as unattributed_cost_usd
    from usage_rows
    where is_embedding_covered

    union all

    select
        period_start_date,
        billed_provider as resolved_provider,
        component,
        model_tag,
        allocated_cost_usd,
        {{ money('0') }} as unattributed_cost_usd
    from allocated

    union all

    -- A line tagged with a customer is that customer's, with or without calls.
    select
        period_start_date,
        resolved_provider,
        component,
        model_tag,
        {{ money("case when customer_id <> 'unattributed' then unattributed_cost_usd else 0 end") }}
            as allocated_cost_usd,
        {{ money("case when customer_id = 'unattributed' then unattributed_cost_usd else 0 end") }}
            as unattributed_cost_usd
    from unattributed

),

final as (

    select
        period_start_date,
        resolved_provider,
        component,
        model_tag,
        {{ cost_sum('allocated_cost_usd') }} as allocated_cost_usd,
        {{ cost_sum('unattributed_cost_usd') }} as unattributed_cost_usd
    from parts
    group by
        period_start_date,
        resolved_provider,
        component,
        model_tag

)

select * from final
