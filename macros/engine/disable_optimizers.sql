{#- DuckDB 2.0.1 takes a sum beside an empty table, read by a CTE that is used twice, for never above 0: a company without
    billing had no active survivors. Without the optimizer that concludes so it is right. Called by on-run-start, for the
    whole process, whatever the profile says. -#}
{%- macro disable_optimizers() -%}
    {{ return(adapter.dispatch('disable_optimizers')()) }}
{%- endmacro -%}

{%- macro duckdb__disable_optimizers() -%}
    set global disabled_optimizers = 'statistics_propagation'
{%- endmacro -%}

{%- macro spark__disable_optimizers() -%}{%- endmacro -%}
