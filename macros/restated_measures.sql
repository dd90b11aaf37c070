{#- What a release and a later build are compared by, with types. priced_cost_usd is the effective cost of priced calls:
    their computed cost, as the bills have it. -#}
{%- macro restated_measures() -%}
    {{ return({
        'call_count': 'bigint',
        'token_count': 'bigint',
        'computed_cost_usd': 'decimal(28, 12)',
        'priced_cost_usd': 'decimal(28, 12)',
        'gpu_compute_cost_usd': 'decimal(28, 12)',
        'vector_db_cost_usd': 'decimal(28, 12)',
        'other_ai_cost_usd': 'decimal(28, 12)',
        'fine_tuning_cost_usd': 'decimal(28, 12)',
        'ai_cost_usd': 'decimal(28, 12)',
    }) }}
{%- endmacro -%}
