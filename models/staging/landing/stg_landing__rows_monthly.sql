-- Landed rows of our own formats by the month of their own time (UTC), else of their landing. None of them is skipped:
-- an older version of a row was landed like the newer one.
-- Grain: one row per source_name and period_start_date.
{% set times = {
    'inference_events': 'timestamp', 'ai_bills': 'period_start', 'crm_customers': 'signed_up_at',
    'acquisition_spend': 'spend_date', 'workflow_outcomes': 'resolved_at', 'feedback': 'created_at',
    'paired_evaluations': 'evaluated_at', 'ab_results': 'observed_at', 'quality_scores': 'released_at',
    'finetuning_jobs': 'completed_at', 'fx_rates': 'rate_date'
} %}
with

final as (

    {% for source_name, time in times.items() -%}
    select
        '{{ source_name }}' as source_name,
        cast({{ dbt.date_trunc('month', 'coalesce(cast(' ~ adapter.quote(time) ~ ' as timestamp), _landed_at)') }} as date)
            as period_start_date,
        count(*) as row_count
    from {{ source('raw', source_name) }}
    group by period_start_date
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
)

select * from final
