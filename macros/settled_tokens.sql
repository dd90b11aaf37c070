{#- A token bucket (uncached_input, output, reasoning) of stated tokens whose token_semantics are known. -#}
{%- macro settled_tokens(bucket) -%}
    {%- if bucket == 'uncached_input' -%}
    case
        when token_semantics in ('disjoint', 'cache_beside') then stated_input
        else stated_input - stated_cache_read - stated_cache_write_5m - stated_cache_write_1h
    end
    {%- elif bucket == 'output' -%}
    case
        when token_semantics in ('disjoint', 'reasoning_beside') then stated_output + stated_reasoning
        when token_semantics = 'thinking' then stated_total - stated_input
        else stated_output
    end
    {%- else -%}
    case
        when token_semantics <> 'thinking' or stated_reasoning = stated_total - stated_input - stated_output
            then stated_reasoning
        else stated_reasoning + stated_total - stated_input - stated_output
    end
    {%- endif -%}
{%- endmacro -%}
