-- The days whose effective cost may have changed, and why: the touched days of the calls, and the days of bills,
-- true-ups and fine-tuning jobs that changed.
-- Grain: one row per usage_date and cause (as in int_days_touched, and bill).
{{ config(materialized='table') }}
with

days_touched as (

    select * from {{ ref('int_days_touched') }}

),

reference_rows as (

    select * from {{ ref('int_allocation_references') }}

),

usage_rows as (

    select distinct
        usage_date,
        utc_date
    from {{ ref('int_usage_priced_daily') }}

),

changed as (

    {% if builds_all_days() %}
    select distinct utc_date
    from reference_rows
    {% else %}
    select distinct coalesce(reference_rows.utc_date, built_rows.utc_date) as utc_date
    from reference_rows
    full outer join {{ existing_relation('int_allocation_references_built') }} as built_rows
        on reference_rows.reference_kind = built_rows.reference_kind
        and reference_rows.reference_key = built_rows.reference_key
        and reference_rows.utc_date = built_rows.utc_date
    where reference_rows.fingerprint is distinct from built_rows.fingerprint
    {% endif %}

),

touched as (

    select
        usage_date,
        cause
    from days_touched

    union

    select
        utc_date as usage_date,
        'bill' as cause
    from changed

    union

    select
        usage_rows.usage_date,
        'bill' as cause
    from usage_rows
    inner join changed
        on usage_rows.utc_date = changed.utc_date

    {{ unfinished_build('int_usage_days_touched', "usage_date, 'unfinished_build' as cause") }}

),

final as (

    select
        usage_date,
        cause,
        '{{ invocation_id }}' as build_id
    from touched

)

select * from final
