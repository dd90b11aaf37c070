-- Calls that share a default id, made of their request's, at different times are kept as separate attempts. If they are
-- the same call logged twice, it is counted twice: log a call_id. A warning, because the log alone cannot tell.
{{ config(severity='warn') }}
select
    base_call_id,
    count(distinct requested_at) as call_count
from {{ ref('stg_canonical__inference_events') }}
where has_default_call_id and updated_at is null
group by base_call_id
having count(distinct requested_at) > 1
