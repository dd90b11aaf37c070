{#- A value times the mean of a share, part ÷ whole now and then (bridge_share_change). -#}
{%- macro bridge_share_mean(value, part, whole, whole_unit='') -%}
    {{ money(
        '(' ~ shared_part(value, part, whole ~ whole_unit, 0)
        ~ ' + ' ~ shared_part(value, 'previous_' ~ part, 'previous_' ~ whole ~ whole_unit, 0)
        ~ ') * cast(0.5 as decimal(1, 1))'
    ) }}
{%- endmacro -%}
