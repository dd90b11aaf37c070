-- The seed channel_map as it is compared: both of its sides without outer spaces, in lower case.
-- Grain: one row per source_channel. Spellings that become one keep the first channel in order, so that nobody who
-- signed up and no spend is counted twice.
with

channels as (

    select
        {{ channel_name('source_channel') }} as source_channel,
        {{ channel_name('channel') }} as channel
    from {{ ref('channel_map') }}

),

final as (

    select
        source_channel,
        min(channel) as channel
    from channels
    where source_channel is not null and channel is not null
    group by source_channel

)

select * from final
