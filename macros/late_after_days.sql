{#- Source -> days without rows after which it is late: the freshness its YAML asks for, which scripts/run.py reads too. -#}
{%- macro late_after_days() -%}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- for table in (graph.sources or {}).values()
            if table.package_name == 'ai_unit_economics' and table.loaded_at_field and table.freshness -%}
            {%- set late = table.freshness.warn_after -%}
            {%- if late and late.count and late.period == 'day' -%}{%- do found.update({table.name: late.count}) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}
