{#- Pre-hook of the incremental models: empty the touched days, or months, before they are written again.
    `days_model` lists them; it is built in the same run, or a fact would be built from yesterday's answer. -#}
{%- macro delete_touched_days(days_model, column='usage_date') -%}
    {%- if execute and 'model.ai_unit_economics.' ~ days_model not in selected_resources -%}
        {{ exceptions.raise_compiler_error(
            this.identifier ~ " is built together with what decides its days: select +" ~ this.identifier
        ) }}
    {%- endif -%}
    {%- if is_incremental() -%}
        {{ delete_days(this, ref(days_model), column) }}
    {%- endif -%}
{%- endmacro -%}
