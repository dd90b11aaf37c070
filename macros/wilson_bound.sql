{#- A bound of the Wilson 95 % interval of successes among trials: `sign` is - for the lower, + for the upper one.
    Null without trials. E. B. Wilson, Probable inference, J. Amer. Statist. Assoc. 22 (1927). -#}
{%- macro wilson_bound(successes, trials, sign) -%}
    {%- set z = 'cast(' ~ var('confidence_z') ~ ' as double)' -%}
    {%- set k = 'cast(' ~ successes ~ ' as double)' -%}
    {%- set n = 'cast(' ~ trials ~ ' as double)' -%}
    case
        when {{ trials }} > 0
            then {{ statistic(
                '(2 * ' ~ k ~ ' + ' ~ z ~ ' * ' ~ z ~ ' ' ~ sign ~ ' ' ~ z ~ ' * sqrt(' ~ z ~ ' * ' ~ z
                ~ ' + 4 * ' ~ k ~ ' * (' ~ n ~ ' - ' ~ k ~ ') / ' ~ n ~ ')) / (2 * (' ~ n ~ ' + ' ~ z ~ ' * ' ~ z ~ '))'
            ) }}
    end
{%- endmacro -%}
