-- What Anthropic says it cost, by day. Amounts come in cents. The newest file that has a day, with or without a result,
-- restates it whole: rows of older files are skipped as `restated`.
-- Grain: one row per landed row.
-- Anthropic leaves the cost of its priority tier out of this report (seed known_feed_gaps).
with

empty_buckets as (

    {{ empty_buckets('anthropic_cost_report') }}

),

source as (

    select
        costs.*,
        empty_buckets.newest_load_id as emptied_load_id,
        md5(
            {%- for column in [
                'starting_at', 'ending_at', 'currency', 'cost_type', 'description', 'model', 'token_type', 'service_tier',
                'context_window', 'inference_geo', 'workspace_id', '_extra'
            ] %}
            coalesce(cast(costs.{{ column }} as string), ''){{ " || '|' ||" if not loop.last }}
            {%- endfor %}
        ) as bill_id
    from {{ source('raw', 'anthropic_cost_report') }} as costs
    left join empty_buckets
        on
            costs.starting_at = empty_buckets.start_time
            and costs.ending_at = empty_buckets.end_time

),

ranked as (

    select

        ---------- ids
        bill_id,

        ---------- strings
        'anthropic' as provider,
        case when lower(cost_type) in ('code_execution', 'session_usage') then 'other_ai' else 'llm_api' end as component,
        case when amount < 0 then 'credit' else 'usage' end as kind,
        trim(model) as model,
        lower(trim(service_tier)) as service_tier,
        upper(coalesce(currency, 'USD')) as currency,
        description,

        ---------- money, in its currency: cents to dollars, exactly
        {{ money('amount * 0.01') }} as billed_amount,

        ---------- dates: the end is exclusive
        cast(starting_at as date) as period_from_date,
        cast(ending_at as date) as period_end_date,

        ---------- versions
        greatest(max(_load_id) over (partition by starting_at, ending_at), coalesce(emptied_load_id, 0)) as newest_load_id,
        row_number() over (
            partition by bill_id, _load_id
            order by _source_row desc nulls last
        ) as version_rank,
        _load_id,
        _source_row

    from source

),

final as (

    select
        bill_id,
        provider,
        component,
        kind,
        model,
        service_tier,
        currency,
        description,
        billed_amount,
        period_from_date,
        case
            when period_end_date > period_from_date then period_end_date
            else cast({{ dbt.dateadd('day', 1, 'period_from_date') }} as date)
        end as period_to_date,
        case
            when _load_id < newest_load_id then 'restated'
            when version_rank > 1 then 'older_version'
        end as skip_reason,
        _load_id,
        _source_row
    from ranked

)

select * from final
