-- Tokens a delivered inference takes in the week shown, beside the usual band. Grain: one row per use case.
select
    tokens.use_case,
    tokens.served_inference_count,
    cast(tokens.avg_input_tokens as double) as avg_input_tokens,
    cast(tokens.avg_output_tokens as double) as avg_output_tokens,
    tokens.input_low,
    tokens.input_high,
    tokens.output_low,
    tokens.output_high,
    tokens.status
from marts.prompt_efficiency_weekly as tokens
inner join page_dates
    on tokens.period_start_date = page_dates.week_date
where tokens.use_case <> 'all' and tokens.served_inference_count > 0
order by tokens.served_inference_count desc nulls last, tokens.use_case asc nulls last
