-- What steps that nobody waits for would save on the batch and the flex tier.
-- Grain: one row per lever (batch, flex) and group of calls.
-- Fees stay. A step without a row in the seed is taken as waited for. A bucket saves 1 - the listed price of the tier ÷
-- that of the tier served; where the book lists no batch price a seed row stands in, without a lower bound. Tier prices
-- hold at the seller that lists them, as everywhere. At computed cost. decisions.md, Savings.
{% set buckets = {
    'uncached_input': 'input_usd_per_mtok',
    'cache_read': 'coalesce(cache_read_usd_per_mtok, input_usd_per_mtok)',
    'cache_write': 'coalesce(cache_write_5m_usd_per_mtok, input_usd_per_mtok)',
    'output': 'output_usd_per_mtok',
} -%}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

usage_groups as (

    select * from {{ ref('int_savings_groups') }}

),

latency as (

    select * from {{ ref('workflow_latency') }}

),

unlisted_discount as (

    select low as discount_ratio
    from {{ ref('benchmarks') }}
    where
        metric = 'service_tier_discount'
        and band = 'batch'

),

-- Base context tier, of daily windows the dearest.
prices as (

    select
        book_provider,
        model,
        service_tier,
        {% for bucket, price in buckets.items() -%}
        max({{ price }}) as {{ bucket }}_usd_per_mtok{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_price_book__model_prices') }}
    cross join as_of
    where
        input_tokens_from = 0
        and (valid_from_date is null or valid_from_date <= as_of.as_of_date)
        and (valid_to_date is null or valid_to_date > as_of.as_of_date)
    group by
        book_provider,
        model,
        service_tier

),

discounted as (

    select
        levers.lever,
        {{ savings_group('usage_groups.') | join(',\n        ') }},
        usage_groups.call_count,
        listed.model is not null as is_listed,
        {{ part_of(
            'usage_groups.computed_cost_usd - usage_groups.request_fee_usd', 'unlisted_discount.discount_ratio'
        ) }} as unlisted_saving_usd,
        {% for bucket in buckets -%}
        {%- set cost = 'usage_groups.' ~ bucket ~ '_cost_usd' -%}
        {%- set price = bucket ~ '_usd_per_mtok' -%}
        {{ money(cost ~ ' - coalesce(' ~ shared_part(
            cost, 'listed.' ~ price, 'coalesce(served.' ~ price ~ ', standard.' ~ price ~ ')', 12
        ) ~ ', ' ~ cost ~ ')') }} as {{ bucket }}_saving_usd{{ ',' if not loop.last }}
        {% endfor %}
    from usage_groups
    inner join latency
        on usage_groups.workflow = latency.workflow
        and usage_groups.step = latency.step
    left join unlisted_discount
        on true
    cross join (values ('batch'), ('flex')) as levers (lever)
    {% for tier, service_tier in {
        'listed': 'levers.lever', 'served': 'usage_groups.service_tier', 'standard': "'standard'",
    }.items() -%}
    left join prices as {{ tier }}
        on usage_groups.resolved_provider = {{ tier }}.book_provider
        and usage_groups.resolved_model = {{ tier }}.model
        and {{ service_tier }} = {{ tier }}.service_tier
    {% endfor %}
    where
        not latency.is_interactive
        and usage_groups.service_tier not in ('batch', 'flex')
        and usage_groups.call_type not in ('retrieval', 'rerank', 'moderation')

),

saved as (

    select
        *,
        {{ money(
            'case when is_listed then ' ~ (buckets | join('_saving_usd + ')) ~ '_saving_usd else unlisted_saving_usd end'
        ) }} as saving_usd
    from discounted
    where lever = 'batch' or is_listed

),

final as (

    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        call_count,
        saving_usd,
        {{ money('case when is_listed then saving_usd else 0 end') }} as saving_lower_usd
    from saved
    where saving_usd > 0

)

select * from final
