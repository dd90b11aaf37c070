-- The few landed rows that share a call, a response or a request with another: under which id a call stands, and which
-- of its rows is in force.
-- Grain: one row per landed row (_load_id, _source_row) of a call with several rows or a request with several attempts.
-- A table, so that the windows run once and over these rows alone (decisions.md, Same call in two logs).
{{ config(materialized='table') }}
{% set request_and_step = "request_id || '|' || " ~ dimension_word('step') %}
{% set attempt_rank %}dense_rank() over (
                partition by base_call_id, is_default_attempt order by requested_at asc nulls last){% endset %}
{% set newest_first %}updated_at desc nulls last, streamed_tokens desc nulls last,
            _load_id desc nulls last, _source_row desc nulls last{% endset %}
with

events as (

    select * from {{ ref('int_calls_to_build') }}

),

-- Ids are counted by their hash, which is cheap; two ids may share one, so the windows look at the ids themselves.
repeated_calls as (

    select {{ text_hash('base_call_id') }} as base_call_hash
    from events
    group by base_call_hash
    having count(*) > 1

),

repeated_responses as (

    select {{ text_hash('provider_response_id') }} as response_hash
    from events
    where provider_response_id is not null
    group by response_hash
    having count(*) > 1

),

-- A twin may fill the step of a call: its requests are looked at with all their steps.
repeated_requests as (

    select {{ text_hash(request_and_step) }} as request_hash
    from events
    where {{ is_inference_type('call_type') }}
    group by request_hash
    having count(*) > 1

),

twin_requests as (

    select distinct request_id
    from events
    where {{ text_hash('provider_response_id') }} in (select repeated_responses.response_hash from repeated_responses)

),

repeated as (

    select
        *,
        has_default_call_id and updated_at is null as is_default_attempt,
        -- An id made of the response's says nothing of versions: a stream is logged as it grows.
        case when base_call_id = provider_response_id then output_tokens end as streamed_tokens,
        {{ source_rank('source_name') }} as source_rank
    from events
    where
        {{ text_hash('base_call_id') }} in (select repeated_calls.base_call_hash from repeated_calls)
        or {{ text_hash('provider_response_id') }} in (select repeated_responses.response_hash from repeated_responses)
        or (
            {{ is_inference_type('call_type') }}
            and (
                {{ text_hash(request_and_step) }} in (select repeated_requests.request_hash from repeated_requests)
                or request_id in (select twin_requests.request_id from twin_requests)
            )
        )

),

identified as (

    -- Same default id, other time: another attempt, not another version. A seller goes by several names.
    select
        repeated.*,
        coalesce(sellers.resolved_provider, nullif(repeated.provider, '')) as named_seller,
        case
            when is_default_attempt and {{ attempt_rank }} > 1
                then base_call_id || '#' || cast({{ attempt_rank }} as string)
            else base_call_id
        end as call_id
    from repeated
    left join {{ ref('stg_price_book__model_resolutions') }} as sellers
        on repeated.provider = sellers.provider and sellers.model = ''

),

versioned as (

    select
        *,
        coalesce('response|' || provider_response_id, 'call|' || call_id) as response_key,
        -- A row that names no seller is of the one another row of its response names.
        coalesce(named_seller, max(named_seller) over (partition by source_name, provider_response_id)) as seller,
        row_number() over (partition by call_id order by source_rank asc, {{ newest_first }}) = 1 as is_newest,
        -- Two logs may give a call the same id, the response's: the other's word is heard too.
        row_number() over (partition by call_id, source_name order by {{ newest_first }}) = 1 as is_newest_of_source
    from identified

),

matched as (

    -- One response of one provider, whatever its name, is one call. Of two sources the one that is believed has it.
    select
        *,
        row_number() over (
            partition by is_newest, response_key, source_name, seller
            order by updated_at desc nulls last, output_tokens desc nulls last,
            _load_id desc nulls last, _source_row desc nulls last
        ) as twin_rank,
        min(source_rank) over (partition by is_newest, response_key) as best_source_rank
    from versioned

),

final as (

    select
        _load_id,
        _source_row,
        call_id,
        request_id,
        call_type,
        attempt_number,
        requested_at,
        usage_date,
        updated_at,
        status,
        response_key,
        {% for column in attribution_columns() -%}
        {{ column }},
        {% endfor -%}
        source_rank,
        is_newest_of_source,
        is_newest and source_rank = best_source_rank and twin_rank = 1 as is_in_force
    from matched

)

select * from final
