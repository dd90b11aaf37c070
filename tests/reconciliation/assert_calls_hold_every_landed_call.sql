-- Every landed call is in the fact once, and the fact holds no other: calls counted from the raw rows by another rule
-- than the model's (per base id, the distinct times of rows that only share a default id, at least one).
-- A lost call would only show as a company that looks cheaper than it is. Not checked: which version is in force.
with

raw_calls as (

    select
        base_call_id,
        greatest(count(distinct case when has_default_call_id and updated_at is null then requested_at end), 1)
            as call_count
    from {{ ref('stg_canonical__inference_events') }}
    group by base_call_id

),

raw_total as (

    select cast(coalesce(sum(call_count), 0) as bigint) as call_count
    from raw_calls

),

fact_total as (

    select
        count(*) as call_count,
        count(distinct call_id) as call_id_count
    from {{ ref('fct_inference_calls') }}

)

select
    raw_total.call_count as landed_call_count,
    fact_total.call_count,
    fact_total.call_id_count
from raw_total
cross join fact_total
where
    raw_total.call_count is distinct from fact_total.call_count
    or fact_total.call_count is distinct from fact_total.call_id_count
