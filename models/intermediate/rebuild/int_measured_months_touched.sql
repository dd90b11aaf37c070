-- The months whose counts and percentiles of calls may have changed: those with a touched day, and those in which the plan,
-- segment or internal use of a customer is another than it was.
-- Grain: one row per period_start_date.
{{ config(materialized='table') }}
{% set built = existing_relation('int_customer_words_built') %}
with

touched as (

    select cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_measured_days_touched') }}

    union

    select words.period_start_date
    from {{ ref('int_customer_words_monthly') }} as words
    {% if built and not flags.FULL_REFRESH %}
    left join {{ built }} as built
        on words.period_start_date = built.period_start_date
    where words.fingerprint is distinct from built.fingerprint
    {% endif %}

    {{ unfinished_build('int_measured_months_touched', 'period_start_date') }}

),

final as (

    select
        period_start_date,
        '{{ invocation_id }}' as build_id
    from touched

)

select * from final
