{#- Pre-hook of the incremental facts: empty the touched days, in the transaction that writes them again. -#}
{%- macro delete_touched_days() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where usage_date in (select days.usage_date from {{ ref('int_days_touched') }} as days)
    {%- endif -%}
{%- endmacro -%}
