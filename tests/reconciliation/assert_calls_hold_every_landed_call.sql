-- Every landed call is in the fact once, and the fact holds no other: calls counted from the landed rows by another
-- rule than the models' (rows of one response of one provider, or of none that is named, are one call, and so are those
-- of a base id, but for the distinct times of rows that only share a default id). A lost call would only show as a
-- company that looks cheaper than it is. Not checked: which version is in force. Of all history or of nothing
-- (tests_history): of new rows assert_new_rows_are_calls says the same every time.
with

base_calls as (

    select
        base_call_id,
        max(provider_response_id) as provider_response_id,
        min({{ source_rank('source_name') }}) as source_rank,
        max(provider) as provider,
        greatest(count(distinct case when has_default_call_id and updated_at is null then requested_at end), 1)
            as call_count
    from {{ ref('int_calls_landed') }}
    group by base_call_id

),

believed as (

    select
        provider_response_id,
        min(source_rank) as source_rank
    from base_calls
    where provider_response_id is not null
    group by provider_response_id

),

responses as (

    select
        base_calls.provider_response_id,
        greatest(count(distinct nullif(base_calls.provider, '')), 1) as call_count
    from base_calls
    inner join believed
        on base_calls.provider_response_id = believed.provider_response_id
        and base_calls.source_rank = believed.source_rank
    group by base_calls.provider_response_id

),

landed_calls as (

    -- Beside a call of a response, the later attempts under its id that came without one.
    select
        cast(sum(case when provider_response_id is null then call_count else call_count - 1 end) as bigint)
            as call_count
    from base_calls

    union all

    select cast(sum(call_count) as bigint) as call_count
    from responses

),

landed_total as (

    select cast(coalesce(sum(call_count), 0) as bigint) as call_count
    from landed_calls

),

fact_total as (

    select
        count(*) as call_count,
        count(distinct call_id) as call_id_count
    from {{ ref('fct_inference_calls') }}

)

select
    landed_total.call_count as landed_call_count,
    fact_total.call_count,
    fact_total.call_id_count
from landed_total
cross join fact_total
where
    {{ tests_history() }}
    and (
        landed_total.call_count is distinct from fact_total.call_count
        or fact_total.call_count is distinct from fact_total.call_id_count
    )
