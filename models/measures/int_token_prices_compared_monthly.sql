-- Why the average price of a model's tokens moved from one month to the next, in USD per billion tokens.
-- Grain: one row per period_start_date, dimension, dimension_value, resolved_provider and resolved_model with tokens in
-- both months.
-- Price of a model = Σ buckets share × price; of a bucket = Σ tiers share × price. A product's change is the change of
-- the share at the mean price and the change of the price at the mean share; what one month alone has carries the price
-- it has. decisions.md, CPI bridge.
{{ config(materialized='table') }}
{% set keys = ['period_start_date', 'dimension', 'dimension_value', 'resolved_provider', 'resolved_model'] %}
with

usage_rows as (

    select * from {{ ref('int_usage_compared_monthly') }}

),

tiers as (

    {% for bucket in served_buckets() %}
    select
        {{ keys | join(',\n        ') }},
        '{{ bucket }}' as token_bucket,
        productive_{{ bucket }}_tokens as tokens,
        previous_productive_{{ bucket }}_tokens as previous_tokens,
        productive_{{ bucket }}_cost_usd as cost_usd,
        previous_productive_{{ bucket }}_cost_usd as previous_cost_usd
    from usage_rows
    where productive_{{ bucket }}_tokens > 0 or previous_productive_{{ bucket }}_tokens > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

tiers_priced as (

    select
        *,
        {% for side in ['', 'previous_'] -%}
        cast(sum({{ side }}tokens) over (partition by {{ keys | join(', ') }}, token_bucket) as bigint)
            as {{ side }}bucket_tokens,
        {{ bridge_price(side ~ 'cost_usd', side ~ 'tokens') }} as {{ side }}price_usd{{ ',' if not loop.last }}
        {% endfor %}
    from tiers

),

tiers_explained as (

    -- A bucket of one month only is token composition, whatever its tiers.
    select
        *,
        case
            when bucket_tokens > 0 and previous_bucket_tokens > 0
                then {{ bridge_share_change(bridge_mean('price_usd'), 'tokens', 'bucket_tokens') }}
        end as service_tier_usd,
        case
            when bucket_tokens > 0 and previous_bucket_tokens > 0
                then {{ bridge_share_mean(bridge_change('price_usd'), 'tokens', 'bucket_tokens') }}
        end as price_effect_usd
    from tiers_priced

),

buckets as (

    select
        {{ keys | join(',\n        ') }},
        token_bucket,
        {% for side in ['', 'previous_'] -%}
        {{ token_sum(side ~ 'tokens') }} as {{ side }}tokens,
        {{ cost_sum(side ~ 'cost_usd') }} as {{ side }}cost_usd,
        {% endfor -%}
        {{ cost_sum('service_tier_usd') }} as service_tier_usd,
        {{ cost_sum('price_effect_usd') }} as price_effect_usd
    from tiers_explained
    group by
        {{ keys | join(',\n        ') }},
        token_bucket

),

buckets_priced as (

    select
        *,
        {% for side in ['', 'previous_'] -%}
        cast(sum({{ side }}tokens) over (partition by {{ keys | join(', ') }}) as bigint) as {{ side }}model_tokens,
        {{ bridge_price(side ~ 'cost_usd', side ~ 'tokens') }} as {{ side }}price_usd{{ ',' if not loop.last }}
        {% endfor %}
    from buckets

),

buckets_explained as (

    select
        *,
        {{ bridge_share_change(bridge_mean('price_usd'), 'tokens', 'model_tokens') }} as token_composition_usd,
        {{ bridge_share_mean('service_tier_usd', 'tokens', 'model_tokens') }} as tier_part_usd,
        {{ bridge_share_mean('price_effect_usd', 'tokens', 'model_tokens') }} as price_part_usd
    from buckets_priced
    where
        model_tokens > 0
        and previous_model_tokens > 0

),

final as (

    select
        {{ keys | join(',\n        ') }},
        {{ cost_sum('token_composition_usd') }} as token_composition_usd_per_gtok,
        {{ cost_sum('tier_part_usd') }} as service_tier_usd_per_gtok,
        {{ cost_sum('price_part_usd') }} as price_usd_per_gtok
    from buckets_explained
    group by
        {{ keys | join(',\n        ') }}

)

select * from final
