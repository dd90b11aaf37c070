-- The project's job on its largest input, written by hand for DuckDB alone: what benchmark.py measures dbt against.
-- Lands the calls, keeps the newest version of each, finds the attempt that stands for its request, prices every call
-- exactly, and writes the call fact, the daily fact and the metric marts that read it: each with its grain and a fixed
-- set of measures under the project's names. benchmark.py compares every column written here; what the project has
-- beside (columns of bills, which are not landed here) and what dbt gives (tests, contracts, column comments, builds of
-- the touched days alone) is not here. For a company with bills and revenue, benchmark_company.sql stands in the place
-- of the section `dimensions`, and goes on behind `cost per inference`.
--
-- Read from variables, set by whoever runs it:
--   call_files        list of Parquet files in the format of inference_events
--   reference_folder  Parquet copies of raw.model_prices, raw.model_resolutions, raw.crm_customers and the seeds
-- Assumes the project's default settings: days cut in UTC, environment `production`, its two tier limits.
create schema marts;

---------------------------------------------------------------------------------------------------- macros

-- A text dimension is never null, and `all` is reserved for the overall row.
create temp macro word(name) as
    case
        when name is null then 'unattributed'
        when name in ('all', 'internal', 'unattributed') then name || ' (source)'
        else name
    end;

create temp macro counts_as_inference(call_type) as call_type not in ('embedding', 'retrieval', 'rerank', 'moderation');

create temp macro money(amount) as cast(amount as decimal(28, 12));

create temp macro total(amount) as money(coalesce(sum(amount), 0));
create temp macro total_of(amount, condition) as money(coalesce(sum(amount) filter (condition), 0));

create temp macro whole(number) as cast(coalesce(sum(number), 0) as bigint);
create temp macro whole_of(number, condition) as cast(coalesce(sum(number) filter (condition), 0) as bigint);

-- Exact division on whole picos, rounded half up; DuckDB's own goes through doubles.
create temp macro divided(n, d) as
    cast(cast(sign(n) * sign(d) * ((2 * abs(n) * 1000000000000 + abs(d)) // (2 * abs(d))) as decimal(38, 0))
        * cast(0.000000000001 as decimal(12, 12)) as decimal(28, 12));
create temp macro picos(amount) as cast(money(amount) * 1000000000000 as hugeint);
create temp macro ratio(numerator, denominator) as
    case when picos(denominator) <> 0 then divided(picos(numerator), picos(denominator)) end;

create temp macro discounted(price, discount) as
    cast(cast(price as decimal(19, 15)) * (1 - coalesce(discount, cast(0 as decimal(12, 10)))) as decimal(19, 15));

-- A price per million tokens as a price per token, in two parts: to 1e-12, which multiplies without a cast, and the
-- finer rest, which only some thirty prices of the book have. Not narrower than 19 digits: below, DuckDB multiplies in
-- 64 bits, which overflow.
create temp macro per_token_exact(price) as
    cast(cast(price as decimal(19, 15)) * cast(0.000001 as decimal(6, 6)) as decimal(25, 21));
create temp macro per_token(price) as cast(per_token_exact(price) as decimal(19, 12));
create temp macro rest_of(price) as
    coalesce(cast(per_token_exact(price) - per_token(price) as decimal(21, 21)), 0);

-- Tokens at a price; 0 without tokens, null when tokens have no price.
create temp macro cost(tokens, price) as
    case when tokens > 0 then money(cast(tokens as decimal(12, 0)) * price) else money(0) end;
create temp macro fine_cost(tokens, price, rest) as
    case
        when tokens > 0 then money(
            cast(tokens as decimal(12, 0)) * price + money(cast(tokens as decimal(12, 0)) * rest))
        else money(0)
    end;

-- A part of a bucket with a price of its own; without one it is paid like the rest of the bucket.
create temp macro own_tokens(tokens, price) as case when price is null then 0 else tokens end;
create temp macro own_cost(tokens, price, rest) as
    case when price is null then money(0) else fine_cost(tokens, price, rest) end;

-- An id for the call where the log gives none.
create temp macro known_id(call_id, response_id, request_id, call_type, attempt) as
    coalesce(call_id, response_id, request_id
        || case when lower(call_type) = 'generation' then '' else ':' || lower(call_type) end
        || case when attempt > 1 then ':' || cast(attempt as varchar) else '' end);

---------------------------------------------------------------------------------------------------- landing

create table calls_landed (
    request_id varchar, call_id varchar, attempt bigint, provider_response_id varchar, "timestamp" timestamp,
    provider varchar, model varchar, input_tokens bigint, output_tokens bigint, cached_input_tokens bigint,
    cache_write_tokens bigint, cache_write_1h_tokens bigint, reasoning_tokens bigint, input_audio_tokens bigint,
    input_image_tokens bigint, output_audio_tokens bigint, output_image_tokens bigint, cache_audio_read_tokens bigint,
    token_semantics varchar, service_tier varchar, call_type varchar, status varchar, is_billed boolean,
    cache_hit boolean, customer_id varchar, user_id varchar, workspace_id varchar, team varchar, feature varchar,
    use_case varchar, workflow varchar, workflow_run_id varchar, step varchar, product_id varchar, latency_ms bigint,
    gpu_seconds decimal(28, 12), web_search_requests bigint, cost_usd decimal(28, 12), prompt_hash varchar,
    prefix_hash varchar, prompt_version varchar, environment varchar, tags varchar, updated_at timestamp,
    filename varchar, file_row_number bigint
);

insert into calls_landed by name
select * replace (
    coalesce(attempt, 1) as attempt,
    coalesce(token_semantics, 'inclusive') as token_semantics,
    coalesce(service_tier, 'standard') as service_tier,
    coalesce(call_type, 'generation') as call_type,
    coalesce(status, 'success') as status
)
from read_parquet(getvariable('call_files'), union_by_name = true, filename = true, file_row_number = true);

---------------------------------------------------------------------------------------------------- versions, attempts

-- The few rows that share their call or their request and step with another; all the others stand for themselves.
-- Counted by hash, which is cheap, and may pick a row too many, which does no harm.
create temp table calls_repeated as
with ids as (
    select
        rowid as call_row,
        hash(known_id(call_id, provider_response_id, request_id, call_type, attempt)) as call_hash,
        hash(request_id, word(step)) as attempts_hash
    from calls_landed
),
picked as (
    select call_row from ids
    where call_hash in (select call_hash from ids group by call_hash having count(*) > 1)
        or attempts_hash in (select attempts_hash from ids group by attempts_hash having count(*) > 1)
),
repeated as (
    select
        picked.call_row,
        known_id(call_id, provider_response_id, request_id, call_type, attempt) as base_call_id,
        request_id,
        word(step) as step,
        attempt,
        "timestamp" as requested_at,
        updated_at,
        filename,
        file_row_number,
        status = 'success' as is_delivered,
        counts_as_inference(lower(call_type)) as is_inference_type,
        call_id is null and updated_at is null as is_default_attempt
    from calls_landed
    inner join picked on calls_landed.rowid = picked.call_row
),
identified as (
    -- Same derived id, other time: another attempt, not another version.
    select
        *,
        dense_rank() over (partition by base_call_id, is_default_attempt order by requested_at) as default_rank,
        case when is_default_attempt and default_rank > 1 then base_call_id || '#' || default_rank else base_call_id end
            as call_id
    from repeated
),
versioned as (
    select
        *,
        row_number() over (
            partition by call_id order by updated_at desc nulls last, filename desc, file_row_number desc
        ) = 1 as is_in_force
    from identified
),
ranked as (
    select
        *,
        is_in_force and is_inference_type as is_candidate,
        bool_or(is_candidate and is_delivered) over (partition by request_id, step) as has_delivered,
        row_number() over (
            partition by request_id, step, is_candidate, is_delivered order by attempt, requested_at, call_id
        ) as first_rank,
        row_number() over (
            partition by request_id, step, is_candidate, is_delivered
            order by attempt desc, requested_at desc, call_id desc
        ) as last_rank
    from versioned
)
select
    call_row,
    call_id,
    is_in_force,
    is_candidate and (is_delivered and first_rank = 1 or not has_delivered and last_rank = 1) as is_representative
from ranked;

---------------------------------------------------------------------------------------------------- customers

create temp table accounts as
select * from read_parquet(getvariable('reference_folder') || '/crm_customers.parquet')
qualify row_number() over (
    partition by customer_id order by updated_at desc nulls last, _load_id desc, _source_row desc
) = 1;

-- Who carries an account's numbers today: the last landed of its chain of merges; a circle leaves it itself.
create temp table customers_resolved as
with recursive chain as (
    select customer_id, customer_id as current_id, 0 as step from accounts
    union all
    select chain.customer_id, survivors.customer_id, chain.step + 1
    from chain
    inner join accounts on chain.current_id = accounts.customer_id
    inner join accounts as survivors on accounts.merged_into_customer_id = survivors.customer_id
    where chain.step < 64
)
select
    customer_id,
    case when max(step) = 64 then customer_id else arg_max(current_id, step) end as resolved_customer_id
from chain
group by customer_id;

create temp table workspaces_resolved as
with listed as (
    select customer_id, updated_at, _load_id, _source_row,
        unnest(case
            when try(json_type(workspace_ids)) = 'ARRAY' then cast(workspace_ids as json) ->> '$[*]'
            else string_split(workspace_ids, ';')
        end) as workspace_id
    from accounts
    where workspace_ids is not null
)
select trim(workspace_id) as workspace_id, customers_resolved.resolved_customer_id
from listed
inner join customers_resolved on listed.customer_id = customers_resolved.customer_id
where trim(workspace_id) <> ''
qualify row_number() over (
    partition by trim(workspace_id)
    order by updated_at desc nulls last, _load_id desc, _source_row desc, listed.customer_id
) = 1;

create temp table use_cases as
select feature, use_case from read_parquet(getvariable('reference_folder') || '/use_cases.parquet');

---------------------------------------------------------------------------------------------------- prices

create temp table book as
select *, case when input_tokens_from = 0 then 'base' else 'above_' || (input_tokens_from - 1) end as context_tier
from read_parquet(getvariable('reference_folder') || '/model_prices.parquet');

-- What each model name of the logs meant on each day: a dated alias first, then the price book's own matching.
create temp table models_daily as
with seen as (
    select distinct
        lower(trim(coalesce(provider, ''))) as provider,
        model,
        lower(service_tier) as service_tier,
        cast("timestamp" as date) as utc_date
    from calls_landed
),
named as (
    select
        seen.*,
        lower(trim(coalesce(aliases.resolved_provider, seen.provider))) as named_provider,
        coalesce(trim(aliases.resolved_model), seen.model) as named_model
    from seen
    left join read_parquet(getvariable('reference_folder') || '/model_aliases.parquet') as aliases
        on lower(seen.model) = lower(trim(aliases.model))
        and (aliases.provider is null or lower(trim(aliases.provider)) = seen.provider)
        and (aliases.valid_from_date is null or aliases.valid_from_date <= seen.utc_date)
        and (aliases.valid_to_date is null or aliases.valid_to_date > seen.utc_date)
    qualify row_number() over (
        partition by seen.provider, seen.model, seen.service_tier, seen.utc_date
        order by aliases.provider is not null desc, aliases.valid_from_date desc nulls last,
            aliases.resolved_provider nulls last, aliases.resolved_model nulls last
    ) = 1
)
select
    named.provider,
    named.model,
    named.service_tier,
    named.utc_date,
    coalesce(resolutions.resolved_provider, nullif(named.named_provider, '')) as resolved_provider,
    coalesce(resolutions.book_model, own_names.model, named.named_model) as resolved_model,
    coalesce(resolutions.book_provider, own_names.book_provider) as book_provider,
    coalesce(resolutions.book_model, own_names.model) as book_model,
    named.named_provider = 'self_hosted' as is_self_hosted
from named
left join read_parquet(getvariable('reference_folder') || '/model_resolutions.parquet') as resolutions
    on named.named_provider = resolutions.provider and named.named_model = resolutions.model
left join (select distinct book_provider, model from book) as own_names
    on resolutions.provider is null
    and named.named_provider = own_names.book_provider
    and named.named_model = own_names.model;

-- The negotiated price of each bucket, the closest one first.
create temp table overrides_daily as
with matched as (
    select
        models_daily.provider, models_daily.model, models_daily.service_tier, models_daily.utc_date,
        buckets.token_bucket,
        overrides.price_usd_per_mtok as price,
        case when overrides.price_usd_per_mtok is null then overrides.discount_ratio end as discount
    from models_daily
    inner join read_parquet(getvariable('reference_folder') || '/price_overrides.parquet') as overrides
        on (overrides.provider is null
            or lower(trim(overrides.provider)) in (models_daily.provider, models_daily.resolved_provider))
        and (overrides.model is null
            or lower(trim(overrides.model)) in (lower(models_daily.model), lower(models_daily.resolved_model)))
        and (overrides.service_tier is null or lower(trim(overrides.service_tier)) = models_daily.service_tier)
        and (overrides.valid_from_date is null or overrides.valid_from_date <= models_daily.utc_date)
        and (overrides.valid_to_date is null or overrides.valid_to_date > models_daily.utc_date)
    inner join (
        values ('input'), ('cache_read'), ('cache_write_5m'), ('cache_write_1h'), ('output'), ('request')
    ) as buckets (token_bucket)
        on lower(trim(overrides.token_bucket)) = buckets.token_bucket
        or (overrides.token_bucket is null
            and (buckets.token_bucket <> 'request' or overrides.price_usd_per_mtok is null))
    qualify row_number() over (
        partition by models_daily.provider, models_daily.model, models_daily.service_tier, models_daily.utc_date,
            buckets.token_bucket
        order by overrides.model is not null desc, overrides.service_tier is not null desc,
            overrides.token_bucket is not null desc, overrides.price_usd_per_mtok is not null desc,
            overrides.valid_from_date desc nulls last, overrides.provider is not null desc,
            overrides.price_usd_per_mtok nulls last, overrides.discount_ratio nulls last
    ) = 1
)
select
    provider, model, service_tier, utc_date,
    max(price) filter (token_bucket = 'input') as input_price,
    max(discount) filter (token_bucket = 'input') as input_discount,
    max(price) filter (token_bucket = 'cache_read') as cache_read_price,
    max(discount) filter (token_bucket = 'cache_read') as cache_read_discount,
    max(price) filter (token_bucket = 'cache_write_5m') as cache_write_5m_price,
    max(discount) filter (token_bucket = 'cache_write_5m') as cache_write_5m_discount,
    max(price) filter (token_bucket = 'cache_write_1h') as cache_write_1h_price,
    max(discount) filter (token_bucket = 'cache_write_1h') as cache_write_1h_discount,
    max(price) filter (token_bucket = 'output') as output_price,
    max(discount) filter (token_bucket = 'output') as output_discount,
    max(price) filter (token_bucket = 'request') as request_price,
    max(discount) filter (token_bucket = 'request') as request_discount
from matched
group by all;

-- How big a model counts: the seed's word, else its list price at 3 parts input to 1 part output.
create temp table tiers_daily as
with models as (
    select distinct provider, model, utc_date, resolved_provider, resolved_model, book_provider, book_model,
        is_self_hosted
    from models_daily
),
negotiated as (
    select provider, model, utc_date, input_price, output_price from overrides_daily where service_tier = 'standard'
)
select
    models.provider, models.model, models.utc_date,
    coalesce(base.input_usd_per_mtok, negotiated.input_price) as input_usd,
    coalesce(base.output_usd_per_mtok, negotiated.output_price) as output_usd,
    case
        when tiers.model_tier is not null then tiers.model_tier
        when models.is_self_hosted then 'self_hosted'
        when models.book_model is not null and output_usd is null then 'embedding'
        when input_usd is null or output_usd is null then 'unattributed'
        when 3 * input_usd + output_usd >= 4 * 4 then 'frontier'
        when 3 * input_usd + output_usd >= 4 * 0.6 then 'mid'
        else 'small'
    end as model_tier
from models
left join read_parquet(getvariable('reference_folder') || '/model_tiers.parquet') as tiers
    on lower(trim(tiers.model)) in (lower(models.model), lower(models.resolved_model))
    and (tiers.provider is null or lower(trim(tiers.provider)) in (models.provider, models.resolved_provider))
left join (
    select distinct book_provider, model, valid_from_date, valid_to_date, input_usd_per_mtok, output_usd_per_mtok
    from book
    where service_tier = 'standard' and input_tokens_from = 0 and not is_daily_window
) as base
    on models.book_provider = base.book_provider
    and models.book_model = base.model
    and (base.valid_from_date is null or base.valid_from_date <= models.utc_date)
    and (base.valid_to_date is null or base.valid_to_date > models.utc_date)
left join negotiated
    on models.book_model is null
    and models.provider = negotiated.provider
    and models.model = negotiated.model
    and models.utc_date = negotiated.utc_date
qualify row_number() over (
    partition by models.provider, models.model, models.utc_date
    order by tiers.provider is not null desc, tiers.model_tier nulls last
) = 1;

-- Prices per million tokens by model name, day, window of the day and context tier: list and negotiated.
create temp table prices as
with listed as (
    select
        models_daily.*,
        book.book_provider is not null as is_in_book,
        coalesce(book.service_tier <> models_daily.service_tier, false) as has_tier_fallback,
        coalesce(book.from_second, 0) as from_second,
        coalesce(book.to_second, 86400) as to_second,
        coalesce(book.input_tokens_from, 0) as input_tokens_from,
        coalesce(book.input_tokens_to, 9223372036854775807) as input_tokens_to,
        coalesce(book.context_tier, 'base') as context_tier,
        book.input_usd_per_mtok as list_input,
        book.cache_read_usd_per_mtok as own_cache_read,
        book.cache_write_5m_usd_per_mtok as own_cache_write_5m,
        book.cache_write_1h_usd_per_mtok as own_cache_write_1h,
        coalesce(own_cache_read, list_input) as list_cache_read,
        coalesce(own_cache_write_5m, list_input) as list_cache_write_5m,
        coalesce(own_cache_write_1h, own_cache_write_5m, list_input) as list_cache_write_1h,
        book.output_usd_per_mtok as list_output,
        book.reasoning_usd_per_mtok as list_reasoning,
        book.input_audio_usd_per_mtok as list_input_audio,
        book.input_image_usd_per_mtok as list_input_image,
        coalesce(book.cache_audio_read_usd_per_mtok, case when own_cache_read is null then list_input_audio end)
            as list_cache_audio,
        book.output_audio_usd_per_mtok as list_output_audio,
        book.output_image_usd_per_mtok as list_output_image,
        book.web_search_usd as list_web_search,
        book.request_usd as list_request
    from models_daily
    left join book
        on models_daily.book_provider = book.book_provider
        and models_daily.book_model = book.model
        and (book.valid_from_date is null or book.valid_from_date <= models_daily.utc_date)
        and (book.valid_to_date is null or book.valid_to_date > models_daily.utc_date)
        and (book.service_tier = 'standard'
            or (book.service_tier = models_daily.service_tier
                and models_daily.book_provider = models_daily.resolved_provider))
    qualify rank() over (
        partition by models_daily.provider, models_daily.model, models_daily.service_tier, models_daily.utc_date
        order by book.service_tier = models_daily.service_tier desc nulls last
    ) = 1
)
select
    listed.*,
    tiers_daily.model_tier,
    overrides.provider is not null as has_override,
    -- A discount alone prices nothing.
    coalesce(overrides.input_price, overrides.cache_read_price, overrides.cache_write_5m_price,
        overrides.cache_write_1h_price, overrides.output_price, overrides.request_price) is not null
            as has_negotiated_price,
    coalesce(overrides.input_price, overrides.input_discount) is not null as has_input_override,
    coalesce(overrides.cache_read_price, overrides.cache_read_discount) is not null as has_cache_read_override,
    coalesce(overrides.cache_write_5m_price, overrides.cache_write_5m_discount) is not null
        as has_cache_write_5m_override,
    coalesce(overrides.cache_write_1h_price, overrides.cache_write_1h_discount) is not null
        as has_cache_write_1h_override,
    coalesce(overrides.output_price, overrides.output_discount) is not null as has_output_override,
    coalesce(overrides.request_price, overrides.request_discount) is not null as has_request_override,
    coalesce(overrides.cache_read_price,
        case when own_cache_read is not null or overrides.cache_read_discount is not null
        then discounted(list_cache_read, overrides.cache_read_discount) end) as net_own_cache_read,
    coalesce(overrides.cache_write_5m_price, case
        when own_cache_write_5m is not null or overrides.cache_write_5m_discount is not null
            then discounted(list_cache_write_5m, overrides.cache_write_5m_discount) end) as net_own_cache_write_5m,
    coalesce(overrides.cache_write_1h_price, case
        when own_cache_write_1h is not null or overrides.cache_write_1h_discount is not null
            then discounted(list_cache_write_1h, overrides.cache_write_1h_discount) end) as net_own_cache_write_1h,
    own_cache_read is null and overrides.cache_read_price is null as has_cache_read_fallback,
    own_cache_write_5m is null and overrides.cache_write_5m_price is null as has_cache_write_5m_fallback,
    own_cache_write_1h is null and overrides.cache_write_1h_price is null as has_cache_write_1h_fallback,
    coalesce(overrides.input_price, discounted(list_input, overrides.input_discount)) as net_input,
    coalesce(net_own_cache_read, net_input) as net_cache_read,
    coalesce(net_own_cache_write_5m, net_input) as net_cache_write_5m,
    coalesce(net_own_cache_write_1h, net_own_cache_write_5m, net_input) as net_cache_write_1h,
    coalesce(overrides.output_price, discounted(list_output, overrides.output_discount)) as net_output,
    discounted(list_reasoning, overrides.output_discount) as net_reasoning,
    discounted(list_input_audio, overrides.input_discount) as net_input_audio,
    discounted(list_input_image, overrides.input_discount) as net_input_image,
    discounted(list_cache_audio, overrides.cache_read_discount) as net_cache_audio,
    discounted(list_output_audio, overrides.output_discount) as net_output_audio,
    discounted(list_output_image, overrides.output_discount) as net_output_image,
    money(discounted(list_web_search, overrides.request_discount)) as net_web_search,
    money(coalesce(overrides.request_price * cast(0.000001 as decimal(6, 6)),
        discounted(list_request, overrides.request_discount), 0)) as net_request,
    row_number() over () as price_id
from listed
left join overrides_daily as overrides
    on listed.provider = overrides.provider
    and listed.model = overrides.model
    and listed.service_tier = overrides.service_tier
    and listed.utc_date = overrides.utc_date
left join tiers_daily
    on listed.provider = tiers_daily.provider
    and listed.model = tiers_daily.model
    and listed.utc_date = tiers_daily.utc_date;

-- What nearly every call needs, as narrow as it can be: all calls probe it.
create temp table call_prices as
select
    price_id, provider, model, service_tier, utc_date, from_second, to_second, input_tokens_from, input_tokens_to,
    word(resolved_provider) as resolved_provider,
    word(resolved_model) as resolved_model,
    word(coalesce(nullif(provider, ''), resolved_provider)) as shown_provider,
    model_tier,
    context_tier, is_self_hosted,
    is_in_book or has_negotiated_price as has_price,
    is_in_book and has_override as has_other_list_price,
    has_input_override,
    -- A bucket that follows its parent's price follows its negotiation too.
    has_cache_read_override or has_cache_read_fallback and has_input_override as has_cache_read_override,
    has_cache_write_5m_override or has_cache_write_5m_fallback and has_input_override as has_cache_write_5m_override,
    has_cache_write_1h_override or has_cache_write_1h_fallback and (
        has_cache_write_5m_override or has_cache_write_5m_fallback and has_input_override)
            as has_cache_write_1h_override,
    has_output_override, has_request_override, has_tier_fallback,
    has_cache_read_fallback,
    has_cache_write_5m_fallback,
    has_cache_write_1h_fallback,
    per_token(net_input) as input_price, per_token(list_input) as list_input_price,
    per_token(net_cache_read) as cache_read_price, per_token(list_cache_read) as list_cache_read_price,
    per_token(net_cache_write_5m) as cache_write_5m_price, per_token(list_cache_write_5m) as list_cache_write_5m_price,
    per_token(net_cache_write_1h) as cache_write_1h_price, per_token(list_cache_write_1h) as list_cache_write_1h_price,
    per_token(net_output) as output_price, per_token(list_output) as list_output_price,
    net_request as request_price, money(coalesce(list_request, 0)) as list_request_price,
    cast(net_web_search as decimal(19, 12)) as web_search_price,
    cast(list_web_search as decimal(19, 12)) as list_web_search_price,
    rest_of(net_input) <> 0 or rest_of(list_input) <> 0
        or rest_of(net_cache_read) <> 0 or rest_of(list_cache_read) <> 0
        or rest_of(net_cache_write_5m) <> 0 or rest_of(list_cache_write_5m) <> 0
        or rest_of(net_cache_write_1h) <> 0 or rest_of(list_cache_write_1h) <> 0
        or rest_of(net_output) <> 0 or rest_of(list_output) <> 0 as has_rest,
    coalesce(list_reasoning, list_input_audio, list_input_image, list_cache_audio, list_output_audio, list_output_image)
        is not null as has_parts
from prices;

-- All prices, for the few calls with a part (audio, image, reasoning) that may have a price of its own, or with a price
-- finer than 1e-12.
create temp table fine_prices as
select
    price_id,
    per_token(net_input) as input_price, rest_of(net_input) as input_rest,
    per_token(net_cache_read) as cache_read_price, rest_of(net_cache_read) as cache_read_rest,
    per_token(net_cache_write_5m) as cache_write_5m_price, rest_of(net_cache_write_5m) as cache_write_5m_rest,
    per_token(net_cache_write_1h) as cache_write_1h_price, rest_of(net_cache_write_1h) as cache_write_1h_rest,
    per_token(net_output) as output_price, rest_of(net_output) as output_rest,
    per_token(net_reasoning) as reasoning_price, rest_of(net_reasoning) as reasoning_rest,
    per_token(net_input_audio) as input_audio_price, rest_of(net_input_audio) as input_audio_rest,
    per_token(net_input_image) as input_image_price, rest_of(net_input_image) as input_image_rest,
    per_token(net_cache_audio) as cache_audio_price, rest_of(net_cache_audio) as cache_audio_rest,
    per_token(net_output_audio) as output_audio_price, rest_of(net_output_audio) as output_audio_rest,
    per_token(net_output_image) as output_image_price, rest_of(net_output_image) as output_image_rest,
    per_token(list_input) as list_input_price, rest_of(list_input) as list_input_rest,
    per_token(list_cache_read) as list_cache_read_price, rest_of(list_cache_read) as list_cache_read_rest,
    per_token(list_cache_write_5m) as list_cache_write_5m_price, rest_of(list_cache_write_5m)
        as list_cache_write_5m_rest,
    per_token(list_cache_write_1h) as list_cache_write_1h_price, rest_of(list_cache_write_1h)
        as list_cache_write_1h_rest,
    per_token(list_output) as list_output_price, rest_of(list_output) as list_output_rest,
    per_token(list_reasoning) as list_reasoning_price, rest_of(list_reasoning) as list_reasoning_rest,
    per_token(list_input_audio) as list_input_audio_price, rest_of(list_input_audio) as list_input_audio_rest,
    per_token(list_input_image) as list_input_image_price, rest_of(list_input_image) as list_input_image_rest,
    per_token(list_cache_audio) as list_cache_audio_price, rest_of(list_cache_audio) as list_cache_audio_rest,
    per_token(list_output_audio) as list_output_audio_price, rest_of(list_output_audio) as list_output_audio_rest,
    per_token(list_output_image) as list_output_image_price, rest_of(list_output_image) as list_output_image_rest
from prices
inner join call_prices using (price_id)
where call_prices.has_rest or call_prices.has_parts;

---------------------------------------------------------------------------------------------------- the call fact

-- Input and output at prices with parts; a part without a price of its own is paid like the rest.
create temp macro fine_input_cost(
    tokens, audio, image, price, rest, audio_price, audio_rest, image_price, image_rest
) as
    money(fine_cost(tokens - own_tokens(audio, audio_price) - own_tokens(image, image_price), price, rest)
        + own_cost(audio, audio_price, audio_rest) + own_cost(image, image_price, image_rest));
create temp macro fine_cache_cost(tokens, audio, price, rest, audio_price, audio_rest) as
    money(fine_cost(tokens - own_tokens(audio, audio_price), price, rest) + own_cost(audio, audio_price, audio_rest));
create temp macro fine_output_cost(
    tokens, reasoning, audio, image, price, rest, reasoning_price, reasoning_rest, audio_price, audio_rest, image_price,
    image_rest
) as
    money(fine_cost(
            tokens - own_tokens(reasoning, reasoning_price) - own_tokens(audio, audio_price)
                - own_tokens(image, image_price),
            price, rest)
        + own_cost(reasoning, reasoning_price, reasoning_rest) + own_cost(audio, audio_price, audio_rest)
        + own_cost(image, image_price, image_rest));

create table marts.fct_inference_calls as
with sized as (
    select
        coalesce(repeated.call_id,
            known_id(calls.call_id, provider_response_id, request_id, calls.call_type, attempt)) as call_id,
        request_id, workflow_run_id, "timestamp" as requested_at, cast("timestamp" as date) as usage_date,
        case
            when coalesce(environment, 'production') <> 'production' then 'internal'
            else word(coalesce(customers.resolved_customer_id, calls.customer_id, workspaces.resolved_customer_id))
        end as customer_id,
        user_id,
        word(team) as team,
        word(calls.feature) as feature,
        word(coalesce(calls.use_case, use_cases.use_case)) as use_case,
        word(product_id) as product_id,
        word(workflow) as workflow,
        word(step) as step,
        lower(calls.call_type) as call_type,
        lower(trim(coalesce(provider, ''))) as provider,
        model,
        lower(service_tier) as service_tier,
        status,
        counts_as_inference(lower(calls.call_type)) and coalesce(repeated.is_representative, true) as is_inference,
        coalesce(cache_hit, false) as is_response_cache_hit,
        coalesce(is_billed, status in ('success', 'cancelled')) as is_billed,
        attempt,
        case
            when token_semantics = 'disjoint' then input_tokens
            else input_tokens - coalesce(cached_input_tokens, 0) - coalesce(cache_write_tokens, 0)
                - coalesce(cache_write_1h_tokens, 0)
        end as uncached_input_tokens,
        coalesce(cached_input_tokens, 0) as cache_read_tokens,
        coalesce(cache_write_tokens, 0) as cache_write_5m_tokens,
        coalesce(cache_write_1h_tokens, 0) as cache_write_1h_tokens,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + coalesce(calls.cache_write_1h_tokens, 0)
            as total_input_tokens,
        output_tokens,
        coalesce(reasoning_tokens, 0) as reasoning,
        coalesce(cache_audio_read_tokens, 0) as cache_audio,
        least(greatest(coalesce(input_audio_tokens, 0) - cache_audio, 0), uncached_input_tokens) as input_audio,
        least(coalesce(input_image_tokens, 0), uncached_input_tokens - input_audio) as input_image,
        coalesce(output_audio_tokens, 0) as output_audio,
        coalesce(output_image_tokens, 0) as output_image,
        gpu_seconds, latency_ms,
        coalesce(web_search_requests, 0) as web_searches,
        cost_usd as logged_cost_usd,
        prompt_hash, prefix_hash, prompt_version
    from calls_landed as calls
    left join calls_repeated as repeated on calls.rowid = repeated.call_row
    left join customers_resolved as customers on calls.customer_id = customers.customer_id
    left join workspaces_resolved as workspaces
        on calls.workspace_id = workspaces.workspace_id and calls.customer_id is null
    left join use_cases on calls.feature = use_cases.feature
    where coalesce(repeated.is_in_force, true)
),
priced as (
    select
        sized.*,
        prices.* exclude (provider, model, service_tier),
        uncached_input_tokens > 0 and has_input_override
            or cache_read_tokens > 0 and has_cache_read_override
            or cache_write_5m_tokens > 0 and has_cache_write_5m_override
            or cache_write_1h_tokens > 0 and has_cache_write_1h_override
            or output_tokens > 0 and has_output_override
            or has_request_override as uses_override,
        has_tier_fallback
            or cache_read_tokens > 0 and has_cache_read_fallback
            or cache_write_5m_tokens > 0 and has_cache_write_5m_fallback
            or cache_write_1h_tokens > 0 and has_cache_write_1h_fallback as uses_fallback,
        cost(uncached_input_tokens, prices.input_price) as plain_input,
        cost(cache_read_tokens, prices.cache_read_price) as plain_cache_read,
        money(cost(cache_write_5m_tokens, prices.cache_write_5m_price)
            + cost(cache_write_1h_tokens, prices.cache_write_1h_price)) as plain_cache_write,
        cost(output_tokens, prices.output_price) as plain_output,
        money(request_price + cost(web_searches, web_search_price)) as request_fee,
        case
            when has_other_list_price then money(
                cost(uncached_input_tokens, list_input_price) + cost(cache_read_tokens, list_cache_read_price)
                + cost(cache_write_5m_tokens, list_cache_write_5m_price)
                + cost(cache_write_1h_tokens, list_cache_write_1h_price) + cost(output_tokens, list_output_price)
                + list_request_price + cost(web_searches, list_web_search_price))
        end as plain_list,
        case
            when has_rest or has_parts and reasoning + cache_audio + input_audio + input_image + output_audio
                + output_image > 0
                then price_id
        end as fine_price_id
    from sized
    left join call_prices as prices
        on sized.provider = prices.provider
        and sized.model = prices.model
        and sized.service_tier = prices.service_tier
        and sized.usage_date = prices.utc_date
        and hour(requested_at) * 3600 + minute(requested_at) * 60 + second(requested_at) >= prices.from_second
        and hour(requested_at) * 3600 + minute(requested_at) * 60 + second(requested_at) < prices.to_second
        and total_input_tokens >= prices.input_tokens_from
        and total_input_tokens < prices.input_tokens_to
),
costed as (
    select
        priced.*,
        case when fine.price_id is null then plain_input else fine_input_cost(
            uncached_input_tokens, input_audio, input_image, fine.input_price, fine.input_rest,
            fine.input_audio_price, fine.input_audio_rest, fine.input_image_price, fine.input_image_rest) end
                as input_cost,
        case when fine.price_id is null then plain_cache_read else fine_cache_cost(
            cache_read_tokens, cache_audio, fine.cache_read_price, fine.cache_read_rest,
            fine.cache_audio_price, fine.cache_audio_rest) end as cache_read_cost,
        case when fine.price_id is null then plain_cache_write else money(
            fine_cost(cache_write_5m_tokens, fine.cache_write_5m_price, fine.cache_write_5m_rest)
            + fine_cost(cache_write_1h_tokens, fine.cache_write_1h_price, fine.cache_write_1h_rest)) end
                as cache_write_cost,
        case when fine.price_id is null then plain_output else fine_output_cost(
            output_tokens, reasoning, output_audio, output_image, fine.output_price, fine.output_rest,
            fine.reasoning_price, fine.reasoning_rest, fine.output_audio_price, fine.output_audio_rest,
            fine.output_image_price, fine.output_image_rest) end as output_cost,
        case when fine.price_id is null or not has_other_list_price then plain_list else money(
            fine_input_cost(uncached_input_tokens, input_audio, input_image, fine.list_input_price,
                fine.list_input_rest,
                fine.list_input_audio_price, fine.list_input_audio_rest, fine.list_input_image_price,
                    fine.list_input_image_rest)
            + fine_cache_cost(cache_read_tokens, cache_audio, fine.list_cache_read_price, fine.list_cache_read_rest,
                fine.list_cache_audio_price, fine.list_cache_audio_rest)
            + fine_cost(cache_write_5m_tokens, fine.list_cache_write_5m_price, fine.list_cache_write_5m_rest)
            + fine_cost(cache_write_1h_tokens, fine.list_cache_write_1h_price, fine.list_cache_write_1h_rest)
            + fine_output_cost(output_tokens, reasoning, output_audio, output_image, fine.list_output_price,
                fine.list_output_rest, fine.list_reasoning_price, fine.list_reasoning_rest,
                    fine.list_output_audio_price,
                fine.list_output_audio_rest, fine.list_output_image_price, fine.list_output_image_rest)
            + list_request_price + cost(web_searches, list_web_search_price)) end as list_cost,
        case when has_price then money(input_cost + cache_read_cost + cache_write_cost + output_cost + request_fee) end
            as computed_cost,
        -- What a call costs: its price (true), nothing (false), or nobody knows (null).
        case
            when is_response_cache_hit or not is_billed or is_self_hosted then false
            when computed_cost is not null then true
            when call_type = 'retrieval' then false
        end as is_charged
    from priced
    left join fine_prices as fine on priced.fine_price_id = fine.price_id
)
select
    call_id,
    request_id,
    workflow_run_id,
    requested_at,
    usage_date,
    usage_date as utc_date,
    customer_id,
    user_id,
    team,
    feature,
    use_case,
    product_id,
    workflow,
    step,
    word(call_type) as call_type,
    coalesce(shown_provider, word(nullif(provider, ''))) as provider,
    word(model) as model,
    coalesce(resolved_model, word(model)) as resolved_model,
    coalesce(resolved_provider, word(nullif(provider, ''))) as resolved_provider,
    coalesce(model_tier, 'unattributed') as model_tier,
    service_tier,
    coalesce(context_tier, 'base') as context_tier,
    status,
    is_inference,
    is_inference and status = 'success' as is_successful,
    is_response_cache_hit,
    attempt as attempt_number,
    uncached_input_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    output_tokens,
    reasoning as reasoning_tokens,
    gpu_seconds,
    latency_ms,
    case when is_charged then input_cost when not is_charged then money(0) end as uncached_input_cost_usd,
    case when is_charged then cache_read_cost when not is_charged then money(0) end as cache_read_cost_usd,
    case when is_charged then cache_write_cost when not is_charged then money(0) end as cache_write_cost_usd,
    case when is_charged then output_cost when not is_charged then money(0) end as output_cost_usd,
    case when is_charged then request_fee when not is_charged then money(0) end as request_fee_usd,
    case when is_charged then coalesce(list_cost, computed_cost) when not is_charged then money(0) end as list_cost_usd,
    case when is_charged then computed_cost when not is_charged then money(0) end as computed_cost_usd,
    logged_cost_usd,
    case
        when is_response_cache_hit then 'response_cache_hit'
        when not is_billed then 'not_billed'
        when is_self_hosted then 'self_hosted'
        when not is_charged then 'allocated'
        when is_charged is null then 'unpriced'
        when uses_override then 'overridden'
        else 'priced'
    end as pricing_status,
    coalesce(is_charged and uses_fallback, false) as has_price_fallback,
    false as has_assumed_ttl,
    prompt_hash,
    prefix_hash,
    prompt_version,
    'inference_events' as source_name
from costed;

---------------------------------------------------------------------------------------------------- the daily fact

create table marts.fct_usage_daily as
with calls as (
    select
        *,
        counts_as_inference(call_type) as is_inference_type,
        is_successful and not is_response_cache_hit as is_served,
        is_inference_type and not is_successful and not is_response_cache_hit as is_unproductive,
        not is_response_cache_hit as is_answered,
        is_inference_type or call_type = 'moderation' as is_llm_call,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as input_tokens
    from marts.fct_inference_calls
)
select
    usage_date, customer_id, product_id, team, feature, use_case, workflow, step, call_type, provider, model,
    resolved_provider, resolved_model, model_tier, service_tier, context_tier,
    count(*) as call_count,
    count(*) filter (is_inference_type) as attempt_count,
    count(*) filter (is_inference) as inference_count,
    count(*) filter (is_successful) as successful_inference_count,
    count(*) filter (is_served) as served_inference_count,
    count(*) filter (is_response_cache_hit) as response_cache_hit_count,
    count(*) filter (pricing_status = 'unpriced') as unpriced_call_count,
    count(*) filter (has_price_fallback) as price_fallback_call_count,
    whole_of(uncached_input_tokens, is_answered) as uncached_input_tokens,
    whole_of(cache_read_tokens, is_answered) as cache_read_tokens,
    whole_of(cache_write_5m_tokens, is_answered) as cache_write_5m_tokens,
    whole_of(cache_write_1h_tokens, is_answered) as cache_write_1h_tokens,
    whole_of(calls.output_tokens, is_answered) as output_tokens,
    whole_of(calls.reasoning_tokens, is_answered) as reasoning_tokens,
    whole_of(input_tokens + calls.output_tokens, is_response_cache_hit) as replayed_tokens,
    whole_of(input_tokens, is_served) as productive_input_tokens,
    whole_of(calls.uncached_input_tokens, is_served) as productive_uncached_input_tokens,
    whole_of(calls.cache_read_tokens, is_served) as productive_cache_read_tokens,
    whole_of(calls.cache_write_5m_tokens + calls.cache_write_1h_tokens, is_served) as productive_cache_write_tokens,
    whole_of(calls.output_tokens, is_served) as productive_output_tokens,
    whole_of(calls.reasoning_tokens, is_served) as productive_reasoning_tokens,
    whole_of(input_tokens + calls.output_tokens, is_served) as productive_tokens,
    whole_of(input_tokens + calls.output_tokens, is_unproductive) as unproductive_tokens,
    total_of(calls.computed_cost_usd, is_served) as productive_cost_usd,
    total_of(calls.uncached_input_cost_usd, is_served) as productive_uncached_input_cost_usd,
    total_of(calls.cache_read_cost_usd, is_served) as productive_cache_read_cost_usd,
    total_of(calls.cache_write_cost_usd, is_served) as productive_cache_write_cost_usd,
    total_of(calls.output_cost_usd, is_served) as productive_output_cost_usd,
    total_of(calls.computed_cost_usd, is_unproductive) as unproductive_cost_usd,
    total(calls.list_cost_usd) as list_cost_usd,
    total(calls.computed_cost_usd) as computed_cost_usd,
    total(calls.uncached_input_cost_usd) as uncached_input_cost_usd,
    total(calls.cache_read_cost_usd) as cache_read_cost_usd,
    total(calls.cache_write_cost_usd) as cache_write_cost_usd,
    total(calls.output_cost_usd) as output_cost_usd,
    total(calls.request_fee_usd) as request_fee_usd,
    total_of(calls.uncached_input_cost_usd + calls.output_cost_usd + calls.request_fee_usd, is_llm_call)
        as llm_api_cost_usd,
    total_of(calls.cache_read_cost_usd + calls.cache_write_cost_usd, is_llm_call) as prompt_cache_cost_usd,
    total_of(calls.computed_cost_usd, not is_llm_call) as embedding_cost_usd,
    -- No bills are landed: effective cost is computed cost, estimated.
    money(0) as gpu_compute_cost_usd,
    money(0) as vector_db_cost_usd,
    money(0) as fine_tuning_cost_usd,
    money(0) as other_ai_cost_usd,
    total(calls.computed_cost_usd) as inference_cost_usd,
    total(calls.computed_cost_usd) as ai_cost_usd,
    'estimated' as cost_status
from calls
group by all;

---------------------------------------------------------------------------------------------------- dimensions

create temp table as_of as
select max(usage_date) as as_of_date from marts.fct_usage_daily;

create temp macro is_over(period_end_date) as period_end_date <= (select as_of_date + interval 1 day from as_of);

create table marts.dim_customers as
with named as (
    select word(customer_id) as customer_id from customers_resolved where resolved_customer_id = customer_id
    union
    select customer_id from marts.fct_usage_daily
    union
    values ('unattributed'), ('internal')
)
select
    named.customer_id,
    coalesce(accounts.customer_name, named.customer_id) as customer_name,
    word(segment) as segment,
    coalesce(plan, 'none') as plan,
    coalesce(plan, 'none') as crm_plan,
    word(business_model) as business_model,
    word(acquisition_motion) as acquisition_motion,
    word(nullif(lower(trim(acquisition_channel)), '')) as acquisition_channel,
    seats,
    cast(signed_up_at as date) as signed_up_date,
    cast(null as date) as first_paid_date,
    cast(churned_at as date) as churned_date,
    named.customer_id = 'internal' or coalesce(accounts.is_internal, false) as is_internal,
    accounts.customer_id is not null as is_in_crm
from named
left join accounts on named.customer_id = word(accounts.customer_id);

-- Nobody is billed for a plan.
create temp table plans_billed (customer_id varchar, plan varchar, plan_date date);

---------------------------------------------------------------------------------------------------- cost per inference

create temp macro weakest(cost_status) as
    case
        when bool_or(cost_status = 'estimated') then 'estimated'
        when bool_or(cost_status = 'billed') then 'billed'
        when bool_or(cost_status = 'trued_up') then 'trued_up'
        else 'estimated'
    end;

-- The whole of each day once per dimension. Internal use counts in the dimension `customer` alone.
create temp table usage_by_dimension as
with usage as (
    select
        usage_daily.*, coalesce(plans_billed.plan, crm_plan) as plan, segment, business_model, is_internal
    from marts.fct_usage_daily as usage_daily
    inner join marts.dim_customers as customers on usage_daily.customer_id = customers.customer_id
    left join plans_billed
        on usage_daily.customer_id = plans_billed.customer_id and usage_date = plan_date
),
summed as (
    select
        usage_date, is_internal,
        case
            when grouping(usage.customer_id) = 0 then 'customer'
            when grouping(business_model) = 0 then 'business_model'
            when grouping(plan) = 0 then 'plan'
            when grouping(segment) = 0 then 'segment'
            when grouping(product_id) = 0 then 'product'
            when grouping(feature) = 0 then 'feature'
            when grouping(use_case) = 0 then 'use_case'
            when grouping(workflow) = 0 then 'workflow'
            when grouping(step) = 0 then 'step'
            when grouping(call_type) = 0 then 'call_type'
            when grouping(team) = 0 then 'team'
            when grouping(provider) = 0 then 'provider'
            when grouping(resolved_model) = 0 then 'model'
            when grouping(model_tier) = 0 then 'model_tier'
            else 'all'
        end as dimension,
        coalesce(usage.customer_id, business_model, plan, segment, product_id, feature, use_case, workflow, step,
            call_type, team, provider, resolved_model, model_tier, 'all') as dimension_value,
        sum(columns('^(call|attempt|inference|successful_inference|unpriced_call)_count$')),
        sum(columns('^(llm_api|prompt_cache|embedding|gpu_compute|vector_db|fine_tuning|other_ai|inference|ai)_cost_')),
        coalesce(sum(ai_cost_usd) filter (usage.customer_id = 'unattributed'), 0) as unattributed_cost_usd,
        weakest(usage.cost_status) as cost_status
    from usage
    group by grouping sets (
        (usage_date, is_internal),
        (usage_date, is_internal, usage.customer_id),
        (usage_date, is_internal, business_model),
        (usage_date, is_internal, plan),
        (usage_date, is_internal, segment),
        (usage_date, is_internal, product_id),
        (usage_date, is_internal, feature),
        (usage_date, is_internal, use_case),
        (usage_date, is_internal, workflow),
        (usage_date, is_internal, step),
        (usage_date, is_internal, call_type),
        (usage_date, is_internal, team),
        (usage_date, is_internal, provider),
        (usage_date, is_internal, resolved_model),
        (usage_date, is_internal, model_tier)
    )
)
select * exclude (is_internal) from summed where dimension = 'customer' or not is_internal;

create table marts.cost_per_inference as
with periods as (
    select
        period_grain, cast(case period_grain
            when 'day' then usage_date
            when 'week' then date_trunc('week', usage_date)
            else date_trunc('month', usage_date)
        end as date) as period_start_date,
        dimension, dimension_value,
        whole(columns('.*_count')),
        total(columns('.*_usd')),
        weakest(daily.cost_status) as cost_status
    from usage_by_dimension as daily
    cross join (values ('day'), ('week'), ('month')) as grains (period_grain)
    group by all
),
divided as (
    select
        periods.*,
        case when periods.dimension in ('step', 'call_type') then coalesce(overall.successful_inference_count, 0)
            else periods.successful_inference_count end as denominator_inference_count
    from periods
    left join periods as overall
        on periods.period_grain = overall.period_grain
        and periods.period_start_date = overall.period_start_date
        and overall.dimension = 'all'
)
select
    divided.* exclude (unattributed_cost_usd),
    ratio(llm_api_cost_usd, denominator_inference_count) as llm_api_cpi_usd,
    ratio(prompt_cache_cost_usd, denominator_inference_count) as prompt_cache_cpi_usd,
    ratio(embedding_cost_usd, denominator_inference_count) as embedding_cpi_usd,
    ratio(gpu_compute_cost_usd, denominator_inference_count) as gpu_compute_cpi_usd,
    ratio(vector_db_cost_usd, denominator_inference_count) as vector_db_cpi_usd,
    ratio(fine_tuning_cost_usd, denominator_inference_count) as fine_tuning_cpi_usd,
    ratio(other_ai_cost_usd, denominator_inference_count) as other_ai_cpi_usd,
    ratio(ai_cost_usd, denominator_inference_count) as cpi_usd,
    ratio(unpriced_call_count, call_count) as unpriced_ratio,
    ratio(unattributed_cost_usd, ai_cost_usd) as unattributed_ratio,
    case
        when denominator_inference_count = 0 then 'no_successful_inference'
        when unpriced_call_count > 0 then 'partly_unpriced'
        else 'complete'
    end as cpi_status,
    case period_grain
        when 'day' then is_over(period_start_date + interval 1 day)
        when 'week' then is_over(period_start_date + interval 7 day)
        else is_over(period_start_date + interval 1 month)
    end as is_complete
from divided;

create table marts.attribution_coverage_monthly as
with monthly as (
    select
        cast(date_trunc('month', usage_date) as date) as period_start_date,
        dimension,
        whole(daily.call_count) as call_count,
        whole(daily.unpriced_call_count) as unpriced_call_count,
        total(daily.ai_cost_usd) as ai_cost_usd,
        total_of(daily.ai_cost_usd, dimension_value <> 'unattributed') as attributed_cost_usd,
        weakest(daily.cost_status) as cost_status
    from usage_by_dimension as daily
    where dimension in ('customer', 'feature', 'workflow', 'team', 'provider', 'model')
    group by all
)
select
    *,
    ratio(attributed_cost_usd, ai_cost_usd) as attributed_cost_ratio,
    ratio(unpriced_call_count, call_count) as unpriced_ratio,
    is_over(period_start_date + interval 1 month) as is_complete
from monthly;

---------------------------------------------------------------------------------------------------- prompt efficiency

create table marts.prompt_efficiency_weekly as
with weekly as (
    select
        cast(date_trunc('week', usage_date) as date) as period_start_date,
        coalesce(usage_daily.use_case, 'all') as use_case,
        whole(usage_daily.served_inference_count) as served_inference_count,
        whole(usage_daily.productive_input_tokens) as productive_input_tokens,
        whole(usage_daily.productive_output_tokens) as productive_output_tokens,
        whole(usage_daily.productive_reasoning_tokens) as productive_reasoning_tokens,
        whole(unproductive_tokens) as wasted_tokens
    from marts.fct_usage_daily as usage_daily
    inner join marts.dim_customers as customers on usage_daily.customer_id = customers.customer_id
    -- Billed money that no call carries has no tokens.
    where not is_internal and call_count > 0
    group by grouping sets ((period_start_date, usage_daily.use_case), (period_start_date))
)
select
    weekly.*,
    ratio(productive_input_tokens, served_inference_count) as avg_input_tokens,
    ratio(productive_output_tokens, served_inference_count) as avg_output_tokens,
    ratio(productive_input_tokens + productive_output_tokens, served_inference_count) as avg_total_tokens,
    ratio(productive_input_tokens + productive_output_tokens - productive_reasoning_tokens, served_inference_count)
        as avg_total_tokens_excluding_reasoning,
    input_low, input_high, output_low, output_high,
    case
        when served_inference_count = 0 then 'no_data'
        when coalesce(input_low, input_high, output_low, output_high) is null then 'no_target'
        when avg_input_tokens > input_high or avg_output_tokens > output_high then 'above_target'
        when avg_input_tokens < input_low or avg_output_tokens < output_low then 'below_target'
        else 'on_target'
    end as status,
    is_over(period_start_date + interval 7 day) as is_complete
from weekly
left join read_parquet(getvariable('reference_folder') || '/token_targets.parquet') as targets
    on weekly.use_case = targets.use_case;

checkpoint;
