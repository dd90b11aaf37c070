-- Wilson bounds of known counts (80 of 100, 20 of 20, and the edges), worked out to 50 digits elsewhere.
with

known as (

    select *
    from (
        values
        (80, 100, 0.7111708344, 0.8666330667),
        (20, 20, 0.8388748419, 1.0),
        (0, 20, 0.0, 0.1611251581),
        (60, 100, 0.5020025868, 0.6905987136),
        (0, 1, 0.0, 0.7934506856),
        (936, 1319, 0.6845504793, 0.7334890343)
    ) as counts (successes, trials, lower_ratio, upper_ratio)

)

select *
from known
where
    abs({{ wilson_bound('successes', 'trials', '-') }} - lower_ratio) > 0.0000000001
    or abs({{ wilson_bound('successes', 'trials', '+') }} - upper_ratio) > 0.0000000001
    or {{ wilson_bound('successes', '(trials - trials)', '+') }} is not null
