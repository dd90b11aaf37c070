{#- Cost of some tokens, rounded once to 1e-12; 0 without tokens, null when tokens have no price.
    A price per token has two columns: `<price>`, to 1e-12, and `<price>_rest`, what is finer. Only some thirty prices
    of the book have a rest, and only they pay for a rescaling cast, which costs DuckDB a microsecond a value.
    Prices are decimal(19, 12), not narrower: up to 18 digits DuckDB multiplies in 64 bits, which overflow. -#}
{%- macro token_cost(tokens, price) -%}
    case
        when {{ tokens }} > 0 then {{ money(
            'cast(' ~ tokens ~ ' as decimal(12, 0)) * ' ~ price
            ~ ' + case when has_price_rest then '
            ~ money('cast(' ~ tokens ~ ' as decimal(12, 0)) * ' ~ price ~ '_rest')
            ~ ' else ' ~ money('0') ~ ' end'
        ) }}
        else {{ money('0') }}
    end
{%- endmacro -%}
