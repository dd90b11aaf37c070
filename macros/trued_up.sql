{#- A computed cost as the bill has it: computed × billed ÷ Σ computed of the covered calls, rounded once. `true_up` is
    the joined row of int_true_ups_daily, null where no bill covers the day. -#}
{%- macro trued_up(computed_cost, true_up) -%}
    {{ money(
        'case when ' ~ true_up ~ ".factor_status = 'as_billed' then "
        ~ shared_part(true_up ~ '.billed_cost_usd', computed_cost, true_up ~ '.computed_cost_usd', 12)
        ~ ' when ' ~ true_up ~ ".factor_status = 'capped' then " ~ computed_cost ~ ' * ' ~ var('max_true_up_factor')
        ~ ' else ' ~ computed_cost ~ ' end'
    ) }}
{%- endmacro -%}
