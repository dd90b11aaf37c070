{#- dbt's `dateadd` on Spark, in its place: theirs repeats the date nine times, so one date made of another, made of a third,
    took Spark a minute to read; and it drops what is below a second. -#}
{%- macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, cast({{ interval }} as int), {{ from_date_or_timestamp }})
{%- endmacro -%}
