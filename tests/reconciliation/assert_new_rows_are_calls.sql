-- Every row that landed since the last build that passed is a call of the facts: under its own id, or under that of another
-- row of the same response. A row lost on the way would only show as a company that looks cheaper than it is.
with

green as (

    select coalesce(max(last_load_id), -1) as last_load_id
    from {{ ref('stg_publishing__builds') }}
    where status = 'green'

),

landed as (

    -- All rows of the calls and responses that got new ones lie on days that were written.
    select
        landed.base_call_id,
        landed.provider_response_id,
        landed.has_default_call_id,
        landed._load_id > green.last_load_id as is_new
    from {{ ref('int_calls_landed') }} as landed
    cross join green
    where
        landed._load_id > green.last_load_id
        or {{ in_days_to_test('landed.usage_date') }}

),

calls as (

    select call_id
    from {{ ref('fct_inference_calls') }}
    where {{ in_days_to_test('usage_date') }}

),

stands_as as (

    -- Attempts that share a default id are numbered; the first may be a twin of another source's call.
    select
        base_call_id,
        provider_response_id,
        base_call_id as call_id
    from landed

    union all

    select
        base_call_id,
        provider_response_id,
        base_call_id || '#2' as call_id
    from landed
    where has_default_call_id

),

kept as (

    select distinct
        stands_as.base_call_id,
        stands_as.provider_response_id
    from stands_as
    inner join calls
        on stands_as.call_id = calls.call_id

)

select distinct landed.base_call_id
from landed
left join kept
    on landed.base_call_id = kept.base_call_id
left join kept as twins
    on landed.provider_response_id = twins.provider_response_id
where
    landed.is_new
    and kept.base_call_id is null
    and twins.base_call_id is null
