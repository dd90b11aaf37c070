{#- What the change of a share brings: value × (part ÷ whole now, less then). Part and whole are whole numbers with
    `previous_` ones beside them; whole_unit is what one of the whole stands for. -#}
{%- macro bridge_share_change(value, part, whole, whole_unit='') -%}
    {{ money(
        shared_part(value, part, whole ~ whole_unit, 0)
        ~ ' - ' ~ shared_part(value, 'previous_' ~ part, 'previous_' ~ whole ~ whole_unit, 0)
    ) }}
{%- endmacro -%}
