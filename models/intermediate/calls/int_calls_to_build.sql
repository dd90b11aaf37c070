-- The landed calls that this build has to look at: all of them in a full build, else those of int_calls_touched.
-- Grain: one row per landed row (_load_id, _source_row).
-- depends_on: {{ ref('int_calls_landed') }}
-- depends_on: {{ ref('int_calls_touched') }}
{{ config(tags='another_each_build') }}
with

final as (

    select * from {{ ref('int_calls_landed') if builds_all_days() else ref('int_calls_touched') }}

)

select * from final
