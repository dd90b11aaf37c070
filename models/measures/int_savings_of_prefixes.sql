-- What the prompt cache could save or has lost in the 28 days, by group: prefixes worth caching, prefixes that lose.
-- Grain: one row per lever (prompt_caching, losing_prefixes) and group of calls.
-- A prefix is one cache per provider and model: it counts by what it saves in all its groups, divided among those where it
-- does. The lower bound of prompt_caching holds prefixes of known length alone. target: the prefix with most in it.
-- At computed cost. decisions.md, Savings.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

cacheable as (

    select * from {{ ref('int_savings_of_prompt_caching') }}

),

lost as (

    select
        {{ savings_group('calls.') | join(',\n        ') }},
        calls.prefix_hash,
        count(*) as call_count,
        {{ cost_sum('cached.prompt_cache_saving_usd') }} as prompt_cache_saving_usd
    from {{ ref('int_calls_cache_priced') }} as cached
    cross join as_of
    inner join {{ ref('fct_inference_calls') }} as calls
        on cached.usage_date = calls.usage_date
        and cached.call_id = calls.call_id
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and not cached.is_response_cache_hit
        and cached.prefix_hash is not null
        and {{ is_recent_traffic('cached.usage_date') }}
    group by
        {{ savings_group('calls.') | join(',\n        ') }},
        calls.prefix_hash

),

by_prefix as (

    select
        'prompt_caching' as lever,
        {{ savings_group() | join(',\n        ') }},
        prefix_hash,
        call_count,
        is_length_known,
        saving_usd
    from cacheable

    union all

    select
        'losing_prefixes' as lever,
        {{ savings_group() | join(',\n        ') }},
        prefix_hash,
        call_count,
        cast(null as boolean) as is_length_known,
        {{ money('-1 * prompt_cache_saving_usd') }} as saving_usd
    from lost

),

summed as (

    select
        *,
        {% for what, saving in {'net': 'saving_usd', 'gross': 'greatest(saving_usd, 0)'}.items() -%}
        {{ money('sum(' ~ saving ~ ') over (partition by lever, resolved_provider, model, prefix_hash)') }} as {{ what }}_usd
        {{- ',' if not loop.last }}
        {% endfor %}
    from by_prefix

),

netted as (

    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        prefix_hash,
        call_count,
        is_length_known,
        {{ shared_part('saving_usd', 'net_usd', 'gross_usd', 12) }} as saving_usd
    from summed
    where
        saving_usd > 0
        and net_usd > 0

),

ranked as (

    select
        *,
        row_number() over (
            partition by lever, {{ savings_group() | join(', ') }}
            order by saving_usd desc nulls last, prefix_hash asc nulls last
        ) as saving_rank
    from netted

),

final as (

    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        cast(sum(call_count) as bigint) as call_count,
        {{ cost_sum('saving_usd') }} as saving_usd,
        {{ money(
            "case when lever = 'prompt_caching' then coalesce(sum(saving_usd) filter (where is_length_known), 0) end"
        ) }} as saving_lower_usd,
        max(case when saving_rank = 1 then prefix_hash end) as target
    from ranked
    group by
        lever,
        {{ savings_group() | join(',\n        ') }}

)

select * from final
