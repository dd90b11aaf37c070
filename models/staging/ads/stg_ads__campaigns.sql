-- Spend on advertising platforms. Platforms restate their days: of a campaign's day the newest row counts, the others
-- are skipped as `older_version`.
-- Grain: one row per landed row.
-- Spend is in the ad account's currency, the day is the ad account's own, and conversions are no signups.
with

source as (

    select
        *,
        md5(
            coalesce(source_relation, '') || '|' || cast(date_day as string) || '|' || lower(trim(platform)) || '|'
            || coalesce(account_id, '') || '|' || coalesce(campaign_id, '')
        ) as spend_id
    from {{ source('raw', 'ad_reporting_campaigns') }}

),

final as (

    select

        ---------- ids
        spend_id,

        ---------- strings
        lower(trim(platform)) as platform,
        coalesce(campaign_name, campaign_id) as campaign,
        upper(coalesce(
            currency
            {%- for account_id, account_currency in var('ad_account_currencies').items() %},
            case when account_id = '{{ account_id }}' then '{{ account_currency }}' end
            {%- endfor %},
            'USD'
        )) as currency,

        ---------- money, in the account's currency: millionths where the platform gives those
        {{ money(
            'coalesce(' ~ money('spend') ~ ', ' ~ money('cast(cost_micros as decimal(18, 0)) * 0.000001') ~ ', '
            ~ money('cast(spend_micros as decimal(18, 0)) * 0.000001') ~ ')'
        ) }} as spend_amount,

        ---------- dates
        date_day as spend_date,

        ---------- versions
        case
            when row_number() over (
                partition by spend_id
                order by _load_id desc nulls last, _source_row desc nulls last
            ) > 1 then 'older_version'
        end as skip_reason,
        _load_id,
        _source_row

    from source

)

select * from final
