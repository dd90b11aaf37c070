-- Money spent to win customers, each spend in USD at the rate of its day, with the channel it is counted as.
-- Grain: one row per spend_id.
with

spend as (

    select * from {{ ref('int_spend_landed') }}

),

channels as (

    select * from {{ ref('int_channels_mapped') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

rated as (

    select
        spend.spend_id,
        spend.spend_date,
        {{ dimension_word('coalesce(channels.channel, ' ~ channel_name('spend.source_channel') ~ ')') }} as channel,
        spend.spend_kind,
        spend.spend_amount,
        case when spend.currency = 'USD' then 1 else rates.usd_per_unit end as usd_per_unit
    from spend
    left join channels
        on {{ channel_name('spend.source_channel') }} = channels.source_channel
    left join rates
        on
            spend.currency = rates.currency
            and spend.spend_date = rates.rate_date

),

final as (

    select
        spend_id,
        spend_date,
        channel,
        spend_kind,
        {{ converted('spend_amount', 'usd_per_unit') }} as spend_usd
    from rated

)

select * from final
