-- Landed rows as the models of their source show them: used, or skipped and why.
-- Grain: one row per landed row (_load_id, _source_row) that is shown; some models show a row's newest version only.
-- A source that skips rows is a line of the list: its model, and the time its rows are of.
{% set staged = {
    'focus_charges': ('int_focus_charges_scoped', 'period_from_date'),
    'openai_costs': ('int_openai_costs_modelled', 'period_from_date'),
    'openai_usage': ('stg_openai__usage', 'start_time'),
    'anthropic_cost_report': ('stg_anthropic__costs', 'period_from_date'),
    'anthropic_usage_report': ('stg_anthropic__usage', 'start_time'),
    'hubspot_companies': ('stg_hubspot__companies', 'created_at'),
    'hubspot_contacts': ('stg_hubspot__contacts', 'created_at'),
    'hubspot_deals': ('stg_hubspot__deals', 'created_at'),
    'salesforce_accounts': ('stg_salesforce__accounts', 'created_at'),
    'salesforce_leads': ('stg_salesforce__leads', 'created_at'),
    'salesforce_opportunities': ('stg_salesforce__opportunities', 'created_at'),
    'langfuse_scores': ('stg_langfuse__scores', 'scored_at'),
    'ad_reporting_campaigns': ('stg_ads__campaigns', 'spend_date')
} %}
with

final as (

    {% for source_name, (model, time) in staged.items() -%}
    select
        '{{ source_name }}' as source_name,
        skip_reason,
        cast({{ time }} as timestamp) as row_time,
        _load_id,
        _source_row
    from {{ ref(model) }}

    union all

    {% endfor -%}
    -- A call's newest version, and every bad one; parents of calls are told only here.
    select
        landed.source_name,
        case when judged._load_id is null then landed.skip_reason else judged.skip_reason end as skip_reason,
        landed.requested_at as row_time,
        landed._load_id,
        landed._source_row
    from {{ ref('int_native_calls_read') }} as landed
    left join {{ ref('int_native_calls_judged') }} as judged
        on landed.source_name = judged.source_name
        and landed._load_id = judged._load_id
        and landed._source_row = judged._source_row
    where judged._load_id is not null or landed.skip_reason = 'negative_remainder'

)

select * from final
