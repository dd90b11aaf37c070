{#- A double as decimal to 1e-9, the same digits on both engines: they round a double with places each in its own way, and
    alike only whole numbers that a double holds. So the whole part and the places are such numbers, each by itself. -#}
{%- macro decimal_of(double) -%}
    cast(
        cast(floor({{ double }}) as decimal(19, 0))
        + cast(floor(({{ double }} - floor({{ double }})) * 1e9 + 5e-1) as decimal(10, 0))
        * cast(0.000000001 as decimal(9, 9))
    as decimal(28, 9))
{%- endmacro -%}
