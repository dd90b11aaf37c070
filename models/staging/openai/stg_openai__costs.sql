-- What OpenAI says it cost, in dollars, by day. The newest file that has a day, with or without a result, restates it
-- whole: rows of older files are skipped as `restated`.
-- Grain: one row per landed row.
with

empty_buckets as (

    {{ empty_buckets('openai_costs') }}

),

source as (

    select
        costs.*,
        empty_buckets.newest_load_id as emptied_load_id,
        md5(
            cast(costs.start_time as string) || '|' || coalesce(costs.line_item, '') || '|'
            || coalesce(costs.project_id, '') || '|' || coalesce(costs.api_key_id, '')
        ) as bill_id,
        lower(coalesce(costs.line_item, '')) as words
    from {{ source('raw', 'openai_costs') }} as costs
    left join empty_buckets
        on
            costs.start_time = empty_buckets.start_time
            and costs.end_time = empty_buckets.end_time

),

ranked as (

    select

        ---------- ids
        bill_id,

        ---------- strings
        'openai' as provider,
        -- Training is paid for by its job, where there is one: int_openai_costs_modelled decides.
        words like '%training%' as is_training,
        case
            when words like '%embedding%' then 'embedding'
            when words like '%vector store%' or words like '%file search storage%' then 'vector_db'
            when words like '%training%' then 'other_ai'
            else 'llm_api'
        end as component,
        case when amount_value < 0 then 'credit' else 'usage' end as kind,
        -- A model only when the price book knows it: `gpt-4o, input` is one, `Text tokens` is none.
        nullif(trim(split_part(line_item, ',', 1)), '') as line_item_model,
        line_item,
        upper(coalesce(amount_currency, 'USD')) as currency,

        ---------- money, in its currency: dollars, not cents
        {{ money('amount_value') }} as billed_amount,

        ---------- dates: the end is exclusive
        cast(start_time as date) as period_from_date,
        cast(end_time as date) as period_end_date,

        ---------- versions
        greatest(max(_load_id) over (partition by start_time, end_time), coalesce(emptied_load_id, 0)) as newest_load_id,
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
        is_training,
        component,
        kind,
        line_item_model,
        line_item,
        currency,
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
