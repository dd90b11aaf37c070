-- What each provider billed, what our calls were computed to cost, and where the billed money went.
-- Grain: one row per period_start_date (UTC month), resolved_provider, component and model_tag (`all` = untagged).
-- For llm_api the component covers the prompt cache too, and embeddings where the provider bills none apart.
-- allocated + unattributed = recognised, summed from the parts themselves: nothing here is worked out by subtraction.
-- Billed is the month's piece of each line, recognised what of it lies in days up to as_of_date; the cost of all later
-- days, of later months too, is prepaid and stands in the month of as_of_date, as do the tax and credits of those
-- months: recognised + prepaid + tax + credit = the invoices.
{% set keys = ['period_start_date', 'resolved_provider', 'component', 'model_tag'] %}
with

lines as (

    select
        lines.*,
        least(lines.period_start_date, cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date))
            as stated_month_date
    from {{ ref('int_bill_lines_monthly') }} as lines
    cross join {{ ref('int_as_of_date') }} as as_of

),

{% for name, relation, component in [
    ('true_ups', ref('int_true_ups_monthly'), 'true_up_group'),
    ('job_costs', ref('int_finetuning_jobs_monthly'), "'fine_tuning'"),
] %}
{{ name }} as (

    select
        *,
        {{ component }} as component
    from {{ relation }}

),

{% endfor %}
covered as (

    select
        {{ keys | join(',\n        ') }},
        count(*) as covered_days
    from {{ ref('int_bill_days_covered') }}
    where is_covered
    group by {{ keys | join(', ') }}

),

billed as (

    select
        stated_month_date as period_start_date,
        {{ keys[1:] | join(',\n        ') }},
        {{ cost_sum('billed_usd', 'is_cost and period_start_date = stated_month_date') }} as billed_cost_usd,
        {{ cost_sum('recognised_usd') }} as recognised_cost_usd,
        {{ cost_sum('prepaid_usd') }} as prepaid_usd,
        {{ cost_sum('billed_usd', "kind = 'credit'") }} as credit_usd,
        {{ cost_sum('billed_usd', "kind = 'tax'") }} as tax_usd,
        count(*) filter (where is_cost and recognised_day_count > 0) > 0 as is_billed
    from lines
    group by stated_month_date, resolved_provider, component, model_tag

),

rows_of_all as (

    {% for relation in ['billed', 'true_ups', 'job_costs'] %}
    select
        {{ keys | join(',\n        ') }}
    from {{ relation }}
    {{ 'union' if not loop.last }}
    {% endfor %}
),

computed as (

    select
        {% for key in keys -%}
        rows_of_all.{{ key }},
        {% endfor -%}
        {% for column in ['billed_cost', 'recognised_cost', 'prepaid', 'credit', 'tax'] -%}
        {{ money('coalesce(billed.' ~ column ~ '_usd, 0)') }} as {{ column }}_usd,
        {% endfor -%}
        {{ money('coalesce(parts.allocated_cost_usd, 0)') }} as allocated_cost_usd,
        {{ money('coalesce(parts.unattributed_cost_usd, 0)') }} as unattributed_cost_usd,
        coalesce(covered.covered_days, 0) as covered_days,
        coalesce(billed.is_billed, false) as is_billed,
        rows_of_all.component in ('llm_api', 'embedding') as is_true_up,
        -- The cost of a training job is covered where its month has a bill.
        case
            when is_true_up then {{ money('coalesce(true_ups.computed_cost_usd, 0)') }}
            when rows_of_all.component = 'fine_tuning'
                then {{ money('case when billed.is_billed then coalesce(job_costs.job_cost_usd, 0) else 0 end') }}
        end as computed_cost_usd,
        case
            when is_true_up then {{ money('coalesce(true_ups.uncovered_computed_cost_usd, 0)') }}
            when rows_of_all.component = 'fine_tuning'
                then {{ money('case when billed.is_billed then 0 else coalesce(job_costs.job_cost_usd, 0) end') }}
        end as uncovered_computed_cost_usd,
        true_ups.variance_class as true_up_variance_class,
        {{ is_complete('rows_of_all.period_start_date', 'month') }} as is_complete
    from rows_of_all
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on rows_of_all.period_start_date <= as_of.as_of_date
    left join {{ ref('int_bill_parts_monthly') }} as parts
        on {{ same_keys('rows_of_all', 'parts', keys) }}
    {% for relation in ['billed', 'covered', 'true_ups', 'job_costs'] -%}
    left join {{ relation }}
        on {{ same_keys('rows_of_all', relation, keys) }}
    {% endfor %}
),

final as (

    select
        {{ keys | join(',\n        ') }},
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
            when component <> 'fine_tuning' and (allocated_cost_usd <> 0 or recognised_cost_usd = 0) then 'within_tolerance'
            when component <> 'fine_tuning' or computed_cost_usd = 0 then 'no_usage'
            when abs(variance_usd) <= {{ var('true_up_tolerance_ratio') }} * abs(recognised_cost_usd) then 'within_tolerance'
            else 'price_difference'
        end as variance_class,
        -- The bill of a training job is carried by the job's inferences, over its months.
        case
            when component = 'fine_tuning' then {{ money('recognised_cost_usd - unattributed_cost_usd') }}
            else allocated_cost_usd
        end as allocated_cost_usd,
        unattributed_cost_usd,
        case
            when not is_billed or uncovered_computed_cost_usd <> 0 then 'estimated'
            when is_true_up then 'trued_up'
            else 'billed'
        end as cost_status,
        is_complete
    from computed

)

select * from final
