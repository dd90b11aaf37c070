-- Stripe customers that the CRM does not know, beside the accounts without a payer that have their name or domain.
-- Grain: one row per stripe_customer_id and candidate_customer_id.
-- An account's domain is seldom exported, so its name written as one word counts as one: billing@acme.io is Acme's.
-- Mail services are nobody's domain. A guess for a person to settle in the seed stripe_customer_map: nothing else reads
-- it.
with

payers as (

    select * from {{ ref('int_stripe_customers_resolved') }}

),

accounts as (

    select
        accounts.customer_id,
        accounts.customer_name,
        crm.internet_domain
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('stg_canonical__crm_customers') }} as crm
        on accounts.customer_id = crm.customer_id
    left join payers
        on accounts.customer_id = payers.customer_id
    where payers.customer_id is null and not accounts.is_internal

),

mail_services as (

    select services.email_domain
    from (
        values
        ('gmail.com'), ('googlemail.com'), ('outlook.com'), ('hotmail.com'), ('live.com'), ('yahoo.com'),
        ('icloud.com'), ('me.com'), ('aol.com'), ('proton.me'), ('protonmail.com'), ('gmx.de'), ('gmx.net'), ('web.de'),
        ('qq.com'), ('163.com')
    ) as services (email_domain)

),

unknown_payers as (

    select
        payers.stripe_customer_id,
        payers.customer_id,
        payers.customer_name,
        case when mail_services.email_domain is null then payers.email_domain end as email_domain
    from payers
    left join mail_services
        on payers.email_domain = mail_services.email_domain
    where not payers.is_in_crm and not payers.is_settled

),

compared as (

    select
        unknown_payers.stripe_customer_id,
        unknown_payers.customer_id,
        unknown_payers.customer_name,
        accounts.customer_id as candidate_customer_id,
        accounts.customer_name as candidate_name,
        coalesce(lower(trim(unknown_payers.customer_name)) = lower(trim(accounts.customer_name)), false)
            as has_same_name,
        coalesce(unknown_payers.email_domain = accounts.internet_domain, false)
        or coalesce(
            regexp_replace(unknown_payers.email_domain, '(?s)[.].*$', '')
            = replace(lower(trim(accounts.customer_name)), ' ', ''),
            false
        ) as has_same_domain
    from unknown_payers
    cross join accounts

),

final as (

    select
        stripe_customer_id,
        customer_id,
        customer_name,
        candidate_customer_id,
        candidate_name,
        case
            when has_same_name and has_same_domain then 'name and e-mail domain'
            when has_same_name then 'name'
            else 'e-mail domain'
        end as matched_on
    from compared
    where has_same_name or has_same_domain

)

select * from final
