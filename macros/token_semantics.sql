{#- Totals decide (SOURCES: each source states what it means): whether the stated tokens stand beside each other
    (disjoint), are parts of input and output (inclusive), leave a Google model's thoughts out (thinking), or add up to
    nothing known (unexplained). Asks columns stated_<bucket>, stated_total, default_semantics and is_google_model. -#}
{%- macro token_semantics() -%}
    case
        when coalesce(stated_total, 0) <= 0 then default_semantics
        when
            stated_input + stated_output + stated_cache_read + stated_cache_write_5m + stated_cache_write_1h
            + stated_reasoning = stated_total
            then 'disjoint'
        when stated_input + stated_output = stated_total then 'inclusive'
        when is_google_model and stated_input + stated_output < stated_total then 'thinking'
        else 'unexplained'
    end
{%- endmacro -%}
