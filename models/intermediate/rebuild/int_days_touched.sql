-- The days whose rows in the facts may have changed since the facts were last built, and why.
-- Grain: one row per usage_date and cause (late_events, price, crm, use_case, full_build, unfinished_build).
-- Compares with int_references_built, which is written last: a build that failed halfway is simply done again.
-- The calls are named in each step, not in one CTE: DuckDB would write out such a CTE with all of history.
-- Read before the facts are built; in a full build it lists every day, old ones included.
-- depends_on: {{ ref('int_references') }}, {{ ref('int_call_rows_seen') }}
{{ config(materialized='table') }}
{% set built = existing_relation('int_references_built') %}
{% set facts = ['int_calls_priced', 'int_usage_priced_daily', 'fct_usage_daily'] %}
with

{% if builds_all_days() %}

touched as (

    select distinct
        events.usage_date,
        'full_build' as cause
    from {{ ref('int_calls_landed') }} as events

    {% for fact in facts if existing_relation(fact) %}
    union

    select distinct usage_date, 'full_build' as cause from {{ existing_relation(fact) }}

    {% endfor %}
),

{% else %}

changed as (

    select distinct
        coalesce(reference_rows.reference_kind, built_rows.reference_kind) as reference_kind,
        coalesce(reference_rows.reference_key, built_rows.reference_key) as reference_key
    from {{ ref('int_references') }} as reference_rows
    full outer join {{ built }} as built_rows
        on reference_rows.reference_kind = built_rows.reference_kind
        and reference_rows.reference_key = built_rows.reference_key
        and reference_rows.reference_part = built_rows.reference_part
    where reference_rows.fingerprint is distinct from built_rows.fingerprint

),

-- New rows touch the days of every version of their calls and of all that stands in their traces and sessions, of every
-- twin of these in another source, and of every attempt of the requests all of them belong to: which row is the call,
-- and which attempt stands for a request, may change.
new_rows as (

    select seen.base_call_id, seen.context_key
    from {{ ref('int_call_rows_seen') }} as seen
    where seen._load_id > (
        select max(cast(built_rows.fingerprint as bigint)) from {{ built }} as built_rows where built_rows.reference_kind = 'load'
    )

),

-- A later version may have left the trace or session an earlier one stood in.
new_contexts as (

    select distinct seen.context_key
    from {{ ref('int_call_rows_seen') }} as seen
    where
        seen.base_call_id in (select new_rows.base_call_id from new_rows where new_rows.base_call_id is not null)
        or seen.context_key in (select new_rows.context_key from new_rows where new_rows.context_key is not null)

),

changed_rows as (

    select distinct seen.base_call_id, seen.provider_response_id
    from {{ ref('int_call_rows_seen') }} as seen
    where
        seen.base_call_id in (select new_rows.base_call_id from new_rows where new_rows.base_call_id is not null)
        or seen.context_key in (select new_contexts.context_key from new_contexts where new_contexts.context_key is not null)

),

new_requests as (

    select distinct seen.request_id
    from {{ ref('int_call_rows_seen') }} as seen
    where
        seen.base_call_id in (select changed_rows.base_call_id from changed_rows where changed_rows.base_call_id is not null)
        or seen.provider_response_id in (
            select changed_rows.provider_response_id from changed_rows where changed_rows.provider_response_id is not null
        )

),

-- A twin in another source may take its customer or feature from these rows, and stand on another day.
reattributed as (

    {% for cause, columns in {
        'crm': {'logged_customer_id': 'customer', 'workspace_id': 'workspace'}, 'use_case': {'feature': 'use_case'},
    }.items() %}
    select distinct events.usage_date, events.provider_response_id, '{{ cause }}' as cause
    from {{ ref('int_calls_landed') }} as events
    where
        {% for column, kind in columns.items() -%}
        {{ 'or ' if not loop.first }}events.{{ column }} in (
            select changed.reference_key from changed where changed.reference_kind = '{{ kind }}'
        )
        {% endfor %}
    {{ 'union' if not loop.last }}
    {% endfor %}
),

touched as (

    select distinct seen.usage_date, 'late_events' as cause
    from {{ ref('int_call_rows_seen') }} as seen
    where
        seen.usage_date is not null
        and seen.request_id in (select new_requests.request_id from new_requests where new_requests.request_id is not null)

    union

    select distinct events.usage_date, 'price' as cause
    from {{ ref('int_calls_landed') }} as events
    where {{ price_key('events') }} in (select changed.reference_key from changed where changed.reference_kind = 'price')

    union

    select distinct events.usage_date, reattributed.cause
    from {{ ref('int_calls_landed') }} as events
    inner join reattributed
        on events.provider_response_id = reattributed.provider_response_id

    union

    select distinct usage_date, cause from reattributed

    {{ unfinished_build('int_days_touched', "usage_date, 'unfinished_build' as cause") }}

),

{% endif %}

final as (

    select
        usage_date,
        cause,
        '{{ invocation_id }}' as build_id
    from touched

)

select * from final
