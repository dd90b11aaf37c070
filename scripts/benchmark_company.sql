-- The rest of the project's job, written by hand for DuckDB alone: what benchmark.py measures a whole company against.
-- Stands in benchmark_by_hand.sql in the place of its section `dimensions`, from `margins` on behind its section `cost per
-- inference`: shares bills and training jobs out, trues computed cost up, recognises revenue, and writes the marts that
-- read both. Each has its grain and a fixed set of measures under the project's names; benchmark.py compares every column.
--
-- The rules are the project's as far as the demo company's sources ask for them: bills from one source, on models named
-- as calls log them; reduced invoices of one line; invoices that are the sum of their lines; nothing paid of an invoice
-- that was given up.
---------------------------------------------------------------------------------------------------- macros

create temp macro reference(name) as table
    select * from read_parquet(getvariable('reference_folder') || '/' || name || '.parquet');

-- A cast from a decimal to a whole number is slow; below 1 000 dollars a double is exact to a pico.
create or replace temp macro picos(amount) as
    case
        when amount > -1000 and amount < 1000 then cast(round(cast(amount as double) * 1e12) as bigint)::hugeint
        else cast(money(amount) * 1000000000000 as hugeint)
    end;

-- amount × part ÷ whole of whole numbers, divided and rounded once, half up.
create temp macro in_dollars(picos) as
    cast(cast(picos as decimal(38, 0)) * cast(0.000000000001 as decimal(12, 12)) as decimal(28, 12));
create temp macro part_of_picos(amount, part, whole) as
    sign(amount) * sign(part) * sign(whole)
    * ((2 * abs(amount) * abs(part::hugeint) + abs(whole::hugeint)) // (2 * abs(whole::hugeint)));
create temp macro share(amount, part, whole) as in_dollars(part_of_picos(picos(amount), part, whole));
create temp macro converted(amount, rate) as share(amount, picos(rate), 1000000000000);
create temp macro micros(quantity) as cast(cast(quantity as decimal(28, 6)) * 1000000 as hugeint);

create temp macro month_of(day) as cast(date_trunc('month', day) as date);

create temp table as_of as
select max(usage_date) as as_of_date from marts.fct_usage_daily;

create temp macro is_over(period_end_date) as period_end_date <= (select as_of_date + interval 1 day from as_of);

---------------------------------------------------------------------------------------------------- exchange rates

-- The last known rate of each day, at most a week old.
create temp table rates as
select upper(trim(currency)) as currency, cast(rate_date + days.number * interval 1 day as date) as rate_date,
    usd_per_unit
from reference('fx_rates') as landed
cross join range(8) as days (number)
qualify row_number() over (
    partition by upper(trim(landed.currency)), cast(landed.rate_date + days.number * interval 1 day as date)
    order by landed.rate_date desc, _load_id desc, _source_row desc
) = 1
union all
select 'USD', cast(day as date), 1
from range(date '2020-01-01', (select as_of_date + interval 2 year from as_of), interval 1 day) as days (day);

---------------------------------------------------------------------------------------------------- bill lines

-- Lines of cost, cut at months; what is billed for days to come is not cost yet.
create temp table bill_lines as
with newest as (
    select
        bill_id, component, kind, amount, upper(currency) as currency, period_start,
        greatest(period_end, period_start + 1) as period_end,
        lower(trim(provider)) as provider,
        trim(model) as model,
        customer_id, feature
    from reference('ai_bills')
    qualify row_number() over (partition by bill_id order by _load_id desc, _source_row desc) = 1
),
pieces as (
    select
        *,
        unnest(range(date_trunc('month', period_start), cast(period_end as timestamp), interval 1 month)) as month,
        greatest(cast(month as date), period_start) as from_date,
        least(cast(month + interval 1 month as date), period_end) as to_date,
        share(amount, to_date - from_date, period_end - period_start) as part
    from newest
),
priced as (
    select
        pieces.*,
        least(to_date, greatest(from_date, as_of_date + 1)) as recognised_to_date,
        -- The last piece takes the rounding.
        converted(
            case when to_date < period_end then part else money(
                amount - coalesce(sum(part) filter (to_date < period_end) over (partition by bill_id), 0)) end,
            usd_per_unit
        ) as billed_usd
    from pieces
    cross join as_of
    inner join rates
        on pieces.currency = rates.currency and rates.rate_date = least(period_end - 1, as_of_date)
)
select
    row_number() over () as line_id,
    cast(month as date) as month_date,
    from_date, recognised_to_date,
    recognised_to_date - from_date as day_count,
    component, kind,
    priced.provider,
    coalesce(aliases.resolved_provider, priced.provider) as resolved_provider,
    model,
    coalesce(lower(model), 'all') as model_tag,
    coalesce(resolved_customer_id, priced.customer_id) as customer_id,
    feature,
    share(billed_usd, recognised_to_date - from_date, to_date - from_date) as recognised_usd
from priced
left join reference('provider_aliases') as aliases on priced.provider = aliases.provider
left join customers_resolved on priced.customer_id = customers_resolved.customer_id
where kind in ('usage', 'commitment', 'adjustment') and recognised_to_date > from_date;

create temp table bill_days as
select
    *, cast(unnest(range(cast(from_date as timestamp), cast(recognised_to_date as timestamp), interval 1 day)) as date)
        as usage_date
from bill_lines;

---------------------------------------------------------------------------------------------------- usage and drivers

create temp table usage_rows as
with gpu_use as (
    select
        usage_date, customer_id, product_id, team, feature, use_case, workflow, step, call_type, provider, model,
        resolved_provider, resolved_model, model_tier, service_tier, context_tier,
        sum(calls.gpu_seconds) as gpu_seconds
    from marts.fct_inference_calls as calls
    where resolved_provider = 'self_hosted' and not is_response_cache_hit
    group by all
)
select
    row_number() over () as row_id,
    * exclude (gpu_compute_cost_usd, vector_db_cost_usd, fine_tuning_cost_usd, other_ai_cost_usd),
    month_of(usage_date) as month_date,
    uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens
        as answered_tokens,
    call_count - response_cache_hit_count as answered_calls
from marts.fct_usage_daily
natural left join gpu_use;

drop table marts.fct_usage_daily;

---------------------------------------------------------------------------------------------------- true-up

-- The bills that a model's calls of a month belong to: those tagged with its name, else the untagged ones. Without a
-- bill for embeddings the provider's other lines cover them too.
create temp table models_billed as
with tags as (
    select distinct month_date, resolved_provider, component, model_tag
    from bill_lines
    where component in ('llm_api', 'embedding')
),
models as (
    select distinct month_date, resolved_provider, model, resolved_model from usage_rows
),
grouped as (
    select
        models.*,
        (month_date, resolved_provider) in (
            select (month_date, resolved_provider) from tags where component = 'embedding') as has_embedding_bill
    from models
)
select
    grouped.*,
    case when has_embedding_bill then 'embedding' else 'llm_api' end as embedding_group,
    coalesce(max(model_tag) filter (component = 'llm_api' and model_tag = lower(model)),
        max(model_tag) filter (component = 'llm_api'), 'all') as llm_api_tag,
    coalesce(max(model_tag) filter (component = embedding_group and model_tag = lower(model)),
        max(model_tag) filter (component = embedding_group), 'all') as embedding_tag
from grouped
left join tags
    on grouped.month_date = tags.month_date
    and grouped.resolved_provider = tags.resolved_provider
    and tags.model_tag in (lower(model), lower(resolved_model))
group by all;

create temp table covered_days as
select distinct month_date, resolved_provider, component, model_tag, usage_date
from bill_days
where component in ('llm_api', 'embedding');

-- Where the provider's own count holds over 1 % more tokens than our logs of those days: spend that they did not see.
create temp table usage_gaps as
with reported as (
    select
        cast(start_time as date) as usage_date,
        month_of(start_time) as month_date,
        coalesce(bill_lines.model_tag, 'all') as model_tag,
        coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as tokens
    from (
        select * from reference('openai_usage')
        where end_time = start_time + interval 1 day
        qualify _load_id = max(_load_id) over (partition by start_time, object)
    ) as usage
    left join (
        select distinct month_date, model_tag from bill_lines
        where resolved_provider = 'openai' and component in ('llm_api', 'embedding')
    ) as bill_lines
        on month_of(start_time) = bill_lines.month_date and lower(trim(usage.model)) = bill_lines.model_tag
),
logged as (
    select usage_rows.month_date, llm_api_tag as model_tag, sum(answered_tokens) as tokens
    from usage_rows
    inner join models_billed using (month_date, resolved_provider, model, resolved_model)
    where resolved_provider = 'openai' and usage_date in (select usage_date from reported)
    group by all
)
select month_date, 'openai' as resolved_provider, model_tag
from (select month_date, model_tag, sum(tokens) as tokens from reported group by all) as reported
left join logged using (month_date, model_tag)
where reported.tokens > coalesce(logged.tokens, 0) * 1.01;

create temp table true_ups as
with computed as (
    select
        key.month_date, key.resolved_provider, key.component, key.model_tag,
        total(key.cost) as computed_usd
    from (
        select month_date, resolved_provider, 'llm_api' as component, llm_api_tag as model_tag, usage_date,
            llm_api_cost_usd + prompt_cache_cost_usd as cost
        from usage_rows
        inner join models_billed using (month_date, resolved_provider, model, resolved_model)
        union all
        select month_date, resolved_provider, embedding_group, embedding_tag, usage_date, embedding_cost_usd
        from usage_rows
        inner join models_billed using (month_date, resolved_provider, model, resolved_model)
        where embedding_cost_usd <> 0
    ) as key
    inner join covered_days using (month_date, resolved_provider, component, model_tag, usage_date)
    group by all
),
billed as (
    select
        month_date, resolved_provider, component, model_tag,
        min(provider) as provider, min(model) as model,
        total(recognised_usd) as billed_usd,
        total_of(recognised_usd, kind = 'usage') as usage_usd
    from bill_lines
    where component in ('llm_api', 'embedding')
    group by all
),
compared as (
    select
        billed.*,
        coalesce(computed_usd, 0) as computed_usd,
        abs(billed_usd - computed_usd) <= 0.005 * abs(billed_usd)
            or abs(usage_usd - computed_usd) <= 0.005 * abs(usage_usd) as is_explained,
        (month_date, resolved_provider, model_tag) in (
            select (month_date, resolved_provider, model_tag) from usage_gaps) as has_gap
    from billed
    left join computed using (month_date, resolved_provider, component, model_tag)
)
select
    *,
    case
        when computed_usd = 0 or has_gap and not is_explained then 'as_computed'
        when billed_usd > computed_usd * 1.25 then 'capped'
        else 'as_billed'
    end as factor,
    picos(billed_usd) as billed_picos,
    picos(computed_usd) as computed_picos,
    money(case factor
        when 'as_computed' then billed_usd - computed_usd
        when 'capped' then billed_usd - money(computed_usd * 1.25)
        else 0
    end) as unattributed_usd
from compared;

create temp table true_up_days as
select * from true_ups inner join covered_days using (month_date, resolved_provider, component, model_tag);

-- The same by the names of calls; `is_llm` calls and the others may be on different bills.
create temp table true_ups_of_models as
select
    models_billed.resolved_provider, models_billed.model, resolved_model, is_llm, usage_date,
    factor, billed_picos, computed_picos
from models_billed
cross join (values (true), (false)) as kinds (is_llm)
inner join true_up_days
    on models_billed.month_date = true_up_days.month_date
    and models_billed.resolved_provider = true_up_days.resolved_provider
    and true_up_days.component = case when is_llm then 'llm_api' else embedding_group end
    and true_up_days.model_tag = case when is_llm then llm_api_tag else embedding_tag end;

create temp macro is_llm_call(call_type) as counts_as_inference(call_type) or call_type = 'moderation';

create temp macro trued_up(computed, factor, billed_picos, total_picos) as
    case
        when computed = 0 then money(0)
        when factor = 'as_billed' then in_dollars(part_of_picos(billed_picos, picos(computed), total_picos))
        when factor = 'capped' then money(computed * 1.25)
        else money(computed)
    end;

---------------------------------------------------------------------------------------------------- shared bills

create temp table shared_lines as
with scopes as (
    select
        usage_date, resolved_provider, lower(model) as model, lower(resolved_model) as resolved_model, customer_id,
        feature,
        cast(sum(gpu_seconds) as decimal(28, 6)) as gpu_seconds,
        sum(answered_tokens) as tokens,
        sum(answered_calls) as calls,
        sum(answered_calls) filter (call_type = 'retrieval') as retrievals,
        sum(served_inference_count) as inferences
    from usage_rows
    group by all
),
totals as (
    select
        line_id,
        coalesce(sum(gpu_seconds), 0) as gpu_seconds,
        coalesce(sum(tokens), 0) as tokens,
        coalesce(sum(calls), 0) as calls,
        coalesce(sum(retrievals), 0) as retrievals,
        coalesce(sum(inferences), 0) as inferences
    from bill_days as days
    inner join scopes
        on days.usage_date = scopes.usage_date
        and (days.component <> 'gpu_compute' or scopes.resolved_provider = 'self_hosted')
        and days.model_tag in ('all', scopes.model, scopes.resolved_model)
        and (days.customer_id is null or days.customer_id = scopes.customer_id)
        and (days.feature is null or days.feature = scopes.feature)
    where component in ('gpu_compute', 'vector_db', 'other_ai', 'other_cogs')
    group by line_id
)
select
    bill_lines.*,
    case
        when component = 'gpu_compute' and gpu_seconds > 0 then 'gpu_seconds'
        when component = 'gpu_compute' and tokens > 0 then 'tokens'
        when component = 'gpu_compute' and calls > 0 then 'calls'
        when component = 'vector_db' and retrievals > 0 then 'retrievals'
        when component <> 'gpu_compute' and inferences > 0 then 'inferences'
    end as driver,
    micros(case driver
        when 'gpu_seconds' then gpu_seconds
        when 'tokens' then tokens
        when 'calls' then calls
        when 'retrievals' then retrievals
        when 'inferences' then inferences
    end) as driver_total
from bill_lines
left join totals using (line_id)
where component in ('gpu_compute', 'vector_db', 'other_ai', 'other_cogs');

create temp table shared_days as
select shared_lines.*, usage_date
from shared_lines
inner join (select line_id, usage_date from bill_days) using (line_id)
where driver is not null;

create temp table shared_parts as
select
    row_id,
    component,
    total(share(recognised_usd, case driver
        when 'gpu_seconds' then micros(gpu_seconds)
        when 'tokens' then micros(answered_tokens)
        when 'inferences' then micros(served_inference_count)
        else micros(answered_calls)
    end, driver_total)) as cost_usd
from shared_days as days
inner join usage_rows
    on days.usage_date = usage_rows.usage_date
    and (component <> 'gpu_compute' or usage_rows.resolved_provider = 'self_hosted')
    and days.model_tag in ('all', lower(usage_rows.model), lower(usage_rows.resolved_model))
    and (days.customer_id is null or days.customer_id = usage_rows.customer_id)
    and (days.feature is null or days.feature = usage_rows.feature)
where case driver
    when 'gpu_seconds' then gpu_seconds > 0
    when 'retrievals' then call_type = 'retrieval' and answered_calls > 0
    when 'inferences' then served_inference_count > 0
    else answered_calls > 0
end
group by all;

---------------------------------------------------------------------------------------------------- training jobs

create temp table training_jobs as
select
    job_id,
    lower(trim(jobs.provider)) as provider,
    coalesce(aliases.resolved_provider, lower(trim(jobs.provider))) as resolved_provider,
    trim(model) as model,
    month_of(completed_at) as month_date,
    cast(completed_at as date) as from_date,
    cast(cast(completed_at as date) + amortisation_months * interval 1 month as date) as to_date,
    expected_inferences,
    converted(cost, usd_per_unit) as cost_usd,
    share(cost_usd, 1, expected_inferences) as rate_usd
from reference('finetuning_jobs') as jobs
inner join rates on upper(jobs.currency) = rates.currency and cast(completed_at as date) = rates.rate_date
left join reference('provider_aliases') as aliases on lower(trim(jobs.provider)) = aliases.provider
qualify row_number() over (partition by job_id order by _load_id desc, _source_row desc) = 1;

-- The rate, by time, until the cost is used up; the last expected inference pays the rest.
create temp table trained_calls as
with ranked as (
    select
        jobs.job_id, jobs.cost_usd, jobs.rate_usd, jobs.expected_inferences,
        calls.*,
        row_number() over (partition by jobs.job_id order by requested_at, call_id) as paying_rank
    from (
        select * from marts.fct_inference_calls
        where is_successful
            and (lower(model) in (select lower(model) from training_jobs)
                or lower(resolved_model) in (select lower(model) from training_jobs))
    ) as calls
    inner join training_jobs as jobs
        on lower(jobs.model) in (lower(calls.model), lower(calls.resolved_model))
        and usage_date >= from_date
        and usage_date < to_date
)
select
    * exclude (cost_usd, rate_usd),
    money(case
        when paying_rank = expected_inferences then cost_usd - (paying_rank - 1) * rate_usd
        else least(rate_usd, cost_usd - (paying_rank - 1) * rate_usd)
    end) as fine_tuning_cost_usd
from ranked
where paying_rank <= expected_inferences and cost_usd > (paying_rank - 1) * rate_usd;

---------------------------------------------------------------------------------------------------- the daily fact

-- Billed money that no call carries, evenly over its days.
create temp table unattributed_days as
select
    component, usage_date, provider, resolved_provider, model,
    null as customer_id, null as feature,
    share(unattributed_usd, 1, count(*) over (partition by month_date, resolved_provider, component, model_tag))
        as cost_usd,
    'trued_up' as cost_status
from true_up_days
where unattributed_usd <> 0
union all
select
    component, usage_date, provider, resolved_provider, model,
    -- The bill of a training is never a customer's.
    case when component <> 'fine_tuning' then customer_id end, feature,
    share(recognised_usd, 1, day_count), 'billed'
from bill_days
where line_id in (select line_id from shared_lines where driver is null)
    or component = 'fine_tuning' and not exists (
        from training_jobs as jobs
        where jobs.month_date = bill_days.month_date
            and (jobs.resolved_provider is null or jobs.resolved_provider = bill_days.resolved_provider))
union all
select
    'fine_tuning', to_date - 1, provider, resolved_provider, model, null, null,
    money(cost_usd - coalesce(charged_usd, 0)) as left_usd, 'billed'
from training_jobs
left join (select job_id, sum(fine_tuning_cost_usd) as charged_usd from trained_calls group by all) using (job_id)
where to_date - 1 <= (select as_of_date from as_of) and left_usd <> 0;

create temp table row_costs as
with parts as (
    select row_id, component, cost_usd from shared_parts where component <> 'other_cogs'
    union all
    select row_id, 'fine_tuning', fine_tuning_cost_usd
    from trained_calls
    inner join usage_rows using (usage_date, customer_id, product_id, team, feature, use_case, workflow, step,
        call_type, provider, model, resolved_provider, resolved_model, model_tier, service_tier, context_tier)
)
select
    row_id,
    total_of(cost_usd, component = 'gpu_compute') as gpu_compute_cost_usd,
    total_of(cost_usd, component = 'vector_db') as vector_db_cost_usd,
    total_of(cost_usd, component = 'fine_tuning') as fine_tuning_cost_usd,
    total_of(cost_usd, component = 'other_ai') as other_ai_cost_usd,
    bool_or(component <> 'fine_tuning') as has_bill_share
from parts
group by row_id;

create table marts.fct_usage_daily as
with effective as (
    select
        usage_rows.* exclude (row_id, month_date, gpu_seconds, answered_tokens, answered_calls, inference_cost_usd,
            ai_cost_usd, cost_status)
        replace (
            trued_up(llm_api_cost_usd, factor, billed_picos, computed_picos) as llm_api_cost_usd,
            trued_up(prompt_cache_cost_usd, factor, billed_picos, computed_picos) as prompt_cache_cost_usd,
            trued_up(embedding_cost_usd, factor, billed_picos, computed_picos) as embedding_cost_usd
        ),
        coalesce(gpu_compute_cost_usd, 0) as gpu_compute_cost_usd,
        coalesce(vector_db_cost_usd, 0) as vector_db_cost_usd,
        coalesce(fine_tuning_cost_usd, 0) as fine_tuning_cost_usd,
        coalesce(other_ai_cost_usd, 0) as other_ai_cost_usd,
        case
            when factor is null and usage_rows.computed_cost_usd <> 0 then 'estimated'
            when has_bill_share then 'billed'
            when factor is not null then 'trued_up'
            else 'estimated'
        end as cost_status
    from usage_rows
    left join true_ups_of_models as true_ups
        on usage_rows.usage_date = true_ups.usage_date
        and usage_rows.resolved_provider = true_ups.resolved_provider
        and usage_rows.model = true_ups.model
        and usage_rows.resolved_model = true_ups.resolved_model
        and is_llm_call(usage_rows.call_type) = true_ups.is_llm
    left join row_costs using (row_id)
),
unattributed as (
    select
        usage_date,
        coalesce(customer_id, 'unattributed') as customer_id,
        coalesce(feature, 'unattributed') as feature,
        provider, resolved_provider,
        coalesce(model, 'unattributed') as model,
        coalesce(model, 'unattributed') as resolved_model,
        total_of(cost_usd, component = 'llm_api') as llm_api_cost_usd,
        total_of(cost_usd, component = 'embedding') as embedding_cost_usd,
        total_of(cost_usd, component = 'gpu_compute') as gpu_compute_cost_usd,
        total_of(cost_usd, component = 'vector_db') as vector_db_cost_usd,
        total_of(cost_usd, component = 'fine_tuning') as fine_tuning_cost_usd,
        total_of(cost_usd, component = 'other_ai') as other_ai_cost_usd,
        min(cost_status) as cost_status
    from unattributed_days
    where component <> 'other_cogs'
    group by all
),
both_kinds as (
    select * from effective
    union all by name
    select * from unattributed
)
select
    columns('.*_date'),
    coalesce(columns('customer_id|product_id|team|feature|use_case|workflow|step|call_type|provider|model|'
        'resolved_provider|resolved_model|model_tier|service_tier|context_tier'), 'unattributed'),
    coalesce(columns('.*_(count|tokens)'), 0),
    money(coalesce(columns('.*_usd'), 0)),
    money(llm_api_cost_usd + coalesce(prompt_cache_cost_usd, 0) + embedding_cost_usd + gpu_compute_cost_usd
        + vector_db_cost_usd + other_ai_cost_usd) as inference_cost_usd,
    money(inference_cost_usd + fine_tuning_cost_usd) as ai_cost_usd,
    cost_status
from both_kinds;

---------------------------------------------------------------------------------------------------- cost of one call

-- Lines shared over inferences or retrievals cost each of a day the same; such a line is tagged with a feature at most.
create temp table shares_by_day as
select
    usage_date, driver, feature,
    total_of(share(recognised_usd, 1000000, driver_total), component = 'vector_db') as vector_db_usd,
    total_of(share(recognised_usd, 1000000, driver_total), component = 'other_ai') as other_ai_usd
from shared_days
where component in ('vector_db', 'other_ai')
group by all;

create temp macro call_driver(is_successful, call_type) as
    case when is_successful then 'inferences' when call_type = 'retrieval' then 'retrievals' end;

create temp table shares_of_gpus as
select call_id, total(share(recognised_usd, case driver
        when 'gpu_seconds' then micros(gpu_seconds)
        when 'tokens' then 1000000 * (uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens
            + cache_write_1h_tokens + output_tokens)
        else 1000000
    end, driver_total)) as gpu_compute_usd
from marts.fct_inference_calls as calls
inner join (from shared_days where component = 'gpu_compute') as days using (usage_date)
where calls.resolved_provider = 'self_hosted'
    and not is_response_cache_hit
    and (driver <> 'gpu_seconds' or gpu_seconds > 0)
group by call_id;

create table marts.fct_inference_costs as
with costed as (
    select
        call_id,
        case
            when not counts_as_inference(call_type) then null
            when step = 'unattributed' then replace(request_id, '/', '//')
            else replace(request_id, '/', '//') || ' / ' || step
        end as inference_id,
        calls.usage_date,
        pricing_status <> 'unpriced' as is_priced,
        case when is_llm_call(call_type) then uncached_input_cost_usd + output_cost_usd + request_fee_usd end
            as tokens_usd,
        case when is_llm_call(call_type) then cache_read_cost_usd + cache_write_cost_usd end as cached_usd,
        case when not is_llm_call(call_type) then computed_cost_usd end as embedded_usd,
        trued_up(coalesce(tokens_usd, 0), factor, billed_picos, computed_picos) as llm_api_usd,
        trued_up(coalesce(cached_usd, 0), factor, billed_picos, computed_picos) as prompt_cache_usd,
        trued_up(coalesce(embedded_usd, 0), factor, billed_picos, computed_picos) as embedding_usd,
        money(coalesce(gpu_compute_usd, 0)) as gpu_compute_cost_usd,
        money(coalesce(everywhere.vector_db_usd, 0) + coalesce(featured.vector_db_usd, 0)) as vector_db_cost_usd,
        money(coalesce(trained.fine_tuning_cost_usd, 0)) as fine_tuning_cost_usd,
        money(coalesce(everywhere.other_ai_usd, 0) + coalesce(featured.other_ai_usd, 0)) as other_ai_cost_usd,
        coalesce(shares_of_gpus.call_id, everywhere.driver, featured.driver) is not null as has_bill_share,
        case
            when not is_priced or factor is null and computed_cost_usd <> 0 then 'estimated'
            when has_bill_share then 'billed'
            when factor is not null then 'trued_up'
            else 'estimated'
        end as cost_status
    from marts.fct_inference_calls as calls
    left join true_ups_of_models as true_ups
        on calls.usage_date = true_ups.usage_date
        and calls.resolved_provider = true_ups.resolved_provider
        and calls.model = true_ups.model
        and calls.resolved_model = true_ups.resolved_model
        and is_llm_call(call_type) = true_ups.is_llm
    left join shares_by_day as everywhere
        on calls.usage_date = everywhere.usage_date
        and everywhere.feature is null
        and not is_response_cache_hit
        and everywhere.driver = call_driver(is_successful, call_type)
    left join shares_by_day as featured
        on calls.usage_date = featured.usage_date
        and calls.feature = featured.feature
        and not is_response_cache_hit
        and featured.driver = call_driver(is_successful, call_type)
    left join shares_of_gpus using (call_id)
    left join (select call_id, sum(fine_tuning_cost_usd) as fine_tuning_cost_usd from trained_calls group by all)
        as trained using (call_id)
)
select
    call_id, inference_id, usage_date,
    -- What has no price is not free, while it may carry its share of bills.
    case when is_priced then llm_api_usd end as llm_api_cost_usd,
    case when is_priced then prompt_cache_usd end as prompt_cache_cost_usd,
    case when is_priced then embedding_usd end as embedding_cost_usd,
    gpu_compute_cost_usd, vector_db_cost_usd, fine_tuning_cost_usd, other_ai_cost_usd,
    money(llm_api_usd + prompt_cache_usd + embedding_usd + gpu_compute_cost_usd + vector_db_cost_usd
        + other_ai_cost_usd) as inference_cost_usd,
    money(inference_cost_usd + fine_tuning_cost_usd) as ai_cost_usd,
    cost_status
from costed;

---------------------------------------------------------------------------------------------------- revenue lines

create temp macro newest(name) as table
    select * from reference(name) as landed
    qualify row_number() over (partition by id order by _load_id desc, _source_row desc) = 1;

-- The customer behind each one of Stripe: by the key in its metadata, else by the CRM's Stripe id, else itself.
create temp table payers as
with named as (
    select id, metadata ->> 'customer_id' as key, name from newest('stripe_customers') where coalesce(livemode, true)
    union all
    select customer_id, null, null from newest('stripe_invoices') where coalesce(livemode, true)
    union all
    select customer_id, null, null from newest('stripe_charges')
    where customer_id is not null and coalesce(livemode, true)
    union all
    select customer_id, null, null from newest('stripe_subscriptions')
),
claims as (
    select stripe_customer_id, customer_id from accounts
    where stripe_customer_id is not null
    qualify row_number() over (
        partition by stripe_customer_id
        order by updated_at desc nulls last, _load_id desc, _source_row desc, customer_id
    ) = 1
)
select
    id as stripe_customer_id,
    max(name) as customer_name,
    word(coalesce(max(resolved_customer_id), coalesce(max(key), max(claims.customer_id), id))) as customer_id
from named
left join claims on named.id = claims.stripe_customer_id
left join customers_resolved on coalesce(named.key, claims.customer_id, named.id) = customers_resolved.customer_id
group by id;

create temp table prices_billed as
select
    id as price_id, product_id, meter, nickname as plan, upper(currency) as price_currency,
    coalesce(unit_amount_decimal, unit_amount) as unit_minor,
    case recurring_interval when 'year' then 12 when 'month' then 1 end * coalesce(recurring_interval_count, 1)
        as interval_months,
    recurring_interval is not null as is_recurring,
    case when is_recurring then coalesce(recurring_usage_type, 'licensed') end as usage_type
from newest('stripe_prices');

-- Invoices that count: finalised and live; a voided one only where it says since when.
create temp table invoices_counted as
select
    id as invoice_id, subscription_id as invoice_subscription_id, status, total,
    coalesce(payers.customer_id, 'unattributed') as customer_id,
    payers.stripe_customer_id,
    upper(currency) as currency,
    cast(created as date) as created_date,
    cast(coalesce(finalized_at, created) as date) as invoiced_date,
    coalesce(tax, total - total_excluding_tax, 0) as tax,
    coalesce(total - tax, total_excluding_tax, total) as untaxed,
    cast(voided_at as date) as voided_date,
    cast(marked_uncollectible_at as date) as uncollectible_date
from newest('stripe_invoices') as invoices
left join payers on invoices.customer_id = payers.stripe_customer_id
where coalesce(livemode, true)
    and (status in ('open', 'paid', 'uncollectible') or status = 'void' and voided_at is not null);

create temp table charges_paid as
select
    charges.*,
    invoice_id is null or invoice_id not in (
        select id from reference('stripe_invoices')
        union all
        select line.invoice_id from reference('stripe_invoice_line_items') as line) as is_own_revenue
from newest('stripe_charges') as charges
where status = 'succeeded' and coalesce(captured, true) and coalesce(livemode, true);

-- What prepaid credits settled of each invoice: the part that was paid for, and the promotional rest.
create temp table credits_used as
select
    used.invoice_id, used.credit_grant_id, grants.invoice_id as grant_invoice_id,
    cast(min(used.created) as date) as used_date,
    sum(case used.type when 'credit' then -used.amount else used.amount end) as applied,
    case
        when max(grants.category) = 'promotional' then 0
        when max(bought.untaxed) between 0 and max(grants.amount)
            then cast(round(share(applied, max(bought.untaxed), max(grants.amount))) as bigint)
        else applied
    end as paid
from newest('stripe_credit_balance_transactions') as used
left join newest('stripe_credit_grants') as grants on used.credit_grant_id = grants.id
left join invoices_counted as bought on grants.invoice_id = bought.invoice_id
where used.invoice_id is not null and grants.invoice_id is distinct from used.invoice_id
group by all;

-- Everything that is recognised by itself: lines of invoices, charges without an invoice, and accruals.
create temp table revenue_lines as
with credits as (
    select invoice_id, sum(applied) as applied, sum(applied - paid) as promotional from credits_used group by all
),
landed as (
    select
        lines.*,
        amount - case when amount > 0 then coalesce(discount_amount, 0) else 0 end as gross
    from reference('stripe_invoice_line_items') as lines
    qualify row_number() over (partition by invoice_id, id order by _load_id desc, _source_row desc) = 1
),
running as (
    select
        landed.* exclude (currency, product_id),
        invoices.* exclude (invoice_id),
        coalesce(landed.product_id, prices.product_id) as product_id,
        prices.plan, prices.meter, prices.usage_type, prices.is_recurring as is_price_recurring, prices.interval_months,
        case when prices.price_currency = invoices.currency then prices.unit_minor end as unit_minor,
        coalesce(landed.subscription_id, invoices.invoice_subscription_id) as billed_subscription_id,
        coalesce(applied, 0) as applied,
        coalesce(promotional, 0) as promotional,
        sum(gross) over invoice as invoice_gross,
        max(tax_amount) over invoice is not null as states_tax,
        -- Credits settle metered use; on an invoice without any, whatever is charged.
        case
            when bool_or(coalesce(prices.usage_type, '') = 'metered') over invoice
                and coalesce(prices.usage_type, '') <> 'metered' then 0
            else greatest(gross, 0)
        end as creditable
    from landed
    inner join invoices_counted as invoices on landed.invoice_id = invoices.invoice_id
    left join prices_billed as prices on landed.price_id = prices.price_id
    left join credits on landed.invoice_id = credits.invoice_id
    window invoice as (partition by landed.invoice_id)
),
netted as (
    select
        *,
        sum(gross) over so_far as gross_so_far,
        sum(creditable) over so_far as creditable_so_far,
        sum(creditable) over (partition by invoice_id) as invoice_creditable,
        money(case
            when invoice_gross - applied = untaxed then gross
            when states_tax then gross - coalesce(tax_amount, 0)
            -- Tax is inside: each line's part of it, rounded so that the parts make the invoice.
            when invoice_gross - applied = total and tax > 0 then
                round(share(gross_so_far, untaxed + applied, invoice_gross), 9)
                - round(share(gross_so_far - gross, untaxed + applied, invoice_gross), 9)
            else gross
        end) as untaxed_line,
        money(case
            when invoice_creditable = 0 then 0
            else round(share(promotional, creditable_so_far, invoice_creditable), 9)
                - round(share(promotional, creditable_so_far - creditable, invoice_creditable), 9)
        end) as promotional_line
    from running
    window so_far as (
        partition by invoice_id order by invoice_id || ':' || id rows between unbounded preceding and current row)
),
grants as (
    select invoice_id, max(coalesce(cast(expires_at as date), date '9999-12-30')) as expired_date
    from newest('stripe_credit_grants')
    where coalesce(category, 'paid') = 'paid' and invoice_id is not null
    group by all
),
dated as (
    select
        netted.invoice_id || ':' || id as line_key, netted.invoice_id, 'line' as line_kind, status, customer_id,
        stripe_customer_id, product_id, price_id, plan, meter, usage_type, netted.currency, created_date, invoiced_date,
        invoiced_date as rate_date,
        period_start, period_end, amount, quantity, interval_months, billed_subscription_id as subscription_id,
        share(unit_minor, 1, power(10, exponent)) as unit_amount,
        money(untaxed_line - promotional_line) as net_minor,
        coalesce(case
            when is_price_recurring then true
            when price_id is not null then type = 'subscription'
            else (type = 'subscription' or subscription_id is not null) and period_end > period_start
        end, false) as is_recurring,
        case when not is_recurring then expired_date end as expired_date
    from netted
    inner join reference('currency_exponents') as exponents on netted.currency = exponents.currency
    left join grants on netted.invoice_id = grants.invoice_id
    union all by name
    select
        id as line_key, id as invoice_id, 'charge' as line_kind, 'paid' as status,
        coalesce(payers.customer_id, 'unattributed') as customer_id,
        charges.metadata ->> 'product_id' as product_id,
        upper(coalesce(currency, 'USD')) as currency,
        cast(created as date) as created_date, cast(created as date) as invoiced_date,
        cast(created as date) as rate_date,
        amount as net_minor, false as is_recurring
    from charges_paid as charges
    left join payers on charges.customer_id = payers.stripe_customer_id
    where is_own_revenue
),
billed as (
    select
        dated.*,
        share(net_minor, 1, power(10, exponent)) as net_amount,
        expired_date is null and coalesce(period_end > period_start, false) as has_period
    from dated
    inner join reference('currency_exponents') as exponents on dated.currency = exponents.currency
),
accrued as (
    -- Used and not invoiced: revenue until a line that bills it is landed.
    select
        'accrual:' || coalesce(accrual_id, concat_ws('|', customer_id, coalesce(product_id, ''), period_start,
            upper(currency))) as line_key,
        word(coalesce(resolved_customer_id, payers.customer_id, accruals.customer_id)) as customer_id,
        product_id, upper(currency) as currency, period_start, period_end, amount as net_amount
    from reference('revenue_accruals') as accruals
    left join customers_resolved using (customer_id)
    left join payers on accruals.customer_id = payers.stripe_customer_id
    qualify row_number() over (
        partition by line_key order by updated_at desc nulls last, _load_id desc, _source_row desc) = 1
),
entries as (
    select * exclude (net_minor) from billed
    union all by name
    select
        accrued.*, line_key as invoice_id, 'accrual' as line_kind, 'accrued' as status, 'metered' as usage_type,
        false as is_recurring, true as has_period,
        least(cast(period_end - interval 1 second as date), (select as_of_date from as_of)) as rate_date
    from accrued
    where not exists (
        from billed
        where line_kind = 'line' and coalesce(usage_type, '') <> 'licensed'
            and billed.customer_id = accrued.customer_id
            and coalesce(accrued.product_id, billed.product_id) is not distinct from billed.product_id
            and accrued.period_end > coalesce(billed.period_start, billed.invoiced_date)
            and (accrued.period_start < coalesce(billed.period_end, billed.invoiced_date)
                or accrued.period_start = coalesce(billed.period_start, billed.invoiced_date)))
)
select
    entries.* replace (word(product_id) as product_id),
    -- What has no period is served on one day: of its invoice, for credits bought ahead the day they expire.
    case
        when has_period then period_start
        else coalesce(expired_date, invoiced_date, cast(period_start as date))
    end as served_from,
    case when has_period then period_end else served_from + interval 1 day end as served_to,
    cast(served_from as date) as first_day,
    cast(epoch(served_to) - epoch(served_from) as bigint) as seconds,
    cast(epoch(served_from) - epoch(cast(first_day as timestamp)) as bigint) as skipped,
    usd_per_unit,
    converted(net_amount, usd_per_unit) as net_usd
from entries
inner join rates on entries.currency = rates.currency and entries.rate_date = rates.rate_date;

---------------------------------------------------------------------------------------------------- reductions

-- What takes money of an invoice back, in the order it happened, and what is left of its lines afterwards. A refund is
-- covered by the notes of its invoice, up to their amount.
create temp table lines_left as
with notes as (
    select *, cast(created as date) as note_date from newest('stripe_credit_notes')
    where coalesce(livemode, true) and coalesce(status, 'issued') = 'issued'
),
refunds as (
    select
        refunds.id, charges.id as charge_id, cast(refunds.created as date) as event_date,
        greatest(refunds.amount - coalesce(sum(notes.amount) filter (
            coalesce(notes.refund_id, refunds.id) = refunds.id
            and (notes.refund_id is not null
                or notes.note_date <= cast(refunds.created as date) and notes.created >= charges.created)), 0), 0)
            as amount
    from newest('stripe_refunds') as refunds
    inner join charges_paid as charges on refunds.charge_id = charges.id
    left join notes on charges.invoice_id = notes.invoice_id
    where refunds.status = 'succeeded' and coalesce(refunds.livemode, true)
    group by refunds.id, charges.id, refunds.created, refunds.amount
),
taken_back as (
    select * from refunds
    union all
    select id, charge_id, cast(coalesce(funds_withdrawn_at, created) as date), amount
    from newest('stripe_disputes')
    where coalesce(livemode, true) and status in ('lost', 'needs_response', 'under_review')
),
requests as (
    select invoice_id, id, note_date as event_date, false as takes_all,
        coalesce(total_excluding_tax, subtotal, amount) as net_minor
    from notes
    union all
    select coalesce(invoice_id, charges.id), taken_back.id, event_date, false,
        coalesce(share(taken_back.amount, untaxed, total), taken_back.amount)
    from taken_back
    inner join charges_paid as charges on taken_back.charge_id = charges.id
    left join invoices_counted using (invoice_id)
    where taken_back.amount > 0
    union all
    select grant_invoice_id, 'credit:' || credit_grant_id || ':' || invoice_id, used_date, false, paid
    from credits_used
    where grant_invoice_id is not null and paid <> 0
    union all
    select
        invoice_id, '~' || invoice_id,
        case
            when status = 'void' then greatest(voided_date, invoiced_date)
            else greatest(coalesce(uncollectible_date, (
                select max(cast(served_to - interval 1 second as date)) + 1 from revenue_lines
                where revenue_lines.invoice_id = invoices_counted.invoice_id)), invoiced_date)
        end,
        true, 0
    from invoices_counted
    where status in ('void', 'uncollectible')
),
events as (
    select
        lines.line_key,
        lines.net_amount,
        greatest(requests.event_date, lines.invoiced_date) as event_date,
        sum(lines.net_amount) over (partition by lines.invoice_id, requests.id) as invoice_amount,
        sum(share(requests.net_minor, 1, power(10, exponent))) over so_far as reduced_amount,
        money(case
            when bool_or(requests.takes_all) over so_far then 0
            else share(lines.net_amount, picos(greatest(invoice_amount - reduced_amount, 0)), picos(invoice_amount))
        end) as left_amount,
        row_number() over so_far as event_number
    from requests
    inner join revenue_lines as lines using (invoice_id)
    inner join reference('currency_exponents') as exponents on lines.currency = exponents.currency
    window so_far as (
        partition by lines.line_key order by greatest(requests.event_date, lines.invoiced_date), requests.id
        rows between unbounded preceding and current row)
)
select
    *,
    lag(left_amount, 1, net_amount) over (partition by line_key order by event_number) as left_before,
    lead(event_date, 1, date '9999-12-31') over (partition by line_key order by event_number) as to_date
from events;

create temp table line_days as
with used_days as (
    -- Use by day, where the meter says it.
    select
        lines.line_key, cast(summaries.start_time as date) as revenue_date, sum(micros(aggregated_value)) as used
    from revenue_lines as lines
    inner join reference('stripe_meter_event_summaries') as summaries
        on lines.stripe_customer_id = summaries.customer_id
        and lines.meter = coalesce(summaries.meter, lines.meter)
        and summaries.start_time >= lines.period_start
        and summaries.start_time < lines.period_end
    where lines.usage_type = 'metered' and lines.line_kind = 'line' and lines.has_period
    group by all
),
metered as (
    select
        *,
        sum(used) over (partition by line_key order by revenue_date) as used_so_far,
        sum(used) over (partition by line_key) as used_whole
    from used_days
),
numbered as (
    select *, unnest(range(date_diff('day', first_day, served_to - interval 1 second) + 1)) as number
    from revenue_lines
    where line_key not in (select line_key from metered)
),
days as (
    select
        * exclude (number),
        cast(first_day + number * interval 1 day as date) as revenue_date,
        greatest(number * 86400 - skipped, 0) as from_part,
        least((number + 1) * 86400 - skipped, seconds) as to_part,
        seconds as whole
    from numbered
    union all by name
    select
        lines.*, revenue_date, used_so_far - used as from_part, used_so_far as to_part, used_whole as whole
    from revenue_lines as lines
    inner join metered using (line_key)
)
select
    days.*,
    in_dollars(part_of_picos(picos(net_usd), to_part, whole) - part_of_picos(picos(net_usd), from_part, whole))
        as price_usd,
    case
        when lines_left.line_key is null then price_usd
        else in_dollars(part_of_picos(picos(converted(left_amount, usd_per_unit)), to_part, whole)
            - part_of_picos(picos(converted(left_amount, usd_per_unit)), from_part, whole))
    end as revenue_usd
from days
left join lines_left
    on days.line_key = lines_left.line_key
    and revenue_date >= event_date
    and revenue_date < to_date;

---------------------------------------------------------------------------------------------------- revenue by day

create table marts.fct_revenue_daily as
with entries as (
    select revenue_date, customer_id, product_id, revenue_usd from line_days
    union all
    -- What a reduction takes off the days gone by.
    select
        event_date, customer_id, product_id,
        share(converted(left_amount, usd_per_unit), served, seconds)
            - share(converted(left_before, usd_per_unit), served, seconds)
    from (
        select
            *,
            least(greatest(date_diff('day', first_day, event_date) * 86400 - skipped, 0), seconds) as served
        from lines_left
        inner join revenue_lines using (line_key)
    ) as reduced
),
daily as (
    select revenue_date, customer_id, product_id, total(entries.revenue_usd) as revenue_usd
    from entries
    where revenue_date <= (select as_of_date from as_of)
    group by all
)
select
    daily.*,
    money(coalesce(case method
        when 'standalone' then revenue_usd
        when 'premium' then share(revenue_usd, micros(list_price_usd - base_price_usd), micros(list_price_usd))
        when 'uplift' then share(revenue_usd, micros(ai_share), 1000000)
    end, 0)) as ai_revenue_usd
from daily
left join reference('product_ai_share') as shares
    on daily.product_id = shares.product_id
    and revenue_date >= coalesce(valid_from_date, date '0001-01-01')
    and revenue_date < coalesce(valid_to_date, date '9999-12-31')
where revenue_usd <> 0;

---------------------------------------------------------------------------------------------------- plans, customers

-- The plan of a day: the largest licensed price, reductions taken off, else a metered one, on all days of its period.
create temp table plans_billed as
with by_rate as (
    select
        customer_id, revenue_date, coalesce(price_id, product_id) as price_key, product_id, currency, usd_per_unit,
        max(plan) as plan,
        total(revenue_usd) as usd,
        total_of(price_usd, price_usd > 0) as positive_usd
    from line_days
    where is_recurring and coalesce(usage_type, 'licensed') = 'licensed'
    group by all
),
prices as (
    select
        customer_id, revenue_date as plan_date, price_key, product_id, max(plan) as plan, 1 as kind, total(usd) as usd
    from by_rate
    group by customer_id, plan_date, price_key, product_id, currency
    having sum(ratio(usd, usd_per_unit)) > 0.000001
        and sum(ratio(usd, usd_per_unit)) > money(total(ratio(positive_usd, usd_per_unit)) * 0.01)
    union all
    select customer_id, cast(plan_date as date), price_key, product_id, max(plan), 2, total(net_usd)
    from (
        select
            *, coalesce(price_id, product_id) as price_key,
            unnest(range(cast(first_day as timestamp), served_to, interval 1 day)) as plan_date
        from revenue_lines
        where is_recurring and usage_type = 'metered'
    ) as metered
    group by all
)
select customer_id, plan_date, word(coalesce(prices.plan, products.name)) as plan
from prices
left join newest('stripe_products') as products on prices.product_id = products.id
where plan_date <= (select as_of_date from as_of)
qualify row_number() over (partition by customer_id, plan_date order by kind, usd desc, price_key, product_id) = 1;

create temp table paying_days as
with served as (
    select
        customer_id, revenue_date, currency, usd_per_unit,
        total(revenue_usd) as usd,
        total_of(price_usd, price_usd > 0) as positive_usd
    from line_days
    where revenue_date <= (select as_of_date from as_of)
        and (status = 'paid' or status = 'open' and created_date >= (select as_of_date - 30 from as_of))
    group by all
)
select distinct customer_id, revenue_date as paying_date
from served
group by customer_id, revenue_date, currency
having sum(ratio(usd, usd_per_unit)) > 0.000001
    and sum(ratio(usd, usd_per_unit)) > money(total(ratio(positive_usd, usd_per_unit)) * 0.01);

create temp table other_cogs_daily as
select usage_date, customer_id, product_id, total(cost_usd) as other_cogs_usd
from (
    select usage_date, customer_id, product_id, cost_usd from shared_parts
    inner join usage_rows using (row_id)
    where component = 'other_cogs'
    union all
    select usage_date, coalesce(customer_id, 'unattributed'), 'unattributed', cost_usd from unattributed_days
    where component = 'other_cogs'
) as parts
group by all;

create table marts.dim_customers as
with named as (
    select word(customer_id) as customer_id from customers_resolved where resolved_customer_id = customer_id
    union
    select customer_id from marts.fct_usage_daily
    union
    select customer_id from payers
    union
    select customer_id from other_cogs_daily
    union
    select customer_id from revenue_lines
    union
    values ('unattributed'), ('internal')
)
select
    named.customer_id,
    coalesce(accounts.customer_name, payer_names.customer_name, named.customer_id) as customer_name,
    word(segment) as segment,
    coalesce(plans_billed.plan, accounts.plan, 'none') as plan,
    coalesce(accounts.plan, 'none') as crm_plan,
    word(business_model) as business_model,
    word(acquisition_motion) as acquisition_motion,
    word(nullif(lower(trim(acquisition_channel)), '')) as acquisition_channel,
    seats,
    cast(signed_up_at as date) as signed_up_date,
    first_paid_date,
    cast(churned_at as date) as churned_date,
    named.customer_id = 'internal' or coalesce(accounts.is_internal, false) as is_internal,
    accounts.customer_id is not null as is_in_crm
from named
left join accounts on named.customer_id = word(accounts.customer_id)
left join (select customer_id, min(customer_name) as customer_name from payers group by all) as payer_names
    on named.customer_id = payer_names.customer_id
left join plans_billed
    on named.customer_id = plans_billed.customer_id and plan_date = (select as_of_date from as_of)
left join (select customer_id, min(paying_date) as first_paid_date from paying_days group by all) as paid
    on named.customer_id = paid.customer_id;

---------------------------------------------------------------------------------------------------- margins

-- Months in which a metered price that was billed or accrued in one of the two months before was not.
create temp table revenue_gaps as
with present as (
    select distinct customer_id, product_id, cast(month as date) as month_date
    from (
        select
            customer_id, product_id,
            unnest(range(date_trunc('month', served_from), served_to, interval 1 month)) as month
        from revenue_lines
        where usage_type = 'metered' and line_kind in ('line', 'accrual')
    ) as months
)
select distinct customer_id, cast(month_date + later.months * interval 1 month as date) as gap_date
from present
cross join (values (1), (2)) as later (months)
where gap_date <= (select as_of_date from as_of)
    and (customer_id, product_id, gap_date) not in (from present);

create temp table economics_daily as
with entries as (
    select
        usage_date, customer_id, product_id, call_count, successful_inference_count, unpriced_call_count,
        inference_cost_usd, ai_cost_usd, cost_status
    from marts.fct_usage_daily
    union all by name
    select revenue_date as usage_date, * exclude (revenue_date) from marts.fct_revenue_daily
    union all by name
    select * from other_cogs_daily
),
daily as (
    select
        usage_date, customer_id, product_id,
        whole(columns('.*_count')),
        total(columns('.*_usd')),
        case when count(entries.cost_status) > 0 then weakest(entries.cost_status) end as cost_status
    from entries
    group by all
)
select
    daily.*,
    month_of(usage_date) as month_date,
    coalesce(plans_billed.plan, crm_plan) as plan,
    segment, business_model, is_internal, customer_name,
    gap_date is null as is_revenue_complete
from daily
inner join marts.dim_customers as customers on daily.customer_id = customers.customer_id
left join plans_billed on daily.customer_id = plans_billed.customer_id and usage_date = plan_date
left join revenue_gaps on daily.customer_id = revenue_gaps.customer_id and gap_date = month_of(usage_date);

create temp macro inference_margin(ai_revenue, ai_cost) as
    case when ai_revenue > 0 then ratio(ai_revenue - ai_cost, ai_revenue) end;
create temp macro gross_margin(revenue, costs) as case when revenue > 0 then ratio(revenue - costs, revenue) end;

create temp table customer_margins as
with periods as (
    select
        period_grain, cast(date_trunc(period_grain, usage_date) as date) as period_start_date,
        customer_id, customer_name, is_internal,
        whole(columns('.*_count')),
        total(columns('.*_usd')),
        case when count(economics_daily.cost_status) > 0 then weakest(economics_daily.cost_status) end as cost_status,
        bool_and(economics_daily.is_revenue_complete) as is_revenue_complete
    from economics_daily
    cross join (values ('week'), ('month')) as grains (period_grain)
    group by all
)
select
    *,
    money(revenue_usd - ai_cost_usd - other_cogs_usd) as gross_profit_usd,
    ratio(ai_revenue_usd, successful_inference_count) as revenue_per_inference_usd,
    ratio(ai_cost_usd, successful_inference_count) as cost_per_inference_usd,
    inference_margin(ai_revenue_usd, ai_cost_usd) as inference_margin_ratio,
    gross_margin(revenue_usd, ai_cost_usd + other_cogs_usd) as gross_margin_ratio,
    ratio(unpriced_call_count, call_count) as unpriced_ratio,
    coalesce(gross_margin_ratio < 0, false) as has_negative_margin,
    gross_profit_usd < 0 as is_loss_making,
    revenue_usd <= 0 as has_no_revenue,
    is_over(period_start_date + case period_grain when 'week' then interval 7 day else interval 1 month end)
        as is_complete
from periods
where period_start_date <= (select as_of_date from as_of);

create table marts.customer_margins_weekly as
select * exclude (period_grain) from customer_margins where period_grain = 'week';

create table marts.customer_margins_monthly as
select * exclude (period_grain) from customer_margins where period_grain = 'month';

create table marts.gross_margin_monthly as
with summed as (
    select
        month_date as period_start_date,
        case
            when grouping(product_id) = 0 then 'product'
            when grouping(plan) = 0 then 'plan'
            when grouping(segment) = 0 then 'segment'
            when grouping(business_model) = 0 then 'business_model'
            else 'all'
        end as dimension,
        coalesce(product_id, plan, segment, business_model, 'all') as dimension_value,
        whole(columns('.*_count')),
        total(columns('.*_usd')),
        total_of(economics_daily.ai_cost_usd, customer_id = 'unattributed') as unattributed_cost_usd,
        case when count(economics_daily.cost_status) > 0 then weakest(economics_daily.cost_status) end as cost_status,
        bool_and(economics_daily.is_revenue_complete) as is_revenue_complete
    from economics_daily
    where not is_internal
    group by grouping sets (
        (month_date), (month_date, product_id), (month_date, plan), (month_date, segment), (month_date, business_model))
)
select
    * exclude (unattributed_cost_usd),
    money(ai_cost_usd - inference_cost_usd) as fine_tuning_cost_usd,
    money(revenue_usd - ai_cost_usd - other_cogs_usd) as gross_profit_usd,
    inference_margin(ai_revenue_usd, ai_cost_usd) as inference_margin_ratio,
    gross_margin(revenue_usd, ai_cost_usd + other_cogs_usd) as gross_margin_ratio,
    case when revenue_usd > 0 then ratio(inference_cost_usd, revenue_usd) end as inference_cost_to_revenue_ratio,
    ratio(unpriced_call_count, call_count) as unpriced_ratio,
    ratio(unattributed_cost_usd, ai_cost_usd) as unattributed_ratio,
    gross_profit_usd < 0 as is_loss_making,
    is_over(period_start_date + interval 1 month) as is_complete
from summed;

---------------------------------------------------------------------------------------------------- concentration

-- Recurring revenue at the last second of each whole month: unit price × quantity of the licensed lines live then, the
-- newest of each subscription and price. A credit ends the lines of its price that began before it.
create temp table recurring_monthly as
with months as (
    select
        cast(month as date) as month_date,
        cast(month + interval 1 month - interval 1 day as date) as last_date,
        month + interval 1 month - interval 1 second as last_second
    from range((select date_trunc('month', min(first_day)) from revenue_lines),
        (select date_trunc('month', as_of_date + 1) from as_of), interval 1 month) as months (month)
),
live as (
    select
        months.*, lines.line_key, lines.invoice_id, customer_id, lines.price_id, lines.subscription_id, lines.currency,
        served_from, invoiced_date, lines.net_amount, lines.usd_per_unit,
        amount < 0 as is_credit,
        share(unit_amount * lines.quantity,
            case when discount_duration = 'forever' then picos(100 - discount_percent_off) else picos(100) end,
            picos(100) * interval_months) as monthly_amount
    from months
    inner join revenue_lines as lines on last_second >= served_from and last_second < served_to
    left join (select * exclude (customer_id) from newest('stripe_subscriptions')) as subscriptions
        on lines.subscription_id = subscriptions.id
    left join lines_left
        on lines.line_key = lines_left.line_key and last_date >= event_date and last_date < to_date
    where is_recurring and has_period and amount <> 0 and coalesce(usage_type, 'licensed') = 'licensed'
        and (lines.status = 'paid'
            or coalesce(subscriptions.status, '') not in ('unpaid', 'incomplete', 'incomplete_expired'))
        and last_second < coalesce(ended_at, case when subscriptions.status = 'canceled'
            and not coalesce(cancel_at_period_end, false) then canceled_at end, timestamp '9999-12-31')
        and not coalesce(case
            when subscriptions.status = 'trialing' then last_second >= coalesce(trial_start, start_date, served_from)
                and last_second < coalesce(trial_end, timestamp '9999-12-31')
            else last_second >= trial_start and last_second < trial_end
        end, false)
        -- What a reduction of all leaves is cents.
        and coalesce(abs(left_amount) > money(abs(lines.net_amount) * 0.01), true)
),
standing as (
    select *
    from live
    where not is_credit and not exists (
        from live as credits
        where credits.is_credit
            and credits.month_date = live.month_date
            and credits.customer_id = live.customer_id
            and credits.price_id = live.price_id
            and coalesce(credits.subscription_id = live.subscription_id, true)
            and (credits.served_from > live.served_from
                or credits.served_from = live.served_from and credits.invoiced_date > live.invoiced_date))
    qualify rank() over (
        partition by month_date, customer_id, coalesce(subscription_id, customer_id), price_id
        order by served_from desc, invoiced_date desc, invoice_id desc
    ) = 1
),
amounts as (
    select month_date, last_date, customer_id, currency, total(standing.monthly_amount) as monthly_amount
    from standing
    group by all
)
select month_date as period_start_date, customer_id, total(converted(monthly_amount, usd_per_unit)) as mrr_usd
from amounts
inner join rates on amounts.currency = rates.currency and last_date = rate_date
group by all;

create table marts.cost_concentration_monthly as
with margins as (
    select *, call_count > 0 or ai_cost_usd <> 0 as is_counted
    from marts.customer_margins_monthly
    where not is_internal and customer_id <> 'unattributed'
),
totals as (
    select
        period_start_date,
        count(*) filter (is_counted) as all_customer_count,
        sum(successful_inference_count) as all_inference_count,
        sum(revenue_usd) as all_revenue_usd,
        sum(ai_cost_usd) as all_ai_cost_usd,
        bool_and(is_revenue_complete) as is_revenue_complete
    from margins
    group by all
),
ranked as (
    select *, row_number() over (partition by period_start_date order by ai_cost_usd desc, customer_id) as cost_rank
    from margins
    left join recurring_monthly using (period_start_date, customer_id)
    where is_counted
)
select
    period_start_date,
    cast(top_percent as bigint) as top_percent,
    count(*) as customer_count,
    all_customer_count,
    whole(ranked.successful_inference_count) as successful_inference_count,
    total(ranked.ai_cost_usd) as ai_cost_usd,
    total(ranked.revenue_usd) as revenue_usd,
    total(ranked.mrr_usd) as mrr_usd,
    case when sum(ranked.mrr_usd) > 0 then ratio(sum(ranked.ai_cost_usd), sum(ranked.mrr_usd)) end as cost_to_mrr_ratio,
    ratio(sum(ranked.ai_cost_usd), all_ai_cost_usd) as cost_ratio,
    case when all_revenue_usd > 0 then ratio(sum(ranked.revenue_usd), all_revenue_usd) end as revenue_ratio,
    ratio(sum(ranked.successful_inference_count), all_inference_count) as inference_ratio,
    ratio(sum(ranked.unpriced_call_count), sum(ranked.call_count)) as unpriced_ratio,
    weakest(ranked.cost_status) as cost_status,
    is_over(period_start_date + interval 1 month) as is_complete,
    totals.is_revenue_complete
from ranked
inner join totals using (period_start_date)
inner join (values (1), (5), (10), (20)) as tops (top_percent)
    -- The first customers × percent ÷ 100 of them, rounded up.
    on (cost_rank - 1) * 100 < all_customer_count * top_percent
group by period_start_date, top_percent, all_customer_count, all_inference_count, all_revenue_usd, all_ai_cost_usd,
    totals.is_revenue_complete;

---------------------------------------------------------------------------------------------------- percentiles

-- What each delivered inference costs with all attempts of its request; those with an attempt without a price are not
-- known.
create temp table inferences_costed as
with calls as (
    select calls.*, costs.ai_cost_usd
    from marts.fct_inference_calls as calls
    inner join marts.fct_inference_costs as costs using (call_id)
    where counts_as_inference(call_type)
),
attempts as (
    select
        request_id, step,
        max(usage_date) filter (is_successful) as usage_date,
        max(customer_id) filter (is_successful) as customer_id,
        sum(ai_cost_usd) as cost_usd
    from calls
    where call_id in (select call_id from calls_repeated where is_in_force)
    group by request_id, step
    having bool_or(is_successful) and count(*) = count(computed_cost_usd)
)
select usage_date, customer_id, cost_usd from attempts
union all
select usage_date, customer_id, ai_cost_usd
from calls
where is_successful and computed_cost_usd is not null
    and call_id not in (select call_id from calls_repeated where is_in_force);

create table marts.cost_percentiles_monthly as
with inferences as (
    select
        month_of(usage_date) as period_start_date,
        case when grouping(plan) = 0 then 'plan' when grouping(segment) = 0 then 'segment' else 'all' end as dimension,
        coalesce(plan, segment, 'all') as dimension_value,
        quantile_disc(cost, [0.5, 0.9, 0.95, 0.99]) as costs,
        count(*) as costed_inference_count
    from (
        -- In 8 bytes: all of them are held at once.
        select
            usage_date, coalesce(plans_billed.plan, crm_plan) as plan, segment,
            cast(picos(cost_usd) as bigint) as cost
        from inferences_costed as costed
        inner join marts.dim_customers as customers on costed.customer_id = customers.customer_id
        left join plans_billed on costed.customer_id = plans_billed.customer_id and usage_date = plan_date
        where not is_internal
    ) as planned
    group by grouping sets ((period_start_date), (period_start_date, plan), (period_start_date, segment))
),
customers as (
    select
        month_date as period_start_date,
        case when grouping(plan) = 0 then 'plan' when grouping(segment) = 0 then 'segment' else 'all' end as dimension,
        coalesce(plan, segment, 'all') as dimension_value,
        customer_id,
        sum(call_count) as call_count,
        sum(unpriced_call_count) as unpriced_call_count,
        total(ai_cost_usd) as cost_usd,
        weakest(economics_daily.cost_status) as cost_status
    from economics_daily
    where not is_internal
    group by grouping sets (
        (month_date, customer_id), (month_date, customer_id, plan), (month_date, customer_id, segment))
    having sum(call_count) > 0 or sum(ai_cost_usd) <> 0
),
totals as (
    select
        period_start_date, dimension, dimension_value,
        quantile_disc(cost_usd, [0.5, 0.9, 0.95, 0.99]) filter (customer_id <> 'unattributed') as costs,
        count(*) filter (customer_id <> 'unattributed') as customer_count,
        total(cost_usd) as ai_cost_usd,
        ratio(sum(unpriced_call_count), sum(call_count)) as unpriced_ratio,
        ratio(total_of(cost_usd, customer_id = 'unattributed'), sum(cost_usd)) as unattributed_ratio,
        weakest(customers.cost_status) as cost_status
    from customers
    group by all
)
select
    period_start_date, dimension, dimension_value, customer_count,
    coalesce(costed_inference_count, 0) as costed_inference_count,
    ai_cost_usd,
    totals.costs[1] as p50_customer_cost_usd,
    totals.costs[2] as p90_customer_cost_usd,
    totals.costs[3] as p95_customer_cost_usd,
    totals.costs[4] as p99_customer_cost_usd,
    in_dollars(inferences.costs[1]) as p50_inference_cost_usd,
    in_dollars(inferences.costs[2]) as p90_inference_cost_usd,
    in_dollars(inferences.costs[3]) as p95_inference_cost_usd,
    in_dollars(inferences.costs[4]) as p99_inference_cost_usd,
    unpriced_ratio, unattributed_ratio, cost_status,
    is_over(period_start_date + interval 1 month) as is_complete
from totals
left join inferences using (period_start_date, dimension, dimension_value);

---------------------------------------------------------------------------------------------------- efficiency

create temp table efficiency as
with usage_of_features as (
    select
        month_of(usage_date) as month_date,
        coalesce(launches.product_id, usage_daily.product_id) as product_id,
        usage_daily.feature,
        sum(successful_inference_count) as inferences,
        total(usage_daily.inference_cost_usd) as inference_cost_usd
    from marts.fct_usage_daily as usage_daily
    inner join marts.dim_customers as customers on usage_daily.customer_id = customers.customer_id
    left join reference('feature_launches') as launches on usage_daily.feature = launches.feature
    where not is_internal
    group by all
),
features as (
    select *, sum(inferences) over (partition by month_date, product_id) as product_inferences from usage_of_features
),
revenue_of_products as (
    select month_date, product_id, total(ai_revenue_usd) as revenue_usd
    from economics_daily
    where not is_internal
    group by all
),
by_dimension as (
    select
        month_date, is_internal,
        case
            when grouping(product_id) = 0 then 'product'
            when grouping(plan) = 0 then 'plan'
            when grouping(segment) = 0 then 'segment'
            when grouping(customer_id) = 0 then 'customer'
            else 'all'
        end as dimension,
        coalesce(product_id, plan, segment, customer_id, 'all') as dimension_value,
        sum(ai_revenue_usd) as ai_revenue_usd,
        sum(inference_cost_usd) as inference_cost_usd
    from economics_daily
    group by grouping sets (
        (month_date, is_internal), (month_date, is_internal, product_id), (month_date, is_internal, plan),
        (month_date, is_internal, segment), (month_date, is_internal, customer_id))
),
entries as (
    select * exclude (is_internal) from by_dimension where dimension = 'customer' or not is_internal
    union all
    -- A product's AI revenue is shared over its features by successful inferences.
    select
        month_date, 'feature', feature,
        case when product_inferences > 0 then share(coalesce(revenue_usd, 0), inferences, product_inferences) end,
        inference_cost_usd
    from features
    left join revenue_of_products using (month_date, product_id)
    union all
    select month_date, 'feature', 'unattributed', revenue_usd, 0
    from revenue_of_products
    where (month_date, product_id) not in (
        select (month_date, product_id) from features where product_inferences > 0)
)
select
    month_date, dimension, dimension_value,
    total(entries.ai_revenue_usd) as ai_revenue_usd,
    total(entries.inference_cost_usd) as inference_cost_usd
from entries
group by all
having total(entries.ai_revenue_usd) <> 0 or sum(entries.inference_cost_usd) <> 0;

-- The least squares line through six points, from the sums of y and of x × y.
create temp macro fitted(y_sum, xy_sum, x) as ratio(35 * y_sum + (6 * xy_sum - 21 * y_sum) * (2 * x - 7), 210);

-- The months so far, and three months ahead: revenue and cost each by least squares over the last six whole months.
create table marts.inference_efficiency_monthly as
with whole_months as (
    select cast(date_trunc('month', as_of_date + 1) - interval 1 month as date) as last_month from as_of
),
points as (
    select *, 6 - date_diff('month', month_date, last_month) as x
    from efficiency
    cross join whole_months
    where x between 1 and 6
),
sums as (
    select
        dimension, dimension_value,
        sum(ai_revenue_usd) as revenue_sum, sum(x * ai_revenue_usd) as revenue_x_sum,
        sum(inference_cost_usd) as cost_sum, sum(x * inference_cost_usd) as cost_x_sum
    from points
    group by all
    having count(*) = 6
),
widths as (
    select
        dimension, dimension_value,
        sum(power(cast(ai_revenue_usd - fitted(revenue_sum, revenue_x_sum, x) as double), 2) order by x)
            as revenue_squares,
        sum(power(cast(inference_cost_usd - fitted(cost_sum, cost_x_sum, x) as double), 2) order by x)
            as cost_squares
    from points
    inner join sums using (dimension, dimension_value)
    group by all
),
periods as (
    select
        month_date as period_start_date, dimension, dimension_value, ai_revenue_usd, inference_cost_usd,
        null as ai_revenue_half_usd, null as inference_cost_half_usd,
        -- Less than three months of history are no trailing quarter.
        case
            when row_number() over (partition by dimension, dimension_value order by month_date) > 2
                and sum(inference_cost_usd) over quarter > 0
                then ratio(sum(ai_revenue_usd) over quarter, sum(inference_cost_usd) over quarter)
        end as ier_t3m,
        is_over(month_date + interval 1 month) as is_complete,
        false as is_forecast
    from efficiency
    window quarter as (
        partition by dimension, dimension_value order by month_date
        range between interval 2 month preceding and current row)
    union all
    select
        cast(last_month + ahead * interval 1 month as date), dimension, dimension_value,
        fitted(revenue_sum, revenue_x_sum, 6 + ahead), fitted(cost_sum, cost_x_sum, 6 + ahead),
        cast(student.low * sqrt(revenue_squares / 4 * spread) as decimal(28, 9)),
        cast(student.low * sqrt(cost_squares / 4 * spread) as decimal(28, 9)),
        null, false, true
    from sums
    inner join widths using (dimension, dimension_value)
    cross join whole_months
    cross join (
        select unnest([1, 2, 3]) as ahead, 1e0 + 1e0 / 6e0 + (ahead + 2.5e0) * (ahead + 2.5e0) / 17.5e0 as spread
    ) as months
    left join reference('benchmarks') as student on student.metric = 'student_t_95' and student.band = '4'
),
ratios as (
    select
        *,
        money(ai_revenue_usd - ai_revenue_half_usd) as ai_revenue_low_usd,
        money(ai_revenue_usd + ai_revenue_half_usd) as ai_revenue_high_usd,
        money(inference_cost_usd - inference_cost_half_usd) as inference_cost_low_usd,
        money(inference_cost_usd + inference_cost_half_usd) as inference_cost_high_usd,
        case when inference_cost_usd > 0 then ratio(ai_revenue_usd, inference_cost_usd) end as ier,
        case when ai_revenue_low_usd > 0 and inference_cost_high_usd > 0
            then ratio(ai_revenue_low_usd, inference_cost_high_usd) end as ier_low,
        case when ai_revenue_high_usd > 0 and inference_cost_low_usd > 0
            then ratio(ai_revenue_high_usd, inference_cost_low_usd) end as ier_high,
        case when inference_cost_usd > 0 then ratio(ai_revenue_usd, inference_cost_usd * 2) end as unsubsidised_ier
    from periods
)
select
    ratios.* exclude (ai_revenue_half_usd, inference_cost_half_usd),
    trust.unpriced_ratio, trust.unattributed_ratio, trust.cost_status,
    case when ier is null then 'no_cost' else coalesce(zones.band, 'no_band') end as zone
from ratios
left join marts.cost_per_inference as trust
    on period_grain = 'month'
    and not is_forecast
    and ratios.period_start_date = trust.period_start_date
    and ratios.dimension = trust.dimension
    and ratios.dimension_value = trust.dimension_value
left join reference('benchmarks') as zones
    on zones.metric = 'ier_infused'
    and ier >= coalesce(zones.low, ier)
    and (zones.high is null or ier < zones.high);

---------------------------------------------------------------------------------------------------- cohorts

create table marts.fct_acquisition_spend_daily as
with landed as (
    select
        *, upper(coalesce(currency, 'USD')) as spend_currency,
        coalesce(spend_id, concat_ws('|', spend_date, channel, coalesce(campaign, ''), spend_kind, spend_currency,
            row_number() over (
                partition by spend_date, channel, campaign, spend_kind, spend_currency, _load_id, spend_id is null
                order by _source_row))) as spend_key
    from reference('acquisition_spend')
),
spend as (
    select * from landed
    qualify row_number() over (partition by spend_key order by _load_id desc, _source_row desc) = 1
)
select
    spend_date,
    word(nullif(lower(trim(channel)), '')) as channel,
    coalesce(spend_kind, 'media') as spend_kind,
    total(converted(amount, usd_per_unit)) as spend_usd
from spend
inner join rates on spend_currency = rates.currency and spend_date = rate_date
group by all;

-- Signups of a month by channel, followed for 90 days.
create table marts.acquisition_cohorts_monthly as
with signups as (
    select
        customer_id, acquisition_channel as channel, signed_up_date,
        month_of(signed_up_date) as cohort_month_date,
        first_paid_date is not null as has_paid,
        signed_up_date + 90 <= as_of_date as is_observed,
        (customer_id, signed_up_date + 90) in (from paying_days) as is_paying_survivor
    from marts.dim_customers
    cross join as_of
    where is_in_crm and not is_internal and signed_up_date is not null
),
followed as (
    select
        signups.customer_id,
        sum(successful_inference_count) filter (usage_date - signed_up_date between 84 and 90) as week_inferences,
        total_of(ai_cost_usd, usage_date - signed_up_date between 0 and 89 and paying_date is null) as unpaid_usd,
        total_of(revenue_usd - ai_cost_usd - other_cogs_usd, usage_date - signed_up_date between 61 and 90)
            as profit_usd
    from economics_daily
    inner join signups on economics_daily.customer_id = signups.customer_id
    left join paying_days on signups.customer_id = paying_days.customer_id and usage_date = paying_date
    group by all
),
entries as (
    select
        cohort_month_date, channel, 1 as signup, is_observed, has_paid,
        is_observed and coalesce(week_inferences, 0) > 0 as is_active_survivor,
        is_paying_survivor,
        0 as spend_usd,
        unpaid_usd,
        case when is_paying_survivor then profit_usd end as profit_usd
    from signups
    left join followed using (customer_id)
    union all by name
    select month_of(spend_date) as cohort_month_date, channel, 0 as signup, spend_usd
    from marts.fct_acquisition_spend_daily
),
cohorts as (
    select
        cohort_month_date,
        coalesce(entries.channel, 'all') as channel,
        whole(signup) as signup_count,
        count(*) filter (is_observed) as observed_signup_count,
        count(*) filter (has_paid) as paid_count,
        count(*) filter (is_active_survivor) as active_survivor_count,
        count(*) filter (is_paying_survivor) as paying_survivor_count,
        paying_survivor_count as survivor_count,
        total(entries.spend_usd) as spend_usd,
        total(unpaid_usd) as unpaid_ai_cost_usd,
        total(entries.profit_usd) as survivor_profit_usd,
        cohort_month_date + interval 1 month + interval 89 day <= (select as_of_date from as_of) as is_mature
    from entries
    where cohort_month_date <= (select as_of_date from as_of)
    group by grouping sets ((cohort_month_date), (cohort_month_date, entries.channel))
),
judged as (
    select
        *,
        case when spend_usd > 0 then ratio(spend_usd, signup_count) end as naive_cac_usd,
        case when spend_usd > 0 then ratio(spend_usd, paid_count) end as paid_cac_usd,
        case when spend_usd > 0 and is_mature then ratio(spend_usd, survivor_count) end as adjusted_cac_usd,
        case when spend_usd > 0 and is_mature then ratio(spend_usd + unpaid_ai_cost_usd, survivor_count) end
            as loaded_cac_usd,
        case when spend_usd > 0 and is_mature then ratio(signup_count, survivor_count) end as hype_premium,
        case when spend_usd > 0 and is_mature and survivor_profit_usd > 0 then ratio(spend_usd, survivor_profit_usd) end
            as payback_months,
        is_mature and coalesce(naive_cac_usd < lag(naive_cac_usd) over months
            and hype_premium > lag(hype_premium) over months, false) as is_worse
    from cohorts
    window months as (partition by channel order by cohort_month_date)
)
select
    * exclude (is_worse),
    case
        when not is_mature then 'immature'
        when spend_usd <= 0 then 'no_spend'
        when survivor_count = 0 then 'no_survivors'
        else 'mature'
    end as cohort_status,
    case
        when not is_mature then 'immature'
        when spend_usd <= 0 then 'no_spend'
        when survivor_count = 0 then 'no_survivors'
        when survivor_profit_usd <= 0 then 'never'
        else 'pays_back'
    end as payback_status,
    is_over(cohort_month_date + interval 1 month) as is_complete,
    is_worse and coalesce(lag(is_worse) over (partition by channel order by cohort_month_date), false) as is_bubble
from judged;

---------------------------------------------------------------------------------------------------- users, workflows

-- Calls without a user are one user per customer.
create temp table users_by_dimension as
with user_days as (
    select distinct usage_date, customer_id, user_id from marts.fct_inference_calls where is_inference
),
described as (
    select
        month_of(usage_date) as month_date,
        (user_days.customer_id, user_id) as customer_user,
        coalesce(plans_billed.plan, crm_plan) as plan,
        segment,
        coalesce(cast(month_of(signed_up_date) as varchar), 'unattributed') as signup_cohort
    from user_days
    inner join marts.dim_customers as customers on user_days.customer_id = customers.customer_id
    left join plans_billed on user_days.customer_id = plans_billed.customer_id and usage_date = plan_date
    where not is_internal
)
select
    month_date as period_start_date,
    case
        when grouping(plan) = 0 then 'plan'
        when grouping(segment) = 0 then 'segment'
        when grouping(signup_cohort) = 0 then 'signup_cohort'
        else 'all'
    end as dimension,
    coalesce(plan, segment, signup_cohort, 'all') as dimension_value,
    count(distinct customer_user) as active_user_count
from described
group by grouping sets ((month_date), (month_date, plan), (month_date, segment), (month_date, signup_cohort));

create table marts.active_user_economics_monthly as
with described as (
    select daily.*, coalesce(cast(month_of(signed_up_date) as varchar), 'unattributed') as signup_cohort
    from economics_daily as daily
    inner join (select customer_id, signed_up_date from marts.dim_customers) as customers using (customer_id)
    where not is_internal
),
summed as (
    select
        month_date as period_start_date,
        case
            when grouping(plan) = 0 then 'plan'
            when grouping(segment) = 0 then 'segment'
            when grouping(signup_cohort) = 0 then 'signup_cohort'
            else 'all'
        end as dimension,
        coalesce(plan, segment, signup_cohort, 'all') as dimension_value,
        whole(described.call_count) as call_count,
        whole(described.unpriced_call_count) as unpriced_call_count,
        total(columns('.*_usd')),
        total_of(described.ai_cost_usd, customer_id = 'unattributed') as unattributed_cost_usd,
        case when count(described.cost_status) > 0 then weakest(described.cost_status) end as cost_status,
        bool_and(described.is_revenue_complete) as is_revenue_complete
    from described
    group by grouping sets ((month_date), (month_date, plan), (month_date, segment), (month_date, signup_cohort))
)
select
    summed.* exclude (inference_cost_usd, unattributed_cost_usd),
    coalesce(active_user_count, 0) as active_user_count,
    money(revenue_usd - ai_cost_usd - other_cogs_usd) as gross_profit_usd,
    ratio(ai_cost_usd, active_user_count) as cost_per_active_user_usd,
    ratio(ai_revenue_usd, active_user_count) as revenue_per_active_user_usd,
    ratio(gross_profit_usd, active_user_count) as margin_per_active_user_usd,
    ratio(unpriced_call_count, call_count) as unpriced_ratio,
    ratio(unattributed_cost_usd, ai_cost_usd) as unattributed_ratio,
    gross_profit_usd < 0 as is_loss_making,
    is_over(period_start_date + interval 1 month) as is_complete
from summed
left join users_by_dimension using (period_start_date, dimension, dimension_value);

create table marts.workflow_costs_monthly as
with runs as (
    select
        month_of(usage_date) as period_start_date, workflow, step,
        count(distinct workflow_run_id) as run_count
    from marts.fct_inference_calls as calls
    inner join marts.dim_customers as customers on calls.customer_id = customers.customer_id
    where not is_internal and workflow_run_id is not null
    group by grouping sets ((month_of(usage_date), workflow), (month_of(usage_date), workflow, step))
),
outcomes as (
    select * from reference('workflow_outcomes')
    qualify row_number() over (partition by workflow_run_id order by _load_id desc, _source_row desc) = 1
),
-- The call that speaks for a run: the first that names its workflow, else the first.
run_calls as (
    select workflow_run_id, customer_id, workflow
    from marts.fct_inference_calls
    where workflow_run_id in (select workflow_run_id from outcomes)
    qualify row_number() over (
        partition by workflow_run_id order by workflow = 'unattributed', requested_at, call_id) = 1
),
ended as (
    select
        month_of(resolved_at) as period_start_date,
        coalesce(nullif(run_calls.workflow, 'unattributed'), word(outcomes.workflow)) as workflow,
        count(*) as outcome_count,
        count(*) filter (outcome = 'completed') as completed_outcome_count
    from outcomes
    left join run_calls using (workflow_run_id)
    left join customers_resolved on outcomes.customer_id = customers_resolved.customer_id
    left join marts.dim_customers as customers
        on coalesce(run_calls.customer_id, resolved_customer_id, outcomes.customer_id) = customers.customer_id
    where not coalesce(is_internal, false)
    group by all
),
steps as (
    select
        month_of(usage_date) as period_start_date, workflow, step,
        whole(usage_daily.call_count) as call_count,
        whole(usage_daily.successful_inference_count) as successful_inference_count,
        whole(usage_daily.unpriced_call_count) as unpriced_call_count,
        total(usage_daily.ai_cost_usd) as ai_cost_usd,
        total_of(usage_daily.ai_cost_usd, customer_id = 'unattributed') as unattributed_cost_usd,
        weakest(usage_daily.cost_status) as cost_status
    from marts.fct_usage_daily as usage_daily
    inner join (select customer_id, is_internal from marts.dim_customers) as customers using (customer_id)
    where not is_internal
    group by all
),
joined as (
    select
        period_start_date, workflow,
        coalesce(steps.step, 'unattributed') as step,
        coalesce(columns('^(call|successful_inference|unpriced_call|outcome|completed_outcome)_count'), 0),
        money(coalesce(columns('^(ai|unattributed)_cost_usd'), 0)),
        coalesce(steps.cost_status, 'estimated') as cost_status
    from steps
    full join ended using (period_start_date, workflow)
)
select
    joined.* exclude (unpriced_call_count, unattributed_cost_usd),
    coalesce(step_runs.run_count, 0) as step_run_count,
    coalesce(workflow_runs.run_count, 0) as run_count,
    money(sum(ai_cost_usd) over workflows) as workflow_cost_usd,
    ratio(ai_cost_usd, workflow_runs.run_count) as cost_per_run_usd,
    ratio(ai_cost_usd, completed_outcome_count) as cost_per_outcome_usd,
    ratio(sum(ai_cost_usd) over workflows, workflow_runs.run_count) as workflow_cost_per_run_usd,
    ratio(sum(ai_cost_usd) over workflows, completed_outcome_count) as workflow_cost_per_outcome_usd,
    ratio(ai_cost_usd, sum(ai_cost_usd) over workflows) as step_cost_ratio,
    -- The fewest steps that make more than half of the spend.
    ai_cost_usd > 0 and 2 * coalesce(sum(ai_cost_usd) over dearer, 0) <= sum(ai_cost_usd) over workflows
        as is_majority_step,
    case
        when coalesce(workflow_runs.run_count, 0) = 0 then 'no_run'
        when completed_outcome_count = 0 then 'no_completed_outcome'
        else 'complete'
    end as outcome_status,
    ratio(unpriced_call_count, call_count) as unpriced_ratio,
    ratio(unattributed_cost_usd, ai_cost_usd) as unattributed_ratio,
    is_over(joined.period_start_date + interval 1 month) as is_complete
from joined
left join runs as step_runs
    on joined.period_start_date = step_runs.period_start_date
    and joined.workflow = step_runs.workflow
    and joined.step = step_runs.step
left join runs as workflow_runs
    on joined.period_start_date = workflow_runs.period_start_date
    and joined.workflow = workflow_runs.workflow
    and workflow_runs.step is null
where joined.period_start_date <= (select as_of_date from as_of)
window
    workflows as (partition by joined.period_start_date, joined.workflow),
    dearer as (
        partition by joined.period_start_date, joined.workflow order by ai_cost_usd desc, joined.step
        rows between unbounded preceding and 1 preceding);
