{#- Cost of a token bucket whose audio, image or reasoning part may have a price of its own. `parts` maps the part's
    tokens to its price; a part without a price is paid like the rest of the bucket. -#}
{%- macro bucket_cost(tokens, price, parts) -%}
    {%- set rest, costs = [tokens], [] -%}
    {%- for part, part_price in parts.items() -%}
        {%- do rest.append('case when ' ~ part_price ~ ' is null then 0 else ' ~ part ~ ' end') -%}
        {%- do costs.append(' + case when ' ~ part_price ~ ' is null then ' ~ money('0') ~ ' else '
            ~ token_cost(part, part_price) ~ ' end') -%}
    {%- endfor -%}
    case
        when {{ parts | join(' + ') }} = 0 then {{ token_cost(tokens, price) }}
        else {{ money(token_cost('(' ~ rest | join(' - ') ~ ')', price) ~ costs | join('')) }}
    end
{%- endmacro -%}
