-- What became of every landed row: used, or skipped and why.
-- Grain: one row per source_name, period_start_date and skip_reason (null: used).
-- The month is that of the row's own time (UTC); of its landing where it has none, or where nobody reads the source.
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
    'ad_reporting_campaigns': ('stg_ads__campaigns', 'spend_date')
} %}
with

loads as (

    select * from {{ ref('stg_landing__loads') }}

),

staged as (

    {% for source_name, (model, time) in staged.items() -%}
    select
        '{{ source_name }}' as source_name,
        rows_staged.skip_reason,
        cast({{ dbt.date_trunc(
            'month', 'coalesce(cast(rows_staged.' ~ time ~ ' as timestamp), loads.landed_at)'
        ) }} as date) as period_start_date,
        count(*) as row_count
    from {{ ref(model) }} as rows_staged
    left join loads
        on rows_staged._load_id = loads.load_id
    group by
        rows_staged.skip_reason,
        period_start_date
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

canonical as (

    select
        source_name,
        cast(null as string) as skip_reason,
        period_start_date,
        row_count
    from {{ ref('stg_landing__rows_monthly') }}

),

told as (

    select * from staged

    union all

    select * from canonical

),

others as (

    select
        source_name,
        cast(null as string) as skip_reason,
        cast({{ dbt.date_trunc('month', 'landed_at') }} as date) as period_start_date,
        sum(landed_row_count) as row_count
    from loads
    where
        landed_row_count > 0
        and source_name not in (select told.source_name from told)
    group by
        source_name,
        period_start_date

),

final as (

    select
        source_name,
        period_start_date,
        skip_reason,
        cast(row_count as bigint) as row_count
    from told

    union all

    select
        source_name,
        period_start_date,
        skip_reason,
        cast(row_count as bigint) as row_count
    from others

)

select * from final
