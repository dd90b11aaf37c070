{#- The least squares line through six points at x = 1 … 6, at an x: mean + slope × (x - 3.5), over one denominator.
    Takes the sum of y and the sum of x × y. -#}
{%- macro fitted(y_sum, xy_sum, x) -%}
    {{ ratio(
        'cast(35 * ' ~ y_sum ~ ' as decimal(30, 12)) + cast(6 * ' ~ xy_sum ~ ' - 21 * ' ~ y_sum
        ~ ' as decimal(32, 12)) * cast(2 * ' ~ x ~ ' - 7 as decimal(3, 0))',
        '210'
    ) }}
{%- endmacro -%}
