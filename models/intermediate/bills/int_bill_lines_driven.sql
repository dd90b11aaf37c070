-- Bill lines that are shared out, each with the driver it is shared by and the driver's total over its scope.
-- Grain: one row per line_id. A line without any driver in its scope has driver `none` and stays whole.
-- The total is over the whole line: a late call changes every part of it. decisions.md, Bill allocation.
{{ config(materialized='table') }}
{#- The drivers of each component; the first that the scope has any of is taken. -#}
{% set drivers = {'other_cogs': ['inferences']} %}
{% for component, settings in var('cost_components').items() if settings.source == 'bills' -%}
{% do drivers.update({component: settings.drivers or ['inferences']}) %}
{%- endfor %}
{% set line_columns = [
    'line_id', 'period_start_date', 'day_count', 'provider', 'resolved_provider', 'component', 'model_tag',
    'resolved_model_tag', 'model', 'resolved_model', 'customer_id', 'feature', 'service_tier', 'recognised_usd',
] %}
with

line_days as (

    select * from {{ ref('int_bill_line_days') }}
    where component in ('{{ drivers | join("', '") }}')

),

lines as (

    select distinct
        {{ line_columns | join(',\n        ') }}
    from line_days

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

-- One row per day and what a scope can ask for, so that a line meets few rows.
scopes as (

    select
        utc_date,
        resolved_provider,
        model,
        resolved_model,
        customer_id,
        feature,
        cast(sum(driver_gpu_seconds) as decimal(28, 6)) as gpu_seconds,
        cast(sum(driver_tokens) as decimal(28, 6)) as tokens,
        cast(sum(driver_calls) as decimal(28, 6)) as calls,
        cast(sum(driver_retrievals) as decimal(28, 6)) as retrievals,
        cast(sum(driver_inferences) as decimal(28, 6)) as inferences
    from usage_rows
    group by
        utc_date,
        resolved_provider,
        model,
        resolved_model,
        customer_id,
        feature

),

totals as (

    select
        line_days.line_id,
        {% for quantity in ['gpu_seconds', 'tokens', 'calls', 'retrievals', 'inferences'] -%}
        cast(sum(scopes.{{ quantity }}) as decimal(28, 6)) as {{ quantity }}{{ ',' if not loop.last }}
        {% endfor %}
    from line_days
    inner join scopes
        on line_days.utc_date = scopes.utc_date
        and {{ in_bill_scope('line_days', 'scopes') }}
    group by line_days.line_id

),

quantities as (

    {% for component, names in drivers.items() -%}
    {% set outer_loop = loop -%}
    {% for name in names -%}
    select
        '{{ component }}' as component,
        line_id,
        '{{ name }}' as driver,
        {{ loop.index }} as driver_rank,
        {{ name }} as line_driver_quantity
    from totals
    where {{ name }} > 0
    {% if not (loop.last and outer_loop.last) %}
    union all

    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

ranked as (

    select
        lines.*,
        coalesce(quantities.driver, 'none') as driver,
        cast(coalesce(quantities.line_driver_quantity, 0) as decimal(28, 6)) as line_driver_quantity,
        row_number() over (
            partition by lines.line_id
            order by quantities.driver_rank asc nulls last
        ) as driver_rank
    from lines
    left join quantities
        on lines.line_id = quantities.line_id
        and lines.component = quantities.component

),

final as (

    select
        {{ line_columns | join(',\n        ') }},
        driver,
        line_driver_quantity
    from ranked
    where driver_rank = 1

)

select * from final
