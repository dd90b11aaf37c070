-- What a customer who stays cost to win: signups of a month by channel, followed for 90 days.
-- Grain: one row per cohort_month_date and channel with signups or spend, and channel `all`.
-- A cohort is mature 90 days after its month; until then its survivors are those of the signups observed so far.
-- Without spend there is no CAC: nobody knows what was paid, and 0 would be on every target.
{% set counts = {
    'signup': '1',
    'observed_signup': 'case when is_observed then 1 else 0 end',
    'paid': 'case when has_paid then 1 else 0 end',
    'active_survivor': 'case when is_active_survivor then 1 else 0 end',
    'paying_survivor': 'case when is_paying_survivor then 1 else 0 end',
} %}
{% set costs = {
    'naive_cac_usd': (ratio('spend_usd', 'signup_count'), 'has_spend'),
    'paid_cac_usd': (ratio('spend_usd', 'paid_count'), 'has_spend'),
    'adjusted_cac_usd': (ratio('spend_usd', 'survivor_count'), 'has_spend and is_mature'),
    'loaded_cac_usd': (ratio('spend_usd + unpaid_ai_cost_usd', 'survivor_count'), 'has_spend and is_mature'),
    'hype_premium': (ratio('signup_count', 'survivor_count'), 'has_spend and is_mature'),
    'payback_months': (ratio('spend_usd', 'survivor_profit_usd'), 'has_spend and is_mature and survivor_profit_usd > 0'),
} %}
{% set of_months = 'over (partition by channel order by cohort_month_date asc nulls last)' %}
with

entries as (

    select
        cohort_month_date,
        channel,
        {% for count, expression in counts.items() -%}
        {{ expression }} as {{ count }}_count,
        {% endfor -%}
        {{ money('0') }} as spend_usd,
        unpaid_ai_cost_usd,
        {{ money("case when is_paying_survivor then third_month_profit_usd else 0 end") }} as survivor_profit_usd
    from {{ ref('int_signups_followed') }}

    union all

    select
        cast({{ dbt.date_trunc('month', 'spend_date') }} as date) as cohort_month_date,
        channel,
        {% for count in counts -%}
        0 as {{ count }}_count,
        {% endfor -%}
        spend_usd,
        {{ money('0') }} as unpaid_ai_cost_usd,
        {{ money('0') }} as survivor_profit_usd
    from {{ ref('fct_acquisition_spend_daily') }}

),

cohorts as (

    select
        entries.cohort_month_date,
        coalesce(scopes.channel, entries.channel) as channel,
        {% for count in counts -%}
        {{ token_sum('entries.' ~ count ~ '_count') }} as {{ count }}_count,
        {% endfor -%}
        {{ cost_sum('entries.spend_usd') }} as spend_usd,
        {{ cost_sum('entries.unpaid_ai_cost_usd') }} as unpaid_ai_cost_usd,
        {{ cost_sum('entries.survivor_profit_usd') }} as survivor_profit_usd
    from entries
    cross join (values (cast(null as string)), ('all')) as scopes (channel)
    group by entries.cohort_month_date, coalesce(scopes.channel, entries.channel)

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
        {{ is_complete('cohorts.cohort_month_date', 'month') }} as is_complete,
        -- Adjusted ÷ naive is the hype premium: the spend cancels out.
        {% for column, (quotient, asks) in costs.items() -%}
        case when {{ asks }} then {{ quotient }} end as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from cohorts
    inner join {{ ref('int_as_of_date') }} as as_of
        on cohorts.cohort_month_date <= as_of.as_of_date

),

compared as (

    select
        *,
        is_mature
        and coalesce(
            naive_cac_usd < lag(naive_cac_usd) {{ of_months }} and hype_premium > lag(hype_premium) {{ of_months }}, false
        ) as is_worse_than_before
    from judged

),

final as (

    select
        compared.cohort_month_date,
        compared.channel,
        {% for count in counts -%}
        compared.{{ count }}_count,
        {% endfor -%}
        compared.survivor_count,
        compared.spend_usd,
        compared.unpaid_ai_cost_usd,
        compared.survivor_profit_usd,
        {% for column in costs -%}
        compared.{{ column }},
        {% endfor -%}
        cast(bands.low as decimal(28, 12)) as cac_band_low_usd,
        cast(bands.high as decimal(28, 12)) as cac_band_high_usd,
        case
            when not compared.is_mature then 'immature'
            when not compared.has_spend then 'no_spend'
            when compared.survivor_count = 0 then 'no_survivors'
            else 'mature'
        end as cohort_status,
        case
            when not compared.is_mature then 'immature'
            when not compared.has_spend then 'no_spend'
            when compared.paying_survivor_count = 0 then 'no_survivors'
            when compared.survivor_profit_usd <= 0 then 'never'
            else 'pays_back'
        end as payback_status,
        case
            when compared.adjusted_cac_usd is null then 'no_data'
            when coalesce(bands.low, bands.high) is null then 'no_band'
            when compared.adjusted_cac_usd < bands.low then 'below_band'
            when compared.adjusted_cac_usd > bands.high then 'above_band'
            else 'in_band'
        end as cac_band_status,
        compared.is_complete,
        compared.is_mature,
        compared.is_worse_than_before
        and coalesce(lag(compared.is_worse_than_before) {{ of_months }}, false) as is_bubble
    from compared
    left join {{ ref('benchmarks') }} as bands
        on bands.metric = 'cac_usd' and bands.band = '{{ var("acquisition_motion") }}'

)

select * from final
