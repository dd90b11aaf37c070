-- List prices of the public price book.
-- Grain: one row per book_provider, model, service_tier, valid_from_date, from_second and input_tokens_from.
-- A tier without rows in a segment is one the book does not know at that time.
with

source as (

    select * from {{ source('raw', 'model_prices') }}

)

select
    book_provider,
    model,
    service_tier,
    valid_from_date,
    valid_to_date,
    from_second,
    to_second,
    is_daily_window,
    input_tokens_from,
    input_tokens_to,
    case
        when input_tokens_from = 0 then 'base' else 'above_' || cast(input_tokens_from - 1 as string)
    end as context_tier,
    input_usd_per_mtok,
    cache_read_usd_per_mtok,
    cache_write_5m_usd_per_mtok,
    cache_write_1h_usd_per_mtok,
    output_usd_per_mtok,
    reasoning_usd_per_mtok,
    input_audio_usd_per_mtok,
    input_image_usd_per_mtok,
    cache_audio_read_usd_per_mtok,
    output_audio_usd_per_mtok,
    output_image_usd_per_mtok,
    web_search_usd,
    request_usd,
    -- Charged by the hour, page, character or image as well: units a call does not state.
    coalesce(
        other_prices like '%_hours"%'
        or other_prices like '%_kpages"%'
        or other_prices like '%chars"%'
        or other_prices like '%images%',
        false
    ) as has_other_units
from source
