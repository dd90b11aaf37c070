{#- How a value stands to its target: on_target, watch (misses it by at most var watch_ratio of it), off_target.
    `comparison` is the target's own: <, <=, > or >=. -#}
{%- macro target_status(value, target, comparison) -%}
    case
        when {{ value }} is null then 'no_data'
        when {{ target }} is null then 'no_target'
        when {{ value }} = {{ target }} and {{ comparison }} in ('<=', '>=') then 'on_target'
        when {{ value }} < {{ target }} and {{ comparison }} in ('<', '<=') then 'on_target'
        when {{ value }} > {{ target }} and {{ comparison }} in ('>', '>=') then 'on_target'
        when
            cast(abs({{ value }} - {{ target }}) as decimal(28, 12))
            <= cast(abs(cast({{ target }} as decimal(19, 6))) * cast({{ var('watch_ratio') }} as decimal(9, 6)) as decimal(28, 12))
            then 'watch'
        else 'off_target'
    end
{%- endmacro -%}
