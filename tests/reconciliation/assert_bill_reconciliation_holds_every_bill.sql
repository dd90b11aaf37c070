-- Every cost, credit and tax line of the landed bills stands in the reconciliation, exactly, under its provider,
-- component and model tag: what is cost month by month, what is not cost yet, and tax and credits of later months, in
-- the month of as_of_date. Beside them stands all that calls were computed to cost, and every training job.
{% set keys = ['period_start_date', 'resolved_provider', 'component', 'model_tag'] %}
{% set amounts = ['billed_cost_usd', 'recognised_cost_usd', 'prepaid_usd', 'credit_usd', 'tax_usd'] %}
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

billed as (

    select
        stated_month_date as period_start_date,
        resolved_provider,
        component,
        model_tag,
        {{ cost_sum("case when is_cost and period_start_date = stated_month_date then billed_usd end") }}
            as billed_cost_usd,
        {{ cost_sum('recognised_usd') }} as recognised_cost_usd,
        {{ cost_sum("case when kind not in ('tax', 'credit') then billed_usd - recognised_usd end") }} as prepaid_usd,
        {{ cost_sum('billed_usd', "kind = 'credit'") }} as credit_usd,
        {{ cost_sum('billed_usd', "kind = 'tax'") }} as tax_usd
    from lines
    group by
        stated_month_date,
        resolved_provider,
        component,
        model_tag

),

covered as (

    select
        {{ keys | join(',\n        ') }},
        count(*) as covered_days
    from {{ ref('int_bill_days_covered') }}
    where is_covered
    group by
        {{ keys | join(',\n        ') }}

),

reconciled as (

    select * from {{ ref('bill_reconciliation_monthly') }}

),

computed as (

    select
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date,
        resolved_provider,
        'calls' as component,
        computed_cost_usd
    from {{ ref('int_usage_priced_daily') }}

    union all

    select
        period_start_date,
        resolved_provider,
        'fine_tuning' as component,
        job_cost_usd as computed_cost_usd
    from {{ ref('int_finetuning_jobs_monthly') }}

    union all

    select
        period_start_date,
        resolved_provider,
        case when component = 'fine_tuning' then component else 'calls' end as component,
        {{ money('-1 * (computed_cost_usd + uncovered_computed_cost_usd)') }} as computed_cost_usd
    from reconciled
    where computed_cost_usd is not null

)

select
    {% for key in keys -%}
    coalesce(billed.{{ key }}, reconciled.{{ key }}) as {{ key }},
    {% endfor -%}
    billed.recognised_cost_usd as lines_recognised_usd,
    reconciled.recognised_cost_usd as recognised_usd
from billed
full outer join reconciled
    on {% for key in keys -%}
    billed.{{ key }} = reconciled.{{ key }}{{ ' and ' if not loop.last }}
    {%- endfor %}
left join covered
    on {% for key in keys -%}
    reconciled.{{ key }} = covered.{{ key }}{{ ' and ' if not loop.last }}
    {%- endfor %}
where
    coalesce(reconciled.covered_days, 0) <> coalesce(covered.covered_days, 0)
    {%- for amount in amounts %}
    or coalesce(billed.{{ amount }}, 0) <> coalesce(reconciled.{{ amount }}, 0)
    {%- endfor %}

union all

select
    computed.period_start_date,
    computed.resolved_provider,
    computed.component,
    'computed' as model_tag,
    {{ cost_sum('computed.computed_cost_usd') }} as lines_recognised_usd,
    {{ money('0') }} as recognised_usd
from computed
where computed.period_start_date <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
group by
    computed.period_start_date,
    computed.resolved_provider,
    computed.component
having {{ cost_sum('computed.computed_cost_usd') }} <> 0
