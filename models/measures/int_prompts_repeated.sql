-- Delivered answers that were paid for although the same customer had been given an answer to the same prompt within
-- the 24 hours before: what a response cache would have answered.
-- Grain: one row per call_id.
-- Whose call it is must be known: two strangers are not the same customer.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}
    {% if is_incremental() %}
    -- What lies 24 hours before a call is on its day or one of the two before.
    where usage_date in (
        {% for days in [0, -1, -2] -%}
        select cast({{ dbt.dateadd('day', days, 'days.usage_date') }} as date)
        from {{ ref('int_measured_days_touched') }} as days
        {{ 'union' if not loop.last }}
        {% endfor %}
    )
    {% endif %}

),

answered as (

    select
        call_id,
        usage_date,
        requested_at,
        is_response_cache_hit,
        lag(requested_at) over (
            partition by customer_id, prompt_hash
            order by requested_at asc nulls last, call_id asc nulls last
        ) as previous_requested_at
    from calls
    where
        is_successful
        and prompt_hash is not null
        and customer_id not in ('unattributed', 'internal')

),

final as (

    select
        call_id,
        usage_date
    from answered
    where
        not is_response_cache_hit
        and previous_requested_at >= {{ dbt.dateadd('hour', -24, 'requested_at') }}
        {{ where_touched('int_measured_days_touched', keyword='and') }}

)

select * from final
