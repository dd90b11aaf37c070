-- Anthropic's own count of tokens.
-- Grain: one row per landed row; the newest file that has a bucket restates it whole.
with

source as (

    select * from {{ source('raw', 'anthropic_usage_report') }}

),

ranked as (

    select

        ---------- strings
        'anthropic' as provider,
        lower(trim(model)) as model,

        ---------- tokens: the buckets are disjoint
        coalesce(uncached_input_tokens, 0)
        + coalesce(cache_read_input_tokens, 0)
        + coalesce(cache_creation_ephemeral_5m_input_tokens, 0)
        + coalesce(cache_creation_ephemeral_1h_input_tokens, 0)
        + coalesce(output_tokens, 0) as total_tokens,

        ---------- times
        cast(starting_at as date) as utc_date,
        starting_at as start_time,
        ending_at as end_time,

        ---------- versions
        dense_rank() over (
            partition by starting_at, ending_at
            order by _load_id desc nulls last
        ) as version_rank,
        _load_id,
        _source_row

    from source

)

select
    provider,
    model,
    total_tokens,
    utc_date,
    start_time,
    end_time,
    _load_id,
    _source_row
from ranked
where version_rank = 1
