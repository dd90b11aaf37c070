-- What each provider billed, what our calls were computed to cost, and where the billed money went.
-- Grain: one row per period_start_date (UTC month), resolved_provider, component and model_tag (`all` = untagged).
-- For llm_api the component covers the prompt cache too, and embeddings where the provider bills none apart.
-- allocated + unattributed = recognised, summed from the parts themselves: nothing here is worked out by subtraction.
-- Billed is the month's piece of each line, recognised what of it lies in days up to as_of_date; the cost of all later
-- days, of later months too, is prepaid and stands in the month of as_of_date, as do the tax and credits of those
-- months: recognised + prepaid + tax + credit = the invoices.
with

lines as (

    select
        lines.*,
        least(
            lines.period_start_date, cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)
        ) as stated_month_date
    from {{ ref('int_bill_lines_monthly') }} as lines
    cross join {{ ref('int_as_of_date') }} as as_of

),

true_ups as (

    select * from {{ ref('int_true_ups_monthly') }}

),

parts as (

    select * from {{ ref('int_bill_parts_monthly') }}

),

job_costs as (

    select * from {{ ref('int_finetuning_jobs_monthly') }}

),

bill_days as (

    select * from {{ ref('int_bill_days_covered') }}
    where is_covered

),

billed as (

    select
        stated_month_date as period_start_date,
        resolved_provider,
        component,
        model_tag,
        {{ cost_sum('billed_usd', 'is_cost and period_start_date = stated_month_date') }} as billed_cost_usd,
        {{ cost_sum('recognised_usd') }} as recognised_cost_usd,
        {{ cost_sum('prepaid_usd') }} as prepaid_usd,
        {{ cost_sum('billed_usd', "kind = 'credit'") }} as credit_usd,
        {{ cost_sum('billed_usd', "kind = 'tax'") }} as tax_usd,
        count(*) filter (where is_cost and recognised_day_count > 0) as cost_line_count
    from lines
    group by
        stated_month_date,
        resolved_provider,
        component,
        model_tag

),

covered as (

    select
        period_start_date,
        resolved_provider,
        component,
        model_tag,
        count(*) as covered_days
    from bill_days
    group by
        period_start_date,
        resolved_provider,
        component,
        model_tag

),

keys as (

    select
        period_start_date,
        resolved_provider,
        component,
        model_tag
    from billed

    union

    select
        period_start_date,
        resolved_provider,
        true_up_group as component,
        model_tag
    from true_ups

    union

    select
        period_start_date,
        resolved_provider,
        'fine_tuning' as component,
        model_tag
    from job_costs

),

joined as (

    select
        keys.period_start_date,
        keys.resolved_provider,
        keys.component,
        keys.model_tag,
        coalesce(billed.cost_line_count, 0) > 0 as is_billed,
        keys.component in ('llm_api', 'embedding') as is_true_up,
        {{ money('coalesce(billed.billed_cost_usd, 0)') }} as billed_cost_usd,
        {{ money('coalesce(billed.recognised_cost_usd, 0)') }} as recognised_cost_usd,
        {{ money('coalesce(billed.prepaid_usd, 0)') }} as prepaid_usd,
        {{ money('coalesce(billed.credit_usd, 0)') }} as credit_usd,
        {{ money('coalesce(billed.tax_usd, 0)') }} as tax_usd,
        coalesce(covered.covered_days, 0) as covered_days,
        {{ money('coalesce(true_ups.computed_cost_usd, 0)') }} as true_up_computed_cost_usd,
        {{ money('coalesce(true_ups.uncovered_computed_cost_usd, 0)') }} as true_up_uncovered_cost_usd,
        true_ups.variance_class as true_up_variance_class,
        {{ money('coalesce(job_costs.job_cost_usd, 0)') }} as job_cost_usd,
        {{ money('coalesce(parts.allocated_cost_usd, 0)') }} as allocated_cost_usd,
        {{ money('coalesce(parts.unattributed_cost_usd, 0)') }} as unattributed_cost_usd
    from keys
    {%- for relation in ['billed', 'covered', 'parts'] %}
    left join {{ relation }}
        on keys.period_start_date = {{ relation }}.period_start_date
        and keys.resolved_provider = {{ relation }}.resolved_provider
        and keys.component = {{ relation }}.component
        and keys.model_tag = {{ relation }}.model_tag
    {%- endfor %}
    left join true_ups
        on keys.period_start_date = true_ups.period_start_date
        and keys.resolved_provider = true_ups.resolved_provider
        and keys.component = true_ups.true_up_group
        and keys.model_tag = true_ups.model_tag
    left join job_costs
        on keys.period_start_date = job_costs.period_start_date
        and keys.resolved_provider = job_costs.resolved_provider
        and keys.component = 'fine_tuning'
        and keys.model_tag = job_costs.model_tag

),

computed as (

    select
        *,
        case
            when is_true_up then true_up_computed_cost_usd
            when component = 'fine_tuning' then {{ money('case when is_billed then job_cost_usd else 0 end') }}
        end as computed_cost_usd,
        case
            when is_true_up then true_up_uncovered_cost_usd
            when component = 'fine_tuning' then {{ money('case when is_billed then 0 else job_cost_usd end') }}
        end as uncovered_computed_cost_usd
    from joined

),

begun as (

    -- No period after as_of_date has a row.
    select
        computed.*,
        {{ is_complete('computed.period_start_date', 'month') }} as is_complete
    from computed
    inner join {{ ref('int_as_of_date') }} as as_of
        on computed.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        resolved_provider,
        component,
        model_tag,
        covered_days,
        computed_cost_usd,
        uncovered_computed_cost_usd,
        billed_cost_usd,
        recognised_cost_usd,
        prepaid_usd,
        credit_usd,
        tax_usd,
        {{ money('recognised_cost_usd - computed_cost_usd') }} as variance_usd,
        -- A shared bill has nothing computed to differ from.
        case
            when is_true_up then coalesce(true_up_variance_class, 'no_bill')
            when not is_billed then 'no_bill'
            when component <> 'fine_tuning' and allocated_cost_usd = 0 and recognised_cost_usd <> 0 then 'no_usage'
            when component <> 'fine_tuning' then 'within_tolerance'
            when computed_cost_usd = 0 then 'no_usage'
            when
                abs(recognised_cost_usd - computed_cost_usd)
                <= {{ var('true_up_tolerance_ratio') }} * abs(recognised_cost_usd)
                then 'within_tolerance'
            else 'price_difference'
        end as variance_class,
        -- The bill of a training job is carried by the job's inferences, over its months.
        {{ money(
            "case when component = 'fine_tuning' then recognised_cost_usd - unattributed_cost_usd"
            ~ " else allocated_cost_usd end"
        ) }} as allocated_cost_usd,
        unattributed_cost_usd,
        case
            when not is_billed or uncovered_computed_cost_usd <> 0 then 'estimated'
            when is_true_up then 'trued_up'
            else 'billed'
        end as cost_status,
        is_complete
    from begun

)

select * from final
