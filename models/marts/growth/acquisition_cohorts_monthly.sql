-- What a customer who stays cost to win: signups of a month by channel, followed for 90 days.
-- Grain: one row per cohort_month_date and channel with signups or spend, and channel `all`.
-- A cohort is mature 90 days after its month; until then its survivors are those of the signups observed so far.
-- Without spend there is no CAC: nobody knows what was paid, and 0 would be on every target.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

signups as (

    select * from {{ ref('int_signups_followed') }}

),

spend as (

    select
        cast({{ dbt.date_trunc('month', 'spend_date') }} as date) as cohort_month_date,
        channel,
        spend_usd
    from {{ ref('fct_acquisition_spend_daily') }}

),

entries as (

    select
        cohort_month_date,
        channel,
        {{ money('0') }} as spend_usd,
        1 as signup_count,
        case when is_observed then 1 else 0 end as observed_signup_count,
        case when has_paid then 1 else 0 end as paid_count,
        case when is_active_survivor then 1 else 0 end as active_survivor_count,
        case when is_paying_survivor then 1 else 0 end as paying_survivor_count,
        unpaid_ai_cost_usd,
        {{ money("case when is_paying_survivor then third_month_profit_usd else 0 end") }} as survivor_profit_usd
    from signups

    union all

    select
        cohort_month_date,
        channel,
        spend_usd,
        0 as signup_count,
        0 as observed_signup_count,
        0 as paid_count,
        0 as active_survivor_count,
        0 as paying_survivor_count,
        {{ money('0') }} as unpaid_ai_cost_usd,
        {{ money('0') }} as survivor_profit_usd
    from spend

),

{% for name, expression in {'channel': 'channel', 'all': "'all'"}.items() %}
by_{{ name }} as (

    select
        cohort_month_date,
        {{ expression }} as channel,
        {{ cost_sum('spend_usd') }} as spend_usd,
        {% for count in ['signup', 'observed_signup', 'paid', 'active_survivor', 'paying_survivor'] -%}
        {{ token_sum(count ~ '_count') }} as {{ count }}_count,
        {% endfor -%}
        {{ cost_sum('unpaid_ai_cost_usd') }} as unpaid_ai_cost_usd,
        {{ cost_sum('survivor_profit_usd') }} as survivor_profit_usd
    from entries
    group by
        cohort_month_date,
        {{ expression }}

),

{% endfor %}
cohorts as (

    select * from by_channel
    union all
    select * from by_all

),

judged as (

    select
        cohorts.*,
        {{ var('survivor_rule') }}_survivor_count as survivor_count,
        -- 90 days after the month's last day.
        coalesce(
            cast({{ dbt.dateadd('day', 89, dbt.dateadd('month', 1, 'cohorts.cohort_month_date')) }} as date)
            <= as_of.as_of_date,
            false
        ) as is_mature,
        cohorts.spend_usd > 0 as has_spend,
        {{ is_complete('cohorts.cohort_month_date', 'month') }} as is_complete
    from cohorts
    inner join as_of
        on cohorts.cohort_month_date <= as_of.as_of_date

),

costs as (

    select
        *,
        case when has_spend then {{ ratio('spend_usd', 'signup_count') }} end as naive_cac_usd,
        case when has_spend then {{ ratio('spend_usd', 'paid_count') }} end as paid_cac_usd,
        case when has_spend and is_mature then {{ ratio('spend_usd', 'survivor_count') }} end as adjusted_cac_usd,
        case
            when has_spend and is_mature then {{ ratio('spend_usd + unpaid_ai_cost_usd', 'survivor_count') }}
        end as loaded_cac_usd,
        -- Adjusted ÷ naive: the spend cancels out.
        case when has_spend and is_mature then {{ ratio('signup_count', 'survivor_count') }} end as hype_premium,
        case
            when has_spend and is_mature and survivor_profit_usd > 0
                then {{ ratio('spend_usd', 'survivor_profit_usd') }}
        end as payback_months
    from judged

),

compared as (

    select
        *,
        is_mature
        and coalesce(
            naive_cac_usd < lag(naive_cac_usd) over (partition by channel order by cohort_month_date asc nulls last)
            and hype_premium > lag(hype_premium) over (partition by channel order by cohort_month_date asc nulls last),
            false
        ) as is_worse_than_before
    from costs

),

bubbles as (

    select
        *,
        is_worse_than_before
        and coalesce(
            lag(is_worse_than_before) over (partition by channel order by cohort_month_date asc nulls last), false
        ) as is_bubble
    from compared

),

bands as (

    select
        low,
        high
    from {{ ref('benchmarks') }}
    where metric = 'cac_usd' and band = '{{ var("acquisition_motion") }}'

)

select
    bubbles.cohort_month_date,
    bubbles.channel,
    bubbles.signup_count,
    bubbles.observed_signup_count,
    bubbles.paid_count,
    bubbles.active_survivor_count,
    bubbles.paying_survivor_count,
    bubbles.survivor_count,
    bubbles.spend_usd,
    bubbles.unpaid_ai_cost_usd,
    bubbles.survivor_profit_usd,
    bubbles.naive_cac_usd,
    bubbles.paid_cac_usd,
    bubbles.adjusted_cac_usd,
    bubbles.loaded_cac_usd,
    bubbles.hype_premium,
    bubbles.payback_months,
    cast(bands.low as decimal(28, 12)) as cac_band_low_usd,
    cast(bands.high as decimal(28, 12)) as cac_band_high_usd,
    case
        when not bubbles.is_mature then 'immature'
        when not bubbles.has_spend then 'no_spend'
        when bubbles.survivor_count = 0 then 'no_survivors'
        else 'mature'
    end as cohort_status,
    case
        when not bubbles.is_mature then 'immature'
        when not bubbles.has_spend then 'no_spend'
        when bubbles.paying_survivor_count = 0 then 'no_survivors'
        when bubbles.survivor_profit_usd <= 0 then 'never'
        else 'pays_back'
    end as payback_status,
    case
        when bubbles.adjusted_cac_usd is null then 'no_data'
        when coalesce(bands.low, bands.high) is null then 'no_band'
        when bubbles.adjusted_cac_usd < bands.low then 'below_band'
        when bubbles.adjusted_cac_usd > bands.high then 'above_band'
        else 'in_band'
    end as cac_band_status,
    bubbles.is_complete,
    bubbles.is_mature,
    bubbles.is_bubble
from bubbles
left join bands
    on true
