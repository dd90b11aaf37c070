-- The days whose sums over single calls (models/measures) may have changed: those whose calls or cost may, those on which
-- a request with an attempt there was delivered, the days after, which look 24 hours back for the same prompt, and those
-- of use cases whose token band was edited.
-- Grain: one row per usage_date.
-- depends_on: {{ ref('int_references') }}, {{ ref('token_targets') }}
{{ config(materialized='table') }}
with

usage_days as (

    select distinct usage_date
    from {{ ref('int_usage_days_touched') }}

),

targets_changed as (

    {% if builds_all_days() %}
    select use_case
    from {{ ref('token_targets') }}
    where false
    {% else %}
    select coalesce(reference_rows.reference_key, built_rows.reference_key) as use_case
    from (select * from {{ ref('int_references') }} where reference_kind = 'token_target') as reference_rows
    full outer join (
        select * from {{ existing_relation('int_references_built') }} where reference_kind = 'token_target'
    ) as built_rows
        on reference_rows.reference_key = built_rows.reference_key
    where reference_rows.fingerprint is distinct from built_rows.fingerprint
    {% endif %}

),

touched as (

    select usage_date
    from usage_days

    union

    -- Two days: on the day the clocks go forward, 24 hours reach over it.
    {% for days in [1, 2] -%}
    select cast({{ dbt.dateadd('day', days, 'usage_date') }} as date) as usage_date
    from usage_days

    union

    {% endfor -%}
    select calls.delivered_date as usage_date
    from {{ ref('int_calls_priced') }} as calls
    inner join usage_days
        on calls.usage_date = usage_days.usage_date
    where calls.delivered_date is not null

    union

    select usage_rows.usage_date
    from {{ ref('int_usage_priced_daily') }} as usage_rows
    inner join targets_changed
        on usage_rows.use_case = targets_changed.use_case

    {{ unfinished_build('int_measured_days_touched', 'usage_date') }}

),

final as (

    select
        usage_date,
        '{{ invocation_id }}' as build_id
    from touched

)

select * from final
