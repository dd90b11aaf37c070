{#- Totals decide (SOURCES: each source states what it means): whether the stated tokens stand beside each other
    (disjoint), only the cached or only the reasoning ones stand beside input and output (cache_beside,
    reasoning_beside), all are parts of them (inclusive), leave a Google model's thoughts out (thinking), or add up to
    nothing known (unexplained). Asks columns stated_<bucket>, stated_total, default_semantics and is_google_model. -#}
{%- macro token_semantics() -%}
    {%- set cached = 'stated_cache_read + stated_cache_write_5m + stated_cache_write_1h' -%}
    case
        when coalesce(stated_total, 0) <= 0 then default_semantics
        when stated_input + stated_output + {{ cached }} + stated_reasoning = stated_total then 'disjoint'
        when stated_input + stated_output = stated_total then 'inclusive'
        when stated_input + stated_output + {{ cached }} = stated_total then 'cache_beside'
        when is_google_model and stated_input + stated_output < stated_total then 'thinking'
        when stated_input + stated_output + stated_reasoning = stated_total then 'reasoning_beside'
        else 'unexplained'
    end
{%- endmacro -%}
