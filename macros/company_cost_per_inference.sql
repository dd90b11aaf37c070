{#- The rows of cost_per_inference of the company as a whole, of one length of period. -#}
{%- macro company_cost_per_inference(costs, period_grain) -%}
select
        period_start_date,
        call_count,
        attempt_count,
        inference_count,
        successful_inference_count,
        unpriced_call_count,
        {% for component in cost_components() -%}
        {{ component }},
        {% endfor -%}
        inference_cost_usd,
        ai_cost_usd,
        {% for component in cost_components() -%}
        {{ component | replace('_cost_usd', '_cpi_usd') }},
        {% endfor -%}
        cpi_usd,
        unpriced_ratio,
        unattributed_ratio,
        cost_status,
        cpi_status,
        is_complete
    from {{ costs }}
    where period_grain = '{{ period_grain }}' and dimension = 'all'
{%- endmacro -%}
