-- The seam for acquisition spend: the company's own list and the spend of ad platforms, in the same columns.
-- Grain: one row per spend_id.
-- A platform is a channel, unless channel_map has rows `platform:prefix` for campaigns whose name begins so: the
-- longest prefix wins.
{{ config(contract={'enforced': true}) }}
with

campaigns as (

    select * from {{ ref('stg_ads__campaigns') }}
    where skip_reason is null

),

prefixes as (

    select
        {{ channel_name('source_channel') }} as source_channel
    from {{ ref('channel_map') }}
    where source_channel like '%:%'

),

matched as (

    select
        campaigns.spend_id,
        campaigns.spend_date,
        coalesce(prefixes.source_channel, campaigns.platform) as source_channel,
        campaigns.campaign,
        campaigns.currency,
        campaigns.spend_amount,
        row_number() over (
            partition by campaigns.spend_id
            order by length(prefixes.source_channel) desc nulls last, prefixes.source_channel asc nulls last
        ) as match_rank
    from campaigns
    left join prefixes
        on {{ dbt.position("prefixes.source_channel", "campaigns.platform || ':' || lower(trim(campaigns.campaign))") }} = 1

),

final as (

    select
        spend_id,
        spend_date,
        source_channel,
        spend_kind,
        currency,
        spend_amount,
        'acquisition_spend' as source_name
    from {{ ref('stg_canonical__acquisition_spend') }}

    union all

    select
        spend_id,
        spend_date,
        source_channel,
        'media' as spend_kind,
        currency,
        spend_amount,
        'ad_reporting_campaigns' as source_name
    from matched
    where match_rank = 1

)

select * from final
