-- The calls whose real cost this build works out: those of the days that may have changed, all in a full build.
-- Grain: one row per call_id.
-- depends_on: {{ ref('int_usage_days_touched') }}
{{ config(tags='another_each_build') }}
with

final as (

    select * from {{ ref('int_calls_split') }}
    {% if not builds_all_days() %}
    where usage_date in (select days.usage_date from {{ ref('int_usage_days_touched') }} as days)
    {% endif %}

)

select * from final
