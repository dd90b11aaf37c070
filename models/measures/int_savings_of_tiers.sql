-- What steps that nobody waits for would save on the batch and the flex tier.
-- Grain: one row per lever (batch, flex) and group of calls.
-- Fees stay. A step without a row in the seed is taken as waited for. Batch: half the price at every vendor; its lower
-- bound asks for a batch price in the price book, flex asks for one of its own at all. At computed cost.
-- decisions.md, Savings.
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

discounts as (

    select
        band as lever,
        low as discount_ratio
    from {{ ref('benchmarks') }}
    where metric = 'service_tier_discount'

),

listed as (

    select distinct
        prices.book_provider,
        prices.model,
        prices.service_tier
    from {{ ref('stg_price_book__model_prices') }} as prices
    cross join as_of
    where
        prices.service_tier in ('batch', 'flex')
        and (prices.valid_from_date is null or prices.valid_from_date <= as_of.as_of_date)
        and (prices.valid_to_date is null or prices.valid_to_date > as_of.as_of_date)

),

discounted as (

    select
        discounts.lever,
        {{ savings_group('usage_groups.') | join(',\n        ') }},
        usage_groups.call_count,
        {{ part_of('usage_groups.computed_cost_usd - usage_groups.request_fee_usd', 'discounts.discount_ratio') }} as saving_usd,
        listed.model is not null as is_listed
    from usage_groups
    inner join latency
        on usage_groups.workflow = latency.workflow
        and usage_groups.step = latency.step
    cross join discounts
    left join listed
        on usage_groups.resolved_provider = listed.book_provider
        and usage_groups.resolved_model = listed.model
        and discounts.lever = listed.service_tier
    where
        not latency.is_interactive
        and usage_groups.service_tier not in ('batch', 'flex')
        and usage_groups.call_type not in ('retrieval', 'rerank', 'moderation')

),

final as (

    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        call_count,
        saving_usd,
        {{ money('case when is_listed then saving_usd else 0 end') }} as saving_lower_usd
    from discounted
    where
        saving_usd > 0
        and (lever = 'batch' or is_listed)

)

select * from final
