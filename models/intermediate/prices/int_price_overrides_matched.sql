-- The negotiated price, or the discount, that wins for each bucket of each model name and day.
-- Grain: one row per provider, model, service_tier and utc_date; only where an override matches.
-- decisions.md, Price overrides.
{% set buckets = ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'request'] %}
with

models as (

    select * from {{ ref('int_models_resolved_daily') }}

),

overrides as (

    select
        lower(trim(provider)) as provider,
        lower(trim(model)) as model,
        lower(trim(token_bucket)) as token_bucket,
        lower(trim(service_tier)) as service_tier,
        price_usd_per_mtok,
        discount_ratio,
        valid_from_date,
        valid_to_date
    from {{ ref('price_overrides') }}

),

buckets as (

    select names.token_bucket
    from (values ('{{ buckets | join("'), ('") }}')) as names (token_bucket)

),

matched as (

    select
        models.provider,
        models.model,
        models.service_tier,
        models.utc_date,
        buckets.token_bucket,
        overrides.price_usd_per_mtok,
        case when overrides.price_usd_per_mtok is null then overrides.discount_ratio end as discount_ratio,
        row_number() over (
            partition by models.provider, models.model, models.service_tier, models.utc_date, buckets.token_bucket
            order by
                (overrides.model is not null) desc,
                (overrides.service_tier is not null) desc,
                (overrides.token_bucket is not null) desc,
                (overrides.price_usd_per_mtok is not null) desc,
                overrides.valid_from_date desc nulls last,
                (overrides.provider is not null) desc,
                overrides.price_usd_per_mtok asc nulls last,
                overrides.discount_ratio asc nulls last
        ) as override_rank
    from models
    inner join overrides
        on (overrides.provider is null or overrides.provider in (models.provider, models.resolved_provider))
        and (overrides.model is null or overrides.model in (lower(models.model), lower(models.resolved_model)))
        and (overrides.service_tier is null or overrides.service_tier = models.service_tier)
        and (overrides.valid_from_date is null or overrides.valid_from_date <= models.utc_date)
        and (overrides.valid_to_date is null or overrides.valid_to_date > models.utc_date)
    inner join buckets
        on overrides.token_bucket = buckets.token_bucket
        -- A row for every bucket: a price per million tokens is none per million requests, a discount is one.
        or (
            overrides.token_bucket is null
            and (overrides.price_usd_per_mtok is null or buckets.token_bucket <> 'request')
        )

),

final as (

    select
        provider,
        model,
        service_tier,
        utc_date,
        {% for bucket in buckets -%}
        max(price_usd_per_mtok) filter (where token_bucket = '{{ bucket }}') as {{ bucket }}_override,
        max(discount_ratio) filter (where token_bucket = '{{ bucket }}') as {{ bucket }}_discount{{ ',' if not loop.last }}
        {% endfor %}
    from matched
    where override_rank = 1
    group by
        provider,
        model,
        service_tier,
        utc_date

)

select * from final
