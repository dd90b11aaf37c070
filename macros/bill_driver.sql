{#- How much of a bill line's driver a usage row or call has. -#}
{%- macro bill_driver(line, usage) -%}
    cast(
        case {{ line }}.driver
            when 'gpu_seconds' then {{ usage }}.driver_gpu_seconds
            when 'tokens' then {{ usage }}.driver_tokens
            when 'calls' then {{ usage }}.driver_calls
            when 'retrievals' then {{ usage }}.driver_retrievals
            when 'inferences' then {{ usage }}.driver_inferences
            else 0
        end
    as decimal(28, 6))
{%- endmacro -%}
