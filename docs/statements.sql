-- The SQL statements of the gateway. Written by `npm run statements`; do not edit.
--
-- To run a statement, set its parameters in psql and paste it:
--
--   \set teamId '01234567-89ab-7def-8123-456789abcdef'
--
-- Replace a parameter that is to be null with null. The gateway sends $1, $2 and so on for parameters. The ORM writes values
-- into the text.
--
-- Each connection prepares a statement marked (prepared) once. PostgreSQL plans the others at each call.
--
-- Not listed: begin, commit and rollback; the SQL of migrations, in migrations/, src/customers/fill-keys.ts and
-- src/webhooks/jobs/migrate-jobs.ts; the statements of graphile-worker; the check of the demo credentials, in src/demo.ts;
-- and statements about the server itself (health checks, advisory locks, the embedded server, doctor), in src/database/,
-- src/server.ts and src/cli/.

-- ## Creating customers

-- insert-customer (prepared)
-- For each createCustomer without an idempotency key that shares no statement.
with
  new_customer as (
    insert into
      customer (
        team_id,
        "id",
        "name",
        "email",
        "main_phone",
        "website",
        "external_id",
        "notes",
        "tax_number",
        "payment_term",
        "status",
        "metadata",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_zip_code",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_zip_code",
        "shipping_country",
        "email_key",
        "name_key",
        "search_text"
      )
    values
      (
        :'teamId'::uuid,
        :'uuid'::uuid,
        :'customer'::text,
        :'email'::text,
        :'mainPhone'::text,
        :'website'::text,
        :'externalId'::text,
        :'notes'::text,
        :'taxNumber'::text,
        :'paymentTerm'::text,
        :'status'::text,
        :'metadata'::jsonb,
        :'billingAddress_street'::text,
        :'billingAddress_city'::text,
        :'billingAddress_state'::text,
        :'billingAddress_zipCode'::text,
        :'billingAddress_country'::text,
        :'shippingAddress_street'::text,
        :'shippingAddress_city'::text,
        :'shippingAddress_state'::text,
        :'shippingAddress_zipCode'::text,
        :'shippingAddress_country'::text,
        :'emailKey'::text,
        :'nameKey'::text,
        :'searchText'::text
      )
    on conflict do nothing
    returning
      *
  ),
  sent_contact as (
    select
      *
    from
      json_to_recordset(:'contacts'::json) as contact (
        "uuid" uuid,
        "customer" uuid,
        "position" smallint,
        "firstName" text,
        "lastName" text,
        "email" text,
        "phone" text,
        "isPrimary" boolean
      )
  ),
  sent_contacts as (
    select
      "customer",
      json_agg(
        json_build_object(
          'uuid',
          "uuid",
          'firstName',
          "firstName",
          'lastName',
          "lastName",
          'email',
          "email",
          'phone',
          "phone",
          'isPrimary',
          "isPrimary"
        )
        order by
          "position"
      ) as list
    from
      sent_contact
    group by
      "customer"
  ),
  new_contact as (
    insert into
      contact ("id", "customer_id", "position", "first_name", "last_name", "email", "phone", "is_primary")
    select
      sent_contact.*
    from
      new_customer,
      sent_contact
  ),
  after_change as (
    select
      new_customer."id" as "uuid",
      new_customer."name" as "customer",
      new_customer."email" as "email",
      new_customer."main_phone" as "mainPhone",
      new_customer."website" as "website",
      new_customer."external_id" as "externalId",
      new_customer."notes" as "notes",
      new_customer."tax_number" as "taxNumber",
      new_customer."payment_term" as "paymentTerm",
      new_customer."status" as "status",
      new_customer."metadata" as "metadata",
      new_customer."billing_street" as "billingAddress.street",
      new_customer."billing_city" as "billingAddress.city",
      new_customer."billing_state" as "billingAddress.state",
      new_customer."billing_zip_code" as "billingAddress.zipCode",
      new_customer."billing_country" as "billingAddress.country",
      new_customer."shipping_street" as "shippingAddress.street",
      new_customer."shipping_city" as "shippingAddress.city",
      new_customer."shipping_state" as "shippingAddress.state",
      new_customer."shipping_zip_code" as "shippingAddress.zipCode",
      new_customer."shipping_country" as "shippingAddress.country",
      new_customer."version" as "version",
      new_customer."created_at" as "createdAt",
      new_customer."updated_at" as "updatedAt",
      coalesce(
        (
          select
            list
          from
            sent_contacts
          where
            sent_contacts."customer" = new_customer.id
        ),
        '[]'
      ) as "contacts"
    from
      new_customer
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      new_customer.team_id,
      new_customer.id,
      'CREATED',
      new_customer.version,
      new_customer.transaction,
      row_to_json(after_change),
      null::json,
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      new_customer
      join after_change on after_change."uuid" = new_customer.id
  )
select
  created_at as "createdAt"
from
  new_customer;

-- insert-customers-together (prepared)
-- For two to 64 createCustomer, with and without idempotency keys, that arrive while one statement of this kind
-- is in progress. A call with a key that it neither stores nor knows is sent again with insert-customers.
with
  lock_timeout as materialized (
    select
      set_config('lock_timeout', '5ms', true) as milliseconds
  ),
  sent as (
    select
      *
    from
      json_to_recordset(:'calls'::json) as sent (
        "teamId" uuid,
        "clientId" uuid,
        "tokenId" uuid,
        "requestId" uuid,
        "key" text,
        "requestHash" text,
        "seed" uuid,
        "uuid" uuid,
        "customer" text,
        "email" text,
        "mainPhone" text,
        "website" text,
        "externalId" text,
        "notes" text,
        "taxNumber" text,
        "paymentTerm" text,
        "status" text,
        "metadata" jsonb,
        "billingAddress.street" text,
        "billingAddress.city" text,
        "billingAddress.state" text,
        "billingAddress.zipCode" text,
        "billingAddress.country" text,
        "shippingAddress.street" text,
        "shippingAddress.city" text,
        "shippingAddress.state" text,
        "shippingAddress.zipCode" text,
        "shippingAddress.country" text,
        "emailKey" text,
        "nameKey" text,
        "searchText" text
      )
    where
      exists (
        select
        from
          lock_timeout
        where
          milliseconds is not null
      )
  ),
  known as (
    select
      sent."uuid",
      outcomes,
      created_at as "createdAt",
      request_hash as "requestHash",
      idempotency_key.seed,
      idempotency_key.key <> sent."key" as "isErased",
      case
        when result is not null then json_build_object('rows', result, 'conflicts', conflicts)
      end as legacy
    from
      sent
      join idempotency_key on idempotency_key.team_id = sent."teamId"
      and idempotency_key.client_id = sent."clientId"
      and idempotency_key.key in (sent."key", ' ' || encode(sha256(convert_to(sent."key", 'UTF8')), 'hex'))
  ),
  new_customer as (
    insert into
      customer (
        team_id,
        "id",
        "name",
        "email",
        "main_phone",
        "website",
        "external_id",
        "notes",
        "tax_number",
        "payment_term",
        "status",
        "metadata",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_zip_code",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_zip_code",
        "shipping_country",
        "email_key",
        "name_key",
        "search_text"
      )
    select
      sent."teamId",
      sent."uuid",
      sent."customer",
      sent."email",
      sent."mainPhone",
      sent."website",
      sent."externalId",
      sent."notes",
      sent."taxNumber",
      sent."paymentTerm",
      sent."status",
      sent."metadata",
      sent."billingAddress.street",
      sent."billingAddress.city",
      sent."billingAddress.state",
      sent."billingAddress.zipCode",
      sent."billingAddress.country",
      sent."shippingAddress.street",
      sent."shippingAddress.city",
      sent."shippingAddress.state",
      sent."shippingAddress.zipCode",
      sent."shippingAddress.country",
      sent."emailKey",
      sent."nameKey",
      sent."searchText"
    from
      sent
    where
      sent."uuid" not in (
        select
          "uuid"
        from
          known
      )
    order by
      sent."teamId",
      sent."emailKey"
    on conflict do nothing
    returning
      *
  ),
  sent_contact as (
    select
      *
    from
      json_to_recordset(:'contacts'::json) as contact (
        "uuid" uuid,
        "customer" uuid,
        "position" smallint,
        "firstName" text,
        "lastName" text,
        "email" text,
        "phone" text,
        "isPrimary" boolean
      )
  ),
  sent_contacts as (
    select
      "customer",
      json_agg(
        json_build_object(
          'uuid',
          "uuid",
          'firstName',
          "firstName",
          'lastName',
          "lastName",
          'email',
          "email",
          'phone',
          "phone",
          'isPrimary',
          "isPrimary"
        )
        order by
          "position"
      ) as list
    from
      sent_contact
    group by
      "customer"
  ),
  new_contact as (
    insert into
      contact ("id", "customer_id", "position", "first_name", "last_name", "email", "phone", "is_primary")
    select
      *
    from
      sent_contact
    where
      "customer" in (
        select
          id
        from
          new_customer
      )
  ),
  after_change as (
    select
      new_customer."id" as "uuid",
      new_customer."name" as "customer",
      new_customer."email" as "email",
      new_customer."main_phone" as "mainPhone",
      new_customer."website" as "website",
      new_customer."external_id" as "externalId",
      new_customer."notes" as "notes",
      new_customer."tax_number" as "taxNumber",
      new_customer."payment_term" as "paymentTerm",
      new_customer."status" as "status",
      new_customer."metadata" as "metadata",
      new_customer."billing_street" as "billingAddress.street",
      new_customer."billing_city" as "billingAddress.city",
      new_customer."billing_state" as "billingAddress.state",
      new_customer."billing_zip_code" as "billingAddress.zipCode",
      new_customer."billing_country" as "billingAddress.country",
      new_customer."shipping_street" as "shippingAddress.street",
      new_customer."shipping_city" as "shippingAddress.city",
      new_customer."shipping_state" as "shippingAddress.state",
      new_customer."shipping_zip_code" as "shippingAddress.zipCode",
      new_customer."shipping_country" as "shippingAddress.country",
      new_customer."version" as "version",
      new_customer."created_at" as "createdAt",
      new_customer."updated_at" as "updatedAt",
      coalesce(
        (
          select
            list
          from
            sent_contacts
          where
            sent_contacts."customer" = new_customer.id
        ),
        '[]'
      ) as "contacts"
    from
      new_customer
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      new_customer.team_id,
      new_customer.id,
      'CREATED',
      new_customer.version,
      new_customer.transaction,
      row_to_json(after_change),
      null::json,
      sent."clientId",
      sent."tokenId",
      sent."requestId",
      null::text,
      null::uuid
    from
      new_customer
      join after_change on after_change."uuid" = new_customer.id
      join sent on sent."uuid" = new_customer.id
  ),
  new_key as (
    insert into
      idempotency_key (team_id, client_id, key, request_hash, seed, outcomes)
    select
      sent."teamId",
      sent."clientId",
      sent."key",
      decode(sent."requestHash", 'hex'),
      sent."seed",
      'c'
    from
      sent
      join new_customer on new_customer.id = sent."uuid"
    where
      sent."key" is not null
  )
select
  *
from
  known
union all
select
  id,
  'c',
  created_at,
  null,
  null,
  false,
  null
from
  new_customer;

-- insert-customers (prepared)
-- For each createCustomers, each createCustomer with an idempotency key that shares no statement, and each batch
-- of an import. A call with a key that creates nothing sends it twice.
with
  team_lock as materialized (
    select
      pg_advisory_xact_lock(hashtextextended (:'teamId'::uuid::text, 4201126112)) as taken
  ),
  known as (
    select
      outcomes,
      created_at as "createdAt",
      request_hash as "requestHash",
      seed,
      key <> :'key'::text as "isErased",
      case
        when result is not null then json_build_object('rows', result, 'conflicts', conflicts)
      end as legacy
    from
      idempotency_key
    where
      team_id = :'teamId'::uuid
      and client_id = :'clientId'::uuid
      and key in (:'key'::text, ' ' || encode(sha256(convert_to(:'key'::text, 'UTF8')), 'hex'))
  ),
  given as (
    select
      *
    from
      json_to_recordset(:'customers'::json) as given (
        "uuid" uuid,
        "customer" text,
        "email" text,
        "mainPhone" text,
        "website" text,
        "externalId" text,
        "notes" text,
        "taxNumber" text,
        "paymentTerm" text,
        "status" text,
        "metadata" jsonb,
        "billingAddress.street" text,
        "billingAddress.city" text,
        "billingAddress.state" text,
        "billingAddress.zipCode" text,
        "billingAddress.country" text,
        "shippingAddress.street" text,
        "shippingAddress.city" text,
        "shippingAddress.state" text,
        "shippingAddress.zipCode" text,
        "shippingAddress.country" text,
        "emailKey" text,
        "nameKey" text,
        "searchText" text
      )
    where
      not exists (
        select
        from
          known
      )
      and exists (
        select
        from
          team_lock
      )
  ),
  new_customer as (
    insert into
      customer (
        team_id,
        "id",
        "name",
        "email",
        "main_phone",
        "website",
        "external_id",
        "notes",
        "tax_number",
        "payment_term",
        "status",
        "metadata",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_zip_code",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_zip_code",
        "shipping_country",
        "email_key",
        "name_key",
        "search_text"
      )
    select
      :'teamId'::uuid,
      given.*
    from
      given
    on conflict do nothing
    returning
      *
  ),
  sent_contact as (
    select
      *
    from
      json_to_recordset(:'contacts'::json) as contact (
        "uuid" uuid,
        "customer" uuid,
        "position" smallint,
        "firstName" text,
        "lastName" text,
        "email" text,
        "phone" text,
        "isPrimary" boolean
      )
  ),
  sent_contacts as (
    select
      "customer",
      json_agg(
        json_build_object(
          'uuid',
          "uuid",
          'firstName',
          "firstName",
          'lastName',
          "lastName",
          'email',
          "email",
          'phone',
          "phone",
          'isPrimary',
          "isPrimary"
        )
        order by
          "position"
      ) as list
    from
      sent_contact
    group by
      "customer"
  ),
  new_contact as (
    insert into
      contact ("id", "customer_id", "position", "first_name", "last_name", "email", "phone", "is_primary")
    select
      *
    from
      sent_contact
    where
      "customer" in (
        select
          id
        from
          new_customer
      )
  ),
  after_change as (
    select
      new_customer."id" as "uuid",
      new_customer."name" as "customer",
      new_customer."email" as "email",
      new_customer."main_phone" as "mainPhone",
      new_customer."website" as "website",
      new_customer."external_id" as "externalId",
      new_customer."notes" as "notes",
      new_customer."tax_number" as "taxNumber",
      new_customer."payment_term" as "paymentTerm",
      new_customer."status" as "status",
      new_customer."metadata" as "metadata",
      new_customer."billing_street" as "billingAddress.street",
      new_customer."billing_city" as "billingAddress.city",
      new_customer."billing_state" as "billingAddress.state",
      new_customer."billing_zip_code" as "billingAddress.zipCode",
      new_customer."billing_country" as "billingAddress.country",
      new_customer."shipping_street" as "shippingAddress.street",
      new_customer."shipping_city" as "shippingAddress.city",
      new_customer."shipping_state" as "shippingAddress.state",
      new_customer."shipping_zip_code" as "shippingAddress.zipCode",
      new_customer."shipping_country" as "shippingAddress.country",
      new_customer."version" as "version",
      new_customer."created_at" as "createdAt",
      new_customer."updated_at" as "updatedAt",
      coalesce(
        (
          select
            list
          from
            sent_contacts
          where
            sent_contacts."customer" = new_customer.id
        ),
        '[]'
      ) as "contacts"
    from
      new_customer
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      new_customer.team_id,
      new_customer.id,
      'CREATED',
      new_customer.version,
      new_customer.transaction,
      row_to_json(after_change),
      null::json,
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      new_customer
      join after_change on after_change."uuid" = new_customer.id
  ),
  refused as (
    select
      given."uuid",
      case
        when given."externalId" is null
        or exists (
          select
          from
            customer as holder
          where
            holder.team_id = :'teamId'::uuid
            and holder.email_key = given."emailKey"
            and holder.deleted_at is null
            and holder.id <> given."uuid"
        )
        or given."emailKey" in (
          select
            email_key
          from
            new_customer
        ) then 'EMAIL_EXISTS'
        when exists (
          select
          from
            customer as holder
          where
            holder.team_id = :'teamId'::uuid
            and holder.external_id = given."externalId"
            and holder.deleted_at is null
            and holder.id <> given."uuid"
        )
        or given."externalId" in (
          select
            external_id
          from
            new_customer
        ) then 'EXTERNAL_ID_EXISTS'
      end as "code"
    from
      given
    where
      given."uuid" not in (
        select
          id
        from
          new_customer
      )
  ),
  outcome as (
    select
      (
        select
          string_agg(
            case
              when sent."uuid" is null then 'i'
              when refused."uuid" is null then 'c'
              when refused."code" = 'EMAIL_EXISTS' then 'e'
              when refused."code" = 'EXTERNAL_ID_EXISTS' then 'x'
              else 'u'
            end,
            ''
            order by
              sent."place"
          )
        from
          json_array_elements_text(:'uuids'::json) with ordinality as sent ("uuid", "place")
          left join refused on refused."uuid" = sent."uuid"::uuid
      ) as outcomes,
      (
        select
          min(created_at)
        from
          new_customer
      ) as "createdAt",
      null::bytea as "requestHash",
      null::uuid as seed,
      false as "isErased",
      null::json as legacy
    where
      not exists (
        select
        from
          known
      )
  ),
  new_key as (
    insert into
      idempotency_key (team_id, client_id, key, request_hash, seed, outcomes)
    select
      :'teamId'::uuid,
      :'clientId'::uuid,
      :'key'::text,
      :'requestHash'::bytea,
      :'seed'::uuid,
      outcomes
    from
      outcome
    where
      :'key'::text is not null
      and "createdAt" is not null
  )
select
  *
from
  known
union all
select
  *
from
  outcome;

-- find-conflicts (prepared)
-- When either the email or the external ID of a create is taken, to find out which, and before an update that
-- changes either.
select
  "uuid",
  case
    when exists (
      select
      from
        customer as holder
      where
        holder.team_id = :'teamId'::uuid
        and holder.email_key = given."emailKey"
        and holder.deleted_at is null
        and holder.id <> given."uuid"
    ) then 'EMAIL_EXISTS'
    when exists (
      select
      from
        customer as holder
      where
        holder.team_id = :'teamId'::uuid
        and holder.external_id = given."externalId"
        and holder.deleted_at is null
        and holder.id <> given."uuid"
    ) then 'EXTERNAL_ID_EXISTS'
  end as "code"
from
  json_to_recordset(:'claims'::json) as given ("uuid" uuid, "emailKey" text, "externalId" text);

-- settle-outcomes (prepared)
-- After find-conflicts, when the create had an idempotency key and created a customer.
update idempotency_key
set
  outcomes = case
    when strpos(outcomes, 'u') > 0 then :'outcomes'::text
    else outcomes
  end
where
  team_id = :'teamId'::uuid
  and client_id = :'clientId'::uuid
  and key = :'key'::text
returning
  outcomes;

-- ## Reading one customer

-- find-customer-by-uuid (prepared)
-- For each customer(uuid) that shares no statement.
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'
  and id = :'value'
  and deleted_at is null;

-- find-customers-by-uuid (prepared)
-- For two to 64 customer(uuid) that arrive while one statement of this kind is in progress.
select
  *
from
  (
    select
      *,
      min("place") filter (
        where
          not "fits"
      ) over () as "leftFrom"
    from
      (
        select
          *,
          row_number() over (
            order by
              "place"
          ) = 1
          or sum(
            coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
          ) over (
            order by
              "place"
          ) <= 262144 as "fits"
        from
          (
            select
              sent.place::int as "place",
              customer."id" as "uuid",
              customer."name" as "customer",
              customer."email" as "email",
              customer."main_phone" as "mainPhone",
              customer."website" as "website",
              customer."external_id" as "externalId",
              customer."notes" as "notes",
              customer."tax_number" as "taxNumber",
              customer."payment_term" as "paymentTerm",
              customer."status" as "status",
              customer."metadata" as "metadata",
              customer."billing_street" as "billingAddress.street",
              customer."billing_city" as "billingAddress.city",
              customer."billing_state" as "billingAddress.state",
              customer."billing_zip_code" as "billingAddress.zipCode",
              customer."billing_country" as "billingAddress.country",
              customer."shipping_street" as "shippingAddress.street",
              customer."shipping_city" as "shippingAddress.city",
              customer."shipping_state" as "shippingAddress.state",
              customer."shipping_zip_code" as "shippingAddress.zipCode",
              customer."shipping_country" as "shippingAddress.country",
              customer."version" as "version",
              customer."created_at" as "createdAt",
              customer."updated_at" as "updatedAt",
              (
                select
                  coalesce(
                    json_agg(
                      json_build_object(
                        'uuid',
                        contact."id",
                        'firstName',
                        contact."first_name",
                        'lastName',
                        contact."last_name",
                        'email',
                        contact."email",
                        'phone',
                        contact."phone",
                        'isPrimary',
                        contact."is_primary"
                      )
                      order by
                        contact."position"
                    ),
                    '[]'
                  )
                from
                  contact
                where
                  contact.customer_id = customer.id
              ) as "contacts"
            from
              unnest(:'teamIds'::uuid[], :'values'::uuid[]) with ordinality as sent (team_id, value, place)
              join customer on customer.team_id = sent.team_id
              and customer.id = sent.value
              and customer.deleted_at is null
            offset
              0
          ) as found
      ) as measured
  ) as marked
where
  "fits";

-- find-customer-by-email (prepared)
-- For each customerByEmail that shares no statement.
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'
  and email_key = :'value'
  and deleted_at is null;

-- find-customers-by-email (prepared)
-- For two to 64 customerByEmail that arrive while one statement of this kind is in progress.
select
  *
from
  (
    select
      *,
      min("place") filter (
        where
          not "fits"
      ) over () as "leftFrom"
    from
      (
        select
          *,
          row_number() over (
            order by
              "place"
          ) = 1
          or sum(
            coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
          ) over (
            order by
              "place"
          ) <= 262144 as "fits"
        from
          (
            select
              sent.place::int as "place",
              customer."id" as "uuid",
              customer."name" as "customer",
              customer."email" as "email",
              customer."main_phone" as "mainPhone",
              customer."website" as "website",
              customer."external_id" as "externalId",
              customer."notes" as "notes",
              customer."tax_number" as "taxNumber",
              customer."payment_term" as "paymentTerm",
              customer."status" as "status",
              customer."metadata" as "metadata",
              customer."billing_street" as "billingAddress.street",
              customer."billing_city" as "billingAddress.city",
              customer."billing_state" as "billingAddress.state",
              customer."billing_zip_code" as "billingAddress.zipCode",
              customer."billing_country" as "billingAddress.country",
              customer."shipping_street" as "shippingAddress.street",
              customer."shipping_city" as "shippingAddress.city",
              customer."shipping_state" as "shippingAddress.state",
              customer."shipping_zip_code" as "shippingAddress.zipCode",
              customer."shipping_country" as "shippingAddress.country",
              customer."version" as "version",
              customer."created_at" as "createdAt",
              customer."updated_at" as "updatedAt",
              (
                select
                  coalesce(
                    json_agg(
                      json_build_object(
                        'uuid',
                        contact."id",
                        'firstName',
                        contact."first_name",
                        'lastName',
                        contact."last_name",
                        'email',
                        contact."email",
                        'phone',
                        contact."phone",
                        'isPrimary',
                        contact."is_primary"
                      )
                      order by
                        contact."position"
                    ),
                    '[]'
                  )
                from
                  contact
                where
                  contact.customer_id = customer.id
              ) as "contacts"
            from
              unnest(:'teamIds'::uuid[], :'values'::text[]) with ordinality as sent (team_id, value, place)
              join customer on customer.team_id = sent.team_id
              and customer.email_key = sent.value
              and customer.deleted_at is null
            offset
              0
          ) as found
      ) as measured
  ) as marked
where
  "fits";

-- find-customer-by-external-id (prepared)
-- For each customerByExternalId that shares no statement.
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'
  and external_id = :'value'
  and deleted_at is null;

-- find-customers-by-external-id (prepared)
-- For two to 64 customerByExternalId that arrive while one statement of this kind is in progress.
select
  *
from
  (
    select
      *,
      min("place") filter (
        where
          not "fits"
      ) over () as "leftFrom"
    from
      (
        select
          *,
          row_number() over (
            order by
              "place"
          ) = 1
          or sum(
            coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
          ) over (
            order by
              "place"
          ) <= 262144 as "fits"
        from
          (
            select
              sent.place::int as "place",
              customer."id" as "uuid",
              customer."name" as "customer",
              customer."email" as "email",
              customer."main_phone" as "mainPhone",
              customer."website" as "website",
              customer."external_id" as "externalId",
              customer."notes" as "notes",
              customer."tax_number" as "taxNumber",
              customer."payment_term" as "paymentTerm",
              customer."status" as "status",
              customer."metadata" as "metadata",
              customer."billing_street" as "billingAddress.street",
              customer."billing_city" as "billingAddress.city",
              customer."billing_state" as "billingAddress.state",
              customer."billing_zip_code" as "billingAddress.zipCode",
              customer."billing_country" as "billingAddress.country",
              customer."shipping_street" as "shippingAddress.street",
              customer."shipping_city" as "shippingAddress.city",
              customer."shipping_state" as "shippingAddress.state",
              customer."shipping_zip_code" as "shippingAddress.zipCode",
              customer."shipping_country" as "shippingAddress.country",
              customer."version" as "version",
              customer."created_at" as "createdAt",
              customer."updated_at" as "updatedAt",
              (
                select
                  coalesce(
                    json_agg(
                      json_build_object(
                        'uuid',
                        contact."id",
                        'firstName',
                        contact."first_name",
                        'lastName',
                        contact."last_name",
                        'email',
                        contact."email",
                        'phone',
                        contact."phone",
                        'isPrimary',
                        contact."is_primary"
                      )
                      order by
                        contact."position"
                    ),
                    '[]'
                  )
                from
                  contact
                where
                  contact.customer_id = customer.id
              ) as "contacts"
            from
              unnest(:'teamIds'::uuid[], :'values'::text[]) with ordinality as sent (team_id, value, place)
              join customer on customer.team_id = sent.team_id
              and customer.external_id = sent.value
              and customer.deleted_at is null
            offset
              0
          ) as found
      ) as measured
  ) as marked
where
  "fits";

-- ## Reading objects by their IDs

-- find-many-customers (prepared)
-- For each nodes with more than one ID.
select
  *
from
  (
    select
      *,
      sum(
        coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
      ) over () > :'maxBytes'::bigint as "isCut",
      row_number() over () as "place"
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          (
            select
              coalesce(
                json_agg(
                  json_build_object(
                    'uuid',
                    contact."id",
                    'firstName',
                    contact."first_name",
                    'lastName',
                    contact."last_name",
                    'email',
                    contact."email",
                    'phone',
                    contact."phone",
                    'isPrimary',
                    contact."is_primary"
                  )
                  order by
                    contact."position"
                ),
                '[]'
              )
            from
              contact
            where
              contact.customer_id = customer.id
          ) as "contacts"
        from
          customer
        where
          team_id = :'teamId'::uuid
          and id = any (:'uuids'::uuid[])
          and deleted_at is null
        offset
          0
      ) as found
  ) as measured
where
  not "isCut"
  or "place" = 1;

-- find-many-contacts (prepared)
-- For the IDs of node and nodes that are of no customer.
select
  contact."id" as "uuid",
  contact."first_name" as "firstName",
  contact."last_name" as "lastName",
  contact."email" as "email",
  contact."phone" as "phone",
  contact."is_primary" as "isPrimary"
from
  contact
  join customer on customer.id = contact.customer_id
where
  contact.id = any (:'uuids'::uuid[])
  and team_id = :'teamId'::uuid
  and deleted_at is null;

-- find-many-events (prepared)
-- At the same time as find-many-contacts.
select
  *
from
  (
    select
      *,
      sum(octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0)) over () > :'maxBytes'::bigint as "isCut",
      row_number() over () as "place"
    from
      (
        select
          customer_event."id" as "id",
          customer_event."customer_id" as "customerId",
          customer_event."type" as "type",
          customer_event."version" as "version",
          customer_event."occurred_at" as "occurredAt",
          customer_event."customer" as "customer",
          customer_event."previous" as "previous",
          customer_event."client_id" as "clientId",
          customer_event."token_id" as "tokenId",
          customer_event."request_id" as "requestId",
          customer_event."command" as "command"
        from
          customer_event
        where
          team_id = :'teamId'::uuid
          and id = any (:'uuids'::uuid[])
        offset
          0
      ) as found
  ) as measured
where
  not "isCut"
  or "place" = 1;

-- ## Listing customers

-- list-customers-name_key-ASC (prepared)
-- For each customers or customersConnection without a filter whose customers are selected, on the first page.
-- Other orders and directions have statements of the same form, with email_key, created_at or updated_at
-- instead of name_key.
select
  *,
  "total" > :'maxBytes'::bigint as "isCut"
from
  (
    select
      *,
      sum(
        coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
      ) over () as "total"
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          (
            select
              coalesce(
                json_agg(
                  json_build_object(
                    'uuid',
                    contact."id",
                    'firstName',
                    contact."first_name",
                    'lastName',
                    contact."last_name",
                    'email',
                    contact."email",
                    'phone',
                    contact."phone",
                    'isPrimary',
                    contact."is_primary"
                  )
                  order by
                    contact."position"
                ),
                '[]'
              )
            from
              contact
            where
              contact.customer_id = customer.id
          ) as "contacts",
          place.name_key as "key",
          place."place"
        from
          (
            select
              name_key,
              id,
              row_number() over (
                order by
                  name_key ASC,
                  id ASC
              ) as "place"
            from
              (
                select
                  *
                from
                  (
                    select
                      name_key,
                      id
                    from
                      customer
                    where
                      team_id = :'teamId'
                      and deleted_at is null
                    order by
                      name_key ASC,
                      id ASC
                    limit
                      101
                  ) as ordered
                limit
                  :'limit'
              ) as page
          ) as place
          join customer on customer.id = place.id
        offset
          0
      ) as selected
  ) as measured
where
  "total" <= :'maxBytes'::bigint
  or "place" = 1
order by
  "place";

-- list-customers-name_key-ASC-offset (prepared)
-- For customers without a search, after the first page.
select
  *,
  "total" > :'maxBytes'::bigint as "isCut"
from
  (
    select
      *,
      sum(
        coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
      ) over () as "total"
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          (
            select
              coalesce(
                json_agg(
                  json_build_object(
                    'uuid',
                    contact."id",
                    'firstName',
                    contact."first_name",
                    'lastName',
                    contact."last_name",
                    'email',
                    contact."email",
                    'phone',
                    contact."phone",
                    'isPrimary',
                    contact."is_primary"
                  )
                  order by
                    contact."position"
                ),
                '[]'
              )
            from
              contact
            where
              contact.customer_id = customer.id
          ) as "contacts",
          place.name_key as "key",
          place."place"
        from
          (
            select
              name_key,
              id,
              row_number() over (
                order by
                  name_key ASC,
                  id ASC
              ) as "place"
            from
              (
                select
                  *
                from
                  (
                    select
                      name_key,
                      id
                    from
                      customer
                    where
                      team_id = :'teamId'
                      and deleted_at is null
                    order by
                      name_key ASC,
                      id ASC
                    limit
                      101
                    offset
                      :'offset'
                  ) as ordered
                limit
                  :'limit'
              ) as page
          ) as place
          join customer on customer.id = place.id
        offset
          0
      ) as selected
  ) as measured
where
  "total" <= :'maxBytes'::bigint
  or "place" = 1
order by
  "place";

-- list-customers-name_key-ASC-after (prepared)
-- For customersConnection without a filter, with after. With before, or both, the statement has that condition.
select
  *,
  "total" > :'maxBytes'::bigint as "isCut"
from
  (
    select
      *,
      sum(
        coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
      ) over () as "total"
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          (
            select
              coalesce(
                json_agg(
                  json_build_object(
                    'uuid',
                    contact."id",
                    'firstName',
                    contact."first_name",
                    'lastName',
                    contact."last_name",
                    'email',
                    contact."email",
                    'phone',
                    contact."phone",
                    'isPrimary',
                    contact."is_primary"
                  )
                  order by
                    contact."position"
                ),
                '[]'
              )
            from
              contact
            where
              contact.customer_id = customer.id
          ) as "contacts",
          place.name_key as "key",
          place."place"
        from
          (
            select
              name_key,
              id,
              row_number() over (
                order by
                  name_key ASC,
                  id ASC
              ) as "place"
            from
              (
                select
                  *
                from
                  (
                    select
                      name_key,
                      id
                    from
                      customer
                    where
                      team_id = :'teamId'
                      and deleted_at is null
                      and (name_key, id) > (:'afterKey'::text, :'afterUuid'::uuid)
                    order by
                      name_key ASC,
                      id ASC
                    limit
                      101
                  ) as ordered
                limit
                  :'limit'
              ) as page
          ) as place
          join customer on customer.id = place.id
        offset
          0
      ) as selected
  ) as measured
where
  "total" <= :'maxBytes'::bigint
  or "place" = 1
order by
  "place";

-- list-customers: search, later page
-- For customers with a search and a page after the first.
select
  *,
  "total" > :'maxBytes'::bigint as "isCut"
from
  (
    select
      *,
      sum(
        coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
      ) over () as "total"
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          (
            select
              coalesce(
                json_agg(
                  json_build_object(
                    'uuid',
                    contact."id",
                    'firstName',
                    contact."first_name",
                    'lastName',
                    contact."last_name",
                    'email',
                    contact."email",
                    'phone',
                    contact."phone",
                    'isPrimary',
                    contact."is_primary"
                  )
                  order by
                    contact."position"
                ),
                '[]'
              )
            from
              contact
            where
              contact.customer_id = customer.id
          ) as "contacts",
          place.name_key as "key",
          place."place"
        from
          (
            select
              name_key,
              id,
              row_number() over (
                order by
                  name_key ASC,
                  id ASC
              ) as "place"
            from
              (
                select
                  name_key,
                  id
                from
                  customer
                where
                  team_id = :'teamId'
                  and deleted_at is null
                  and search_text like :'text'
                order by
                  name_key ASC,
                  id ASC
                limit
                  :'limit'
                offset
                  :'offset'
              ) as page
          ) as place
          join customer on customer.id = place.id
        offset
          0
      ) as selected
  ) as measured
where
  "total" <= :'maxBytes'::bigint
  or "place" = 1
order by
  "place";

-- list-customers: every filter, cursors
-- For customersConnection with every filter, after and before. A filter or cursor that is not given leaves its
-- condition out. A search for a phone number has the condition on digits.
select
  *,
  "total" > :'maxBytes'::bigint as "isCut"
from
  (
    select
      *,
      sum(
        coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)
      ) over () as "total"
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          (
            select
              coalesce(
                json_agg(
                  json_build_object(
                    'uuid',
                    contact."id",
                    'firstName',
                    contact."first_name",
                    'lastName',
                    contact."last_name",
                    'email',
                    contact."email",
                    'phone',
                    contact."phone",
                    'isPrimary',
                    contact."is_primary"
                  )
                  order by
                    contact."position"
                ),
                '[]'
              )
            from
              contact
            where
              contact.customer_id = customer.id
          ) as "contacts",
          place.created_at as "key",
          place."place"
        from
          (
            select
              created_at,
              id,
              row_number() over (
                order by
                  created_at DESC,
                  id DESC
              ) as "place"
            from
              (
                select
                  created_at,
                  id
                from
                  customer
                where
                  team_id = :'teamId'
                  and deleted_at is not null
                  and (
                    search_text like :'text'
                    or search_text like :'digits'
                  )
                  and status = :'status'
                  and created_at >= :'createdFrom'
                  and created_at < :'createdTo'
                  and updated_at >= :'updatedFrom'
                  and updated_at < :'updatedTo'
                  and (created_at, id) < (:'afterKey'::timestamptz, :'afterUuid'::uuid)
                  and (created_at, id) > (:'beforeKey'::timestamptz, :'beforeUuid'::uuid)
                order by
                  created_at DESC,
                  id DESC
                limit
                  :'limit'
              ) as page
          ) as place
          join customer on customer.id = place.id
        offset
          0
      ) as selected
  ) as measured
where
  "total" <= :'maxBytes'::bigint
  or "place" = 1
order by
  "place";

-- count-customers
-- When totalRecords, totalPages or totalCount is selected.
select
  count(*)::int as "count"
from
  customer
where
  team_id = :'teamId'
  and deleted_at is null;

-- count-customers: every filter
-- The same with filters. A filter that is not given leaves its condition out.
select
  count(*)::int as "count"
from
  customer
where
  team_id = :'teamId'
  and deleted_at is not null
  and (
    search_text like :'text'
    or search_text like :'digits'
  )
  and status = :'status'
  and created_at >= :'createdFrom'
  and created_at < :'createdTo'
  and updated_at >= :'updatedFrom'
  and updated_at < :'updatedTo';

-- ## Updating customers

-- read-customers (prepared)
-- First statement of each updateCustomer and updateCustomers, and of a batch of an import that updates
-- customers.
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'
  and id = any (:'uuids'::uuid[])
  and deleted_at is null;

-- update-customers (prepared)
-- Last statement of each of these that changes something.
with
  team_lock as materialized (
    select
      pg_advisory_xact_lock(hashtextextended (:'teamId'::uuid::text, 4201126112)) as taken
  ),
  given as (
    select
      *
    from
      json_to_recordset(:'customers'::json) as given (
        "uuid" uuid,
        "customer" text,
        "email" text,
        "mainPhone" text,
        "website" text,
        "externalId" text,
        "notes" text,
        "taxNumber" text,
        "paymentTerm" text,
        "status" text,
        "metadata" jsonb,
        "billingAddress.street" text,
        "billingAddress.city" text,
        "billingAddress.state" text,
        "billingAddress.zipCode" text,
        "billingAddress.country" text,
        "shippingAddress.street" text,
        "shippingAddress.city" text,
        "shippingAddress.state" text,
        "shippingAddress.zipCode" text,
        "shippingAddress.country" text,
        "emailKey" text,
        "nameKey" text,
        "searchText" text,
        "version" integer
      )
  ),
  before_change as (
    select
      customer."id" as "uuid",
      customer."name" as "customer",
      customer."email" as "email",
      customer."main_phone" as "mainPhone",
      customer."website" as "website",
      customer."external_id" as "externalId",
      customer."notes" as "notes",
      customer."tax_number" as "taxNumber",
      customer."payment_term" as "paymentTerm",
      customer."status" as "status",
      customer."metadata" as "metadata",
      customer."billing_street" as "billingAddress.street",
      customer."billing_city" as "billingAddress.city",
      customer."billing_state" as "billingAddress.state",
      customer."billing_zip_code" as "billingAddress.zipCode",
      customer."billing_country" as "billingAddress.country",
      customer."shipping_street" as "shippingAddress.street",
      customer."shipping_city" as "shippingAddress.city",
      customer."shipping_state" as "shippingAddress.state",
      customer."shipping_zip_code" as "shippingAddress.zipCode",
      customer."shipping_country" as "shippingAddress.country",
      customer."version" as "version",
      customer."created_at" as "createdAt",
      customer."updated_at" as "updatedAt",
      (
        select
          coalesce(
            json_agg(
              json_build_object(
                'uuid',
                contact."id",
                'firstName',
                contact."first_name",
                'lastName',
                contact."last_name",
                'email',
                contact."email",
                'phone',
                contact."phone",
                'isPrimary',
                contact."is_primary"
              )
              order by
                contact."position"
            ),
            '[]'
          )
        from
          contact
        where
          contact.customer_id = customer.id
      ) as "contacts"
    from
      customer
    where
      team_id = :'teamId'::uuid
      and id in (
        select
          "uuid"
        from
          given
      )
  ),
  changed as (
    update customer
    set
      "name" = given."customer",
      "email" = given."email",
      "main_phone" = given."mainPhone",
      "website" = given."website",
      "external_id" = given."externalId",
      "notes" = given."notes",
      "tax_number" = given."taxNumber",
      "payment_term" = given."paymentTerm",
      "status" = given."status",
      "metadata" = given."metadata",
      "billing_street" = given."billingAddress.street",
      "billing_city" = given."billingAddress.city",
      "billing_state" = given."billingAddress.state",
      "billing_zip_code" = given."billingAddress.zipCode",
      "billing_country" = given."billingAddress.country",
      "shipping_street" = given."shippingAddress.street",
      "shipping_city" = given."shippingAddress.city",
      "shipping_state" = given."shippingAddress.state",
      "shipping_zip_code" = given."shippingAddress.zipCode",
      "shipping_country" = given."shippingAddress.country",
      "email_key" = given."emailKey",
      "name_key" = given."nameKey",
      "search_text" = given."searchText",
      version = customer.version + 1,
      updated_at = now(),
      transaction = greatest(customer.transaction + 1, pg_current_xact_id()::text::bigint)
    from
      given
    where
      customer.id = given."uuid"
      and customer.team_id = :'teamId'::uuid
      and customer.version = given."version"
      and customer.deleted_at is null
      and (
        not :'isMany'::boolean
        or exists (
          select
          from
            team_lock
        )
      )
    returning
      customer.*
  ),
  removed as (
    delete from contact using changed
    where
      contact.customer_id = changed.id
      and changed.id = any (:'contactsOf'::uuid[])
    returning
      1
  ),
  sent_contact as (
    select
      *
    from
      json_to_recordset(:'contacts'::json) as contact (
        "uuid" uuid,
        "customer" uuid,
        "position" smallint,
        "firstName" text,
        "lastName" text,
        "email" text,
        "phone" text,
        "isPrimary" boolean
      )
  ),
  sent_contacts as (
    select
      "customer",
      json_agg(
        json_build_object(
          'uuid',
          "uuid",
          'firstName',
          "firstName",
          'lastName',
          "lastName",
          'email',
          "email",
          'phone',
          "phone",
          'isPrimary',
          "isPrimary"
        )
        order by
          "position"
      ) as list
    from
      sent_contact
    group by
      "customer"
  ),
  added as (
    insert into
      contact ("id", "customer_id", "position", "first_name", "last_name", "email", "phone", "is_primary")
    select
      sent_contact.*
    from
      sent_contact,
      -- Counts all that were removed before the first is added: their places and their ids are free then.
      (
        select
          count(*)
        from
          removed
      ) as done
    where
      sent_contact."customer" in (
        select
          id
        from
          changed
      )
  ),
  after_change as (
    select
      changed."id" as "uuid",
      changed."name" as "customer",
      changed."email" as "email",
      changed."main_phone" as "mainPhone",
      changed."website" as "website",
      changed."external_id" as "externalId",
      changed."notes" as "notes",
      changed."tax_number" as "taxNumber",
      changed."payment_term" as "paymentTerm",
      changed."status" as "status",
      changed."metadata" as "metadata",
      changed."billing_street" as "billingAddress.street",
      changed."billing_city" as "billingAddress.city",
      changed."billing_state" as "billingAddress.state",
      changed."billing_zip_code" as "billingAddress.zipCode",
      changed."billing_country" as "billingAddress.country",
      changed."shipping_street" as "shippingAddress.street",
      changed."shipping_city" as "shippingAddress.city",
      changed."shipping_state" as "shippingAddress.state",
      changed."shipping_zip_code" as "shippingAddress.zipCode",
      changed."shipping_country" as "shippingAddress.country",
      changed."version" as "version",
      changed."created_at" as "createdAt",
      changed."updated_at" as "updatedAt",
      case
        when changed.id = any (:'contactsOf'::uuid[]) then coalesce(
          (
            select
              list
            from
              sent_contacts
            where
              sent_contacts."customer" = changed.id
          ),
          '[]'
        )
        else (
          select
            coalesce(
              json_agg(
                json_build_object(
                  'uuid',
                  contact."id",
                  'firstName',
                  contact."first_name",
                  'lastName',
                  contact."last_name",
                  'email',
                  contact."email",
                  'phone',
                  contact."phone",
                  'isPrimary',
                  contact."is_primary"
                )
                order by
                  contact."position"
              ),
              '[]'
            )
          from
            contact
          where
            contact.customer_id = changed.id
        )
      end as "contacts"
    from
      changed
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      changed.team_id,
      changed.id,
      'UPDATED',
      changed.version,
      changed.transaction,
      row_to_json(after_change),
      (
        select
          json_object_agg(was.field, was.value)
        from
          jsonb_each(to_jsonb(before_change)) as was (field, value)
          join jsonb_each(to_jsonb(after_change)) as is_now (field, value) on is_now.field = was.field
        where
          is_now.value <> was.value
          and was.field not in ('version', 'updatedAt')
      ),
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      changed
      join after_change on after_change."uuid" = changed.id
      left join before_change on before_change."uuid" = changed.id
  )
select
  id as "uuid",
  version as "version",
  created_at as "createdAt",
  updated_at as "updatedAt"
from
  changed;

-- lock-customers (prepared)
-- When another request changed a customer between the two: in a transaction, before both are sent again.
with
  team_lock as materialized (
    select
      pg_advisory_xact_lock(hashtextextended (:'teamId'::uuid::text, 4201126112)) as taken
  )
select
from
  (
    select
      id
    from
      customer
    where
      team_id = :'teamId'
      and id = any (:'uuids'::uuid[])
      and deleted_at is null
      and (
        not :'isMany'::boolean
        or exists (
          select
          from
            team_lock
        )
      )
    order by
      id
    for update
  ) as locked;

-- ## Upserting customers

-- upsert-customer-EMAIL (prepared)
-- For each upsertCustomer by EMAIL.
with
  existing as (
    select
      *
    from
      customer
    where
      team_id = :'teamId'::uuid
      and email_key = :'emailKey'::text
      and deleted_at is null
  ),
  before_change as (
    select
      existing."id" as "uuid",
      existing."name" as "customer",
      existing."email" as "email",
      existing."main_phone" as "mainPhone",
      existing."website" as "website",
      existing."external_id" as "externalId",
      existing."notes" as "notes",
      existing."tax_number" as "taxNumber",
      existing."payment_term" as "paymentTerm",
      existing."status" as "status",
      existing."metadata" as "metadata",
      existing."billing_street" as "billingAddress.street",
      existing."billing_city" as "billingAddress.city",
      existing."billing_state" as "billingAddress.state",
      existing."billing_zip_code" as "billingAddress.zipCode",
      existing."billing_country" as "billingAddress.country",
      existing."shipping_street" as "shippingAddress.street",
      existing."shipping_city" as "shippingAddress.city",
      existing."shipping_state" as "shippingAddress.state",
      existing."shipping_zip_code" as "shippingAddress.zipCode",
      existing."shipping_country" as "shippingAddress.country",
      existing."version" as "version",
      existing."created_at" as "createdAt",
      existing."updated_at" as "updatedAt",
      (
        select
          coalesce(
            json_agg(
              json_build_object(
                'uuid',
                contact."id",
                'firstName',
                contact."first_name",
                'lastName',
                contact."last_name",
                'email',
                contact."email",
                'phone',
                contact."phone",
                'isPrimary',
                contact."is_primary"
              )
              order by
                contact."position"
            ),
            '[]'
          )
        from
          contact
        where
          contact.customer_id = existing.id
      ) as "contacts"
    from
      existing
  ),
  stored as (
    insert into
      customer (
        team_id,
        "id",
        "name",
        "email",
        "main_phone",
        "website",
        "external_id",
        "notes",
        "tax_number",
        "payment_term",
        "status",
        "metadata",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_zip_code",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_zip_code",
        "shipping_country",
        "email_key",
        "name_key",
        "search_text"
      )
    values
      (
        :'teamId'::uuid,
        :'uuid'::uuid,
        :'customer'::text,
        :'email'::text,
        :'mainPhone'::text,
        :'website'::text,
        :'externalId'::text,
        :'notes'::text,
        :'taxNumber'::text,
        :'paymentTerm'::text,
        :'status'::text,
        :'metadata'::jsonb,
        :'billingAddress_street'::text,
        :'billingAddress_city'::text,
        :'billingAddress_state'::text,
        :'billingAddress_zipCode'::text,
        :'billingAddress_country'::text,
        :'shippingAddress_street'::text,
        :'shippingAddress_city'::text,
        :'shippingAddress_state'::text,
        :'shippingAddress_zipCode'::text,
        :'shippingAddress_country'::text,
        :'emailKey'::text,
        :'nameKey'::text,
        :'searchText'::text
      )
    on conflict (team_id, email_key)
    where
      deleted_at is null do update
    set
      "name" = case
        when 'customer' = any (:'provided'::text[]) then excluded."name"
        else customer."name"
      end,
      "email" = case
        when 'email' = any (:'provided'::text[]) then excluded."email"
        else customer."email"
      end,
      "main_phone" = case
        when 'mainPhone' = any (:'provided'::text[]) then excluded."main_phone"
        else customer."main_phone"
      end,
      "website" = case
        when 'website' = any (:'provided'::text[]) then excluded."website"
        else customer."website"
      end,
      "external_id" = case
        when 'externalId' = any (:'provided'::text[]) then excluded."external_id"
        else customer."external_id"
      end,
      "notes" = case
        when 'notes' = any (:'provided'::text[]) then excluded."notes"
        else customer."notes"
      end,
      "tax_number" = case
        when 'taxNumber' = any (:'provided'::text[]) then excluded."tax_number"
        else customer."tax_number"
      end,
      "payment_term" = case
        when 'paymentTerm' = any (:'provided'::text[]) then excluded."payment_term"
        else customer."payment_term"
      end,
      "status" = case
        when 'status' = any (:'provided'::text[]) then excluded."status"
        else customer."status"
      end,
      "billing_street" = case
        when 'billingAddress.street' = any (:'provided'::text[]) then excluded."billing_street"
        else customer."billing_street"
      end,
      "billing_city" = case
        when 'billingAddress.city' = any (:'provided'::text[]) then excluded."billing_city"
        else customer."billing_city"
      end,
      "billing_state" = case
        when 'billingAddress.state' = any (:'provided'::text[]) then excluded."billing_state"
        else customer."billing_state"
      end,
      "billing_zip_code" = case
        when 'billingAddress.zipCode' = any (:'provided'::text[]) then excluded."billing_zip_code"
        else customer."billing_zip_code"
      end,
      "billing_country" = case
        when 'billingAddress.country' = any (:'provided'::text[]) then excluded."billing_country"
        else customer."billing_country"
      end,
      "shipping_street" = case
        when 'shippingAddress.street' = any (:'provided'::text[]) then excluded."shipping_street"
        else customer."shipping_street"
      end,
      "shipping_city" = case
        when 'shippingAddress.city' = any (:'provided'::text[]) then excluded."shipping_city"
        else customer."shipping_city"
      end,
      "shipping_state" = case
        when 'shippingAddress.state' = any (:'provided'::text[]) then excluded."shipping_state"
        else customer."shipping_state"
      end,
      "shipping_zip_code" = case
        when 'shippingAddress.zipCode' = any (:'provided'::text[]) then excluded."shipping_zip_code"
        else customer."shipping_zip_code"
      end,
      "shipping_country" = case
        when 'shippingAddress.country' = any (:'provided'::text[]) then excluded."shipping_country"
        else customer."shipping_country"
      end,
      "email_key" = case
        when 'email' = any (:'provided'::text[]) then excluded."email_key"
        else customer."email_key"
      end,
      "name_key" = case
        when 'customer' = any (:'provided'::text[]) then excluded."name_key"
        else customer."name_key"
      end,
      "search_text" = case
        when 'mainPhone' = any (:'provided'::text[]) then excluded."search_text"
        else split_part(excluded."search_text", chr(31), 1) || chr(31) || split_part(excluded."search_text", chr(31), 2) || chr(31) || split_part(customer."search_text", chr(31), 3) || chr(31) || split_part(customer."search_text", chr(31), 4)
      end,
      metadata = case
        when :'clearsMetadata'::boolean then '{}'
        else customer.metadata - :'removedKeys'::text[]
      end || excluded.metadata,
      version = customer.version + 1,
      updated_at = now(),
      transaction = greatest(customer.transaction + 1, pg_current_xact_id()::text::bigint)
      -- The contacts below are those of this version.
    where
      customer.version = (
        select
          version
        from
          existing
      )
    returning
      *
  ),
  removed as (
    delete from contact using stored
    where
      contact.customer_id = stored.id
      and :'replacesContacts'::boolean
    returning
      1
  ),
  sent_contact as (
    select
      *
    from
      json_to_recordset(:'contacts'::json) as contact (
        "uuid" uuid,
        "customer" uuid,
        "position" smallint,
        "firstName" text,
        "lastName" text,
        "email" text,
        "phone" text,
        "isPrimary" boolean
      )
  ),
  sent_contacts as (
    select
      "customer",
      json_agg(
        json_build_object(
          'uuid',
          "uuid",
          'firstName',
          "firstName",
          'lastName',
          "lastName",
          'email',
          "email",
          'phone',
          "phone",
          'isPrimary',
          "isPrimary"
        )
        order by
          "position"
      ) as list
    from
      sent_contact
    group by
      "customer"
  ),
  added as (
    insert into
      contact ("id", "customer_id", "position", "first_name", "last_name", "email", "phone", "is_primary")
    select
      sent_contact."uuid",
      stored.id,
      sent_contact."position",
      sent_contact."firstName",
      sent_contact."lastName",
      sent_contact."email",
      sent_contact."phone",
      sent_contact."isPrimary"
    from
      stored,
      sent_contact,
      -- Counts all that were removed before the first is added: their places are free then.
      (
        select
          count(*)
        from
          removed
      ) as done
    where
      :'replacesContacts'::boolean
      or stored.id = :'uuid'::uuid
  ),
  after_change as (
    select
      stored."id" as "uuid",
      stored."name" as "customer",
      stored."email" as "email",
      stored."main_phone" as "mainPhone",
      stored."website" as "website",
      stored."external_id" as "externalId",
      stored."notes" as "notes",
      stored."tax_number" as "taxNumber",
      stored."payment_term" as "paymentTerm",
      stored."status" as "status",
      stored."metadata" as "metadata",
      stored."billing_street" as "billingAddress.street",
      stored."billing_city" as "billingAddress.city",
      stored."billing_state" as "billingAddress.state",
      stored."billing_zip_code" as "billingAddress.zipCode",
      stored."billing_country" as "billingAddress.country",
      stored."shipping_street" as "shippingAddress.street",
      stored."shipping_city" as "shippingAddress.city",
      stored."shipping_state" as "shippingAddress.state",
      stored."shipping_zip_code" as "shippingAddress.zipCode",
      stored."shipping_country" as "shippingAddress.country",
      stored."version" as "version",
      stored."created_at" as "createdAt",
      stored."updated_at" as "updatedAt",
      case
        when :'replacesContacts'::boolean
        or stored.id = :'uuid'::uuid then coalesce(
          (
            select
              list
            from
              sent_contacts
          ),
          '[]'
        )
        else (
          select
            coalesce(
              json_agg(
                json_build_object(
                  'uuid',
                  contact."id",
                  'firstName',
                  contact."first_name",
                  'lastName',
                  contact."last_name",
                  'email',
                  contact."email",
                  'phone',
                  contact."phone",
                  'isPrimary',
                  contact."is_primary"
                )
                order by
                  contact."position"
              ),
              '[]'
            )
          from
            contact
          where
            contact.customer_id = stored.id
        )
      end as "contacts"
    from
      stored
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      stored.team_id,
      stored.id,
      case
        when stored.id = :'uuid'::uuid then 'CREATED'
        else 'UPDATED'
      end,
      stored.version,
      stored.transaction,
      row_to_json(after_change),
      (
        select
          json_object_agg(was.field, was.value)
        from
          jsonb_each(to_jsonb(before_change)) as was (field, value)
          join jsonb_each(to_jsonb(after_change)) as is_now (field, value) on is_now.field = was.field
        where
          is_now.value <> was.value
          and was.field not in ('version', 'updatedAt')
      ),
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      stored
      join after_change on after_change."uuid" = stored.id
      left join before_change on before_change."uuid" = stored.id
  )
select
  *
from
  after_change;

-- lock-customer-EMAIL (prepared)
-- When another request changed the customer while upsert-customer-EMAIL ran: in a transaction, before that is
-- sent again.
select
from
  customer
where
  team_id = :'teamId'::uuid
  and email_key = :'key'::text
  and deleted_at is null
for update;

-- upsert-customer-EXTERNAL_ID (prepared)
-- For each upsertCustomer by EXTERNAL_ID.
with
  existing as (
    select
      *
    from
      customer
    where
      team_id = :'teamId'::uuid
      and external_id = :'externalId'::text
      and deleted_at is null
  ),
  before_change as (
    select
      existing."id" as "uuid",
      existing."name" as "customer",
      existing."email" as "email",
      existing."main_phone" as "mainPhone",
      existing."website" as "website",
      existing."external_id" as "externalId",
      existing."notes" as "notes",
      existing."tax_number" as "taxNumber",
      existing."payment_term" as "paymentTerm",
      existing."status" as "status",
      existing."metadata" as "metadata",
      existing."billing_street" as "billingAddress.street",
      existing."billing_city" as "billingAddress.city",
      existing."billing_state" as "billingAddress.state",
      existing."billing_zip_code" as "billingAddress.zipCode",
      existing."billing_country" as "billingAddress.country",
      existing."shipping_street" as "shippingAddress.street",
      existing."shipping_city" as "shippingAddress.city",
      existing."shipping_state" as "shippingAddress.state",
      existing."shipping_zip_code" as "shippingAddress.zipCode",
      existing."shipping_country" as "shippingAddress.country",
      existing."version" as "version",
      existing."created_at" as "createdAt",
      existing."updated_at" as "updatedAt",
      (
        select
          coalesce(
            json_agg(
              json_build_object(
                'uuid',
                contact."id",
                'firstName',
                contact."first_name",
                'lastName',
                contact."last_name",
                'email',
                contact."email",
                'phone',
                contact."phone",
                'isPrimary',
                contact."is_primary"
              )
              order by
                contact."position"
            ),
            '[]'
          )
        from
          contact
        where
          contact.customer_id = existing.id
      ) as "contacts"
    from
      existing
  ),
  stored as (
    insert into
      customer (
        team_id,
        "id",
        "name",
        "email",
        "main_phone",
        "website",
        "external_id",
        "notes",
        "tax_number",
        "payment_term",
        "status",
        "metadata",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_zip_code",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_zip_code",
        "shipping_country",
        "email_key",
        "name_key",
        "search_text"
      )
    values
      (
        :'teamId'::uuid,
        :'uuid'::uuid,
        :'customer'::text,
        :'email'::text,
        :'mainPhone'::text,
        :'website'::text,
        :'externalId'::text,
        :'notes'::text,
        :'taxNumber'::text,
        :'paymentTerm'::text,
        :'status'::text,
        :'metadata'::jsonb,
        :'billingAddress_street'::text,
        :'billingAddress_city'::text,
        :'billingAddress_state'::text,
        :'billingAddress_zipCode'::text,
        :'billingAddress_country'::text,
        :'shippingAddress_street'::text,
        :'shippingAddress_city'::text,
        :'shippingAddress_state'::text,
        :'shippingAddress_zipCode'::text,
        :'shippingAddress_country'::text,
        :'emailKey'::text,
        :'nameKey'::text,
        :'searchText'::text
      )
    on conflict (team_id, external_id)
    where
      deleted_at is null do update
    set
      "name" = case
        when 'customer' = any (:'provided'::text[]) then excluded."name"
        else customer."name"
      end,
      "email" = case
        when 'email' = any (:'provided'::text[]) then excluded."email"
        else customer."email"
      end,
      "main_phone" = case
        when 'mainPhone' = any (:'provided'::text[]) then excluded."main_phone"
        else customer."main_phone"
      end,
      "website" = case
        when 'website' = any (:'provided'::text[]) then excluded."website"
        else customer."website"
      end,
      "external_id" = case
        when 'externalId' = any (:'provided'::text[]) then excluded."external_id"
        else customer."external_id"
      end,
      "notes" = case
        when 'notes' = any (:'provided'::text[]) then excluded."notes"
        else customer."notes"
      end,
      "tax_number" = case
        when 'taxNumber' = any (:'provided'::text[]) then excluded."tax_number"
        else customer."tax_number"
      end,
      "payment_term" = case
        when 'paymentTerm' = any (:'provided'::text[]) then excluded."payment_term"
        else customer."payment_term"
      end,
      "status" = case
        when 'status' = any (:'provided'::text[]) then excluded."status"
        else customer."status"
      end,
      "billing_street" = case
        when 'billingAddress.street' = any (:'provided'::text[]) then excluded."billing_street"
        else customer."billing_street"
      end,
      "billing_city" = case
        when 'billingAddress.city' = any (:'provided'::text[]) then excluded."billing_city"
        else customer."billing_city"
      end,
      "billing_state" = case
        when 'billingAddress.state' = any (:'provided'::text[]) then excluded."billing_state"
        else customer."billing_state"
      end,
      "billing_zip_code" = case
        when 'billingAddress.zipCode' = any (:'provided'::text[]) then excluded."billing_zip_code"
        else customer."billing_zip_code"
      end,
      "billing_country" = case
        when 'billingAddress.country' = any (:'provided'::text[]) then excluded."billing_country"
        else customer."billing_country"
      end,
      "shipping_street" = case
        when 'shippingAddress.street' = any (:'provided'::text[]) then excluded."shipping_street"
        else customer."shipping_street"
      end,
      "shipping_city" = case
        when 'shippingAddress.city' = any (:'provided'::text[]) then excluded."shipping_city"
        else customer."shipping_city"
      end,
      "shipping_state" = case
        when 'shippingAddress.state' = any (:'provided'::text[]) then excluded."shipping_state"
        else customer."shipping_state"
      end,
      "shipping_zip_code" = case
        when 'shippingAddress.zipCode' = any (:'provided'::text[]) then excluded."shipping_zip_code"
        else customer."shipping_zip_code"
      end,
      "shipping_country" = case
        when 'shippingAddress.country' = any (:'provided'::text[]) then excluded."shipping_country"
        else customer."shipping_country"
      end,
      "email_key" = case
        when 'email' = any (:'provided'::text[]) then excluded."email_key"
        else customer."email_key"
      end,
      "name_key" = case
        when 'customer' = any (:'provided'::text[]) then excluded."name_key"
        else customer."name_key"
      end,
      "search_text" = case
        when 'mainPhone' = any (:'provided'::text[]) then excluded."search_text"
        else split_part(excluded."search_text", chr(31), 1) || chr(31) || split_part(excluded."search_text", chr(31), 2) || chr(31) || split_part(customer."search_text", chr(31), 3) || chr(31) || split_part(customer."search_text", chr(31), 4)
      end,
      metadata = case
        when :'clearsMetadata'::boolean then '{}'
        else customer.metadata - :'removedKeys'::text[]
      end || excluded.metadata,
      version = customer.version + 1,
      updated_at = now(),
      transaction = greatest(customer.transaction + 1, pg_current_xact_id()::text::bigint)
      -- The contacts below are those of this version.
    where
      customer.version = (
        select
          version
        from
          existing
      )
    returning
      *
  ),
  removed as (
    delete from contact using stored
    where
      contact.customer_id = stored.id
      and :'replacesContacts'::boolean
    returning
      1
  ),
  sent_contact as (
    select
      *
    from
      json_to_recordset(:'contacts'::json) as contact (
        "uuid" uuid,
        "customer" uuid,
        "position" smallint,
        "firstName" text,
        "lastName" text,
        "email" text,
        "phone" text,
        "isPrimary" boolean
      )
  ),
  sent_contacts as (
    select
      "customer",
      json_agg(
        json_build_object(
          'uuid',
          "uuid",
          'firstName',
          "firstName",
          'lastName',
          "lastName",
          'email',
          "email",
          'phone',
          "phone",
          'isPrimary',
          "isPrimary"
        )
        order by
          "position"
      ) as list
    from
      sent_contact
    group by
      "customer"
  ),
  added as (
    insert into
      contact ("id", "customer_id", "position", "first_name", "last_name", "email", "phone", "is_primary")
    select
      sent_contact."uuid",
      stored.id,
      sent_contact."position",
      sent_contact."firstName",
      sent_contact."lastName",
      sent_contact."email",
      sent_contact."phone",
      sent_contact."isPrimary"
    from
      stored,
      sent_contact,
      -- Counts all that were removed before the first is added: their places are free then.
      (
        select
          count(*)
        from
          removed
      ) as done
    where
      :'replacesContacts'::boolean
      or stored.id = :'uuid'::uuid
  ),
  after_change as (
    select
      stored."id" as "uuid",
      stored."name" as "customer",
      stored."email" as "email",
      stored."main_phone" as "mainPhone",
      stored."website" as "website",
      stored."external_id" as "externalId",
      stored."notes" as "notes",
      stored."tax_number" as "taxNumber",
      stored."payment_term" as "paymentTerm",
      stored."status" as "status",
      stored."metadata" as "metadata",
      stored."billing_street" as "billingAddress.street",
      stored."billing_city" as "billingAddress.city",
      stored."billing_state" as "billingAddress.state",
      stored."billing_zip_code" as "billingAddress.zipCode",
      stored."billing_country" as "billingAddress.country",
      stored."shipping_street" as "shippingAddress.street",
      stored."shipping_city" as "shippingAddress.city",
      stored."shipping_state" as "shippingAddress.state",
      stored."shipping_zip_code" as "shippingAddress.zipCode",
      stored."shipping_country" as "shippingAddress.country",
      stored."version" as "version",
      stored."created_at" as "createdAt",
      stored."updated_at" as "updatedAt",
      case
        when :'replacesContacts'::boolean
        or stored.id = :'uuid'::uuid then coalesce(
          (
            select
              list
            from
              sent_contacts
          ),
          '[]'
        )
        else (
          select
            coalesce(
              json_agg(
                json_build_object(
                  'uuid',
                  contact."id",
                  'firstName',
                  contact."first_name",
                  'lastName',
                  contact."last_name",
                  'email',
                  contact."email",
                  'phone',
                  contact."phone",
                  'isPrimary',
                  contact."is_primary"
                )
                order by
                  contact."position"
              ),
              '[]'
            )
          from
            contact
          where
            contact.customer_id = stored.id
        )
      end as "contacts"
    from
      stored
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      stored.team_id,
      stored.id,
      case
        when stored.id = :'uuid'::uuid then 'CREATED'
        else 'UPDATED'
      end,
      stored.version,
      stored.transaction,
      row_to_json(after_change),
      (
        select
          json_object_agg(was.field, was.value)
        from
          jsonb_each(to_jsonb(before_change)) as was (field, value)
          join jsonb_each(to_jsonb(after_change)) as is_now (field, value) on is_now.field = was.field
        where
          is_now.value <> was.value
          and was.field not in ('version', 'updatedAt')
      ),
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      stored
      join after_change on after_change."uuid" = stored.id
      left join before_change on before_change."uuid" = stored.id
  )
select
  *
from
  after_change;

-- lock-customer-EXTERNAL_ID (prepared)
-- When another request changed the customer while upsert-customer-EXTERNAL_ID ran: in a transaction, before that
-- is sent again.
select
from
  customer
where
  team_id = :'teamId'::uuid
  and external_id = :'key'::text
  and deleted_at is null
for update;

-- ## Importing customers with --upsert

-- customers-by-key-EMAIL (prepared)
-- First statement of each batch with --upsert email, and again for rows whose outcome depends on an earlier row
-- or on another request.
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'::uuid
  and email_key = any (:'keys'::text[])
  and deleted_at is null;

-- customers-by-key-EXTERNAL_ID (prepared)
-- The same with --upsert externalId.
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'::uuid
  and external_id = any (:'keys'::text[])
  and deleted_at is null;

-- batch-changes (prepared)
-- When a stopped import is resumed, before it updates the customers of its first batch.
select
  customer_id as "uuid"
from
  customer_event
where
  customer_id = any (:'uuids'::uuid[])
  and team_id = :'teamId'::uuid
  and batch_id = :'batchId'::uuid;

-- ## Deleting customers

-- delete-customer (prepared)
-- For each deleteCustomer.
with
  existing as (
    select
      version
    from
      customer
    where
      team_id = :'teamId'
      and id = :'uuid'
      and deleted_at is null
  ),
  changed as (
    update customer
    set
      deleted_at = now(),
      version = customer.version + 1,
      updated_at = now(),
      transaction = greatest(customer.transaction + 1, pg_current_xact_id()::text::bigint)
    where
      team_id = :'teamId'
      and id = :'uuid'
      and deleted_at is null
      -- The contacts of the event are those of this version.
      and version = (
        select
          version
        from
          existing
      )
    returning
      *
  ),
  after_change as (
    select
      changed."id" as "uuid",
      changed."name" as "customer",
      changed."email" as "email",
      changed."main_phone" as "mainPhone",
      changed."website" as "website",
      changed."external_id" as "externalId",
      changed."notes" as "notes",
      changed."tax_number" as "taxNumber",
      changed."payment_term" as "paymentTerm",
      changed."status" as "status",
      changed."metadata" as "metadata",
      changed."billing_street" as "billingAddress.street",
      changed."billing_city" as "billingAddress.city",
      changed."billing_state" as "billingAddress.state",
      changed."billing_zip_code" as "billingAddress.zipCode",
      changed."billing_country" as "billingAddress.country",
      changed."shipping_street" as "shippingAddress.street",
      changed."shipping_city" as "shippingAddress.city",
      changed."shipping_state" as "shippingAddress.state",
      changed."shipping_zip_code" as "shippingAddress.zipCode",
      changed."shipping_country" as "shippingAddress.country",
      changed."version" as "version",
      changed."created_at" as "createdAt",
      changed."updated_at" as "updatedAt",
      (
        select
          coalesce(
            json_agg(
              json_build_object(
                'uuid',
                contact."id",
                'firstName',
                contact."first_name",
                'lastName',
                contact."last_name",
                'email',
                contact."email",
                'phone',
                contact."phone",
                'isPrimary',
                contact."is_primary"
              )
              order by
                contact."position"
            ),
            '[]'
          )
        from
          contact
        where
          contact.customer_id = changed.id
      ) as "contacts"
    from
      changed
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      changed.team_id,
      changed.id,
      'DELETED',
      changed.version,
      changed.transaction,
      row_to_json(after_change),
      null::json,
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      changed
      join after_change on after_change."uuid" = changed.id
  )
select
  after_change.*,
  exists (
    select
    from
      existing
  ) as "exists"
from
  (
    select
  ) as one
  left join after_change on true;

-- restore-customer (prepared)
-- For each restoreCustomer.
with
  existing as (
    select
      version,
      erased_at is not null as is_erased
    from
      customer
    where
      team_id = :'teamId'
      and id = :'uuid'
      and deleted_at is not null
  ),
  changed as (
    update customer
    set
      deleted_at = null,
      version = customer.version + 1,
      updated_at = now(),
      transaction = greatest(customer.transaction + 1, pg_current_xact_id()::text::bigint)
    where
      team_id = :'teamId'
      and id = :'uuid'
      and deleted_at is not null
      and erased_at is null
      -- The contacts of the event are those of this version.
      and version = (
        select
          version
        from
          existing
      )
    returning
      *
  ),
  after_change as (
    select
      changed."id" as "uuid",
      changed."name" as "customer",
      changed."email" as "email",
      changed."main_phone" as "mainPhone",
      changed."website" as "website",
      changed."external_id" as "externalId",
      changed."notes" as "notes",
      changed."tax_number" as "taxNumber",
      changed."payment_term" as "paymentTerm",
      changed."status" as "status",
      changed."metadata" as "metadata",
      changed."billing_street" as "billingAddress.street",
      changed."billing_city" as "billingAddress.city",
      changed."billing_state" as "billingAddress.state",
      changed."billing_zip_code" as "billingAddress.zipCode",
      changed."billing_country" as "billingAddress.country",
      changed."shipping_street" as "shippingAddress.street",
      changed."shipping_city" as "shippingAddress.city",
      changed."shipping_state" as "shippingAddress.state",
      changed."shipping_zip_code" as "shippingAddress.zipCode",
      changed."shipping_country" as "shippingAddress.country",
      changed."version" as "version",
      changed."created_at" as "createdAt",
      changed."updated_at" as "updatedAt",
      (
        select
          coalesce(
            json_agg(
              json_build_object(
                'uuid',
                contact."id",
                'firstName',
                contact."first_name",
                'lastName',
                contact."last_name",
                'email',
                contact."email",
                'phone',
                contact."phone",
                'isPrimary',
                contact."is_primary"
              )
              order by
                contact."position"
            ),
            '[]'
          )
        from
          contact
        where
          contact.customer_id = changed.id
      ) as "contacts"
    from
      changed
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      changed.team_id,
      changed.id,
      'RESTORED',
      changed.version,
      changed.transaction,
      row_to_json(after_change),
      null::json,
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      changed
      join after_change on after_change."uuid" = changed.id
  )
select
  after_change.*,
  exists (
    select
    from
      existing
  ) as "exists",
  coalesce(
    (
      select
        is_erased
      from
        existing
    ),
    false
  ) as "isErased"
from
  (
    select
  ) as one
  left join after_change on true;

-- ## Erasing customers, each in one transaction

-- lock-erasure (prepared)
-- First statement of each eraseCustomer, and for each customer of erase.
with
  locked as (
    select
      id,
      team_id,
      created_at,
      erased_at
    from
      customer
    where
      team_id = :'teamId'::uuid
      and id = :'uuid'::uuid
    for update
  )
select
  erased_at is not null as "isErased",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'clientId',
            client_id,
            'key',
            key,
            'seed',
            seed,
            'rows',
            length(outcomes),
            'isOwn',
            result @> jsonb_build_array(jsonb_build_object('draft', jsonb_build_object('uuid', locked.id)))
          )
        ),
        '[]'
      )
    from
      idempotency_key
    where
      team_id = locked.team_id
      and created_at = locked.created_at
  ) as keys
from
  locked;

-- lock-expired-customer (prepared)
-- The same with DELETED_CUSTOMER_RETENTION_DAYS, for each customer of expired-customers.
with
  locked as (
    select
      id,
      team_id,
      created_at,
      erased_at
    from
      customer
    where
      team_id = :'teamId'::uuid
      and id = :'uuid'::uuid
      and deleted_at < now() - make_interval(days => :'days'::int)
      and erased_at is null
    for update
      skip locked
  )
select
  erased_at is not null as "isErased",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'clientId',
            client_id,
            'key',
            key,
            'seed',
            seed,
            'rows',
            length(outcomes),
            'isOwn',
            result @> jsonb_build_array(jsonb_build_object('draft', jsonb_build_object('uuid', locked.id)))
          )
        ),
        '[]'
      )
    from
      idempotency_key
    where
      team_id = locked.team_id
      and created_at = locked.created_at
  ) as keys
from
  locked;

-- find-receipt (prepared)
-- Last statement, if the customer is erased already.
select
  "customer_id" as "customerId",
  "event_id" as "eventId",
  "erased_at" as "erasedAt",
  "contacts" as "contacts",
  "events" as "events",
  "idempotency_keys" as "idempotencyKeys",
  "client_id" as "clientId",
  "token_id" as "tokenId",
  "request_id" as "requestId",
  "command" as "command"
from
  customer_erasure
where
  team_id = :'teamId'::uuid
  and customer_id = :'uuid'::uuid;

-- erase-row (prepared)
-- Otherwise the second statement.
with
  changed as (
    update customer
    set
      (
        "name",
        "email",
        "main_phone",
        "website",
        "external_id",
        "notes",
        "tax_number",
        "payment_term",
        "status",
        "metadata",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_zip_code",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_zip_code",
        "shipping_country",
        "email_key",
        "name_key",
        "search_text"
      ) = row (
        :'customer'::text,
        :'email'::text,
        :'mainPhone'::text,
        :'website'::text,
        :'externalId'::text,
        :'notes'::text,
        :'taxNumber'::text,
        :'paymentTerm'::text,
        :'status'::text,
        :'metadata'::jsonb,
        :'billingAddress_street'::text,
        :'billingAddress_city'::text,
        :'billingAddress_state'::text,
        :'billingAddress_zipCode'::text,
        :'billingAddress_country'::text,
        :'shippingAddress_street'::text,
        :'shippingAddress_city'::text,
        :'shippingAddress_state'::text,
        :'shippingAddress_zipCode'::text,
        :'shippingAddress_country'::text,
        :'emailKey'::text,
        :'nameKey'::text,
        :'searchText'::text
      ),
      deleted_at = coalesce(customer.deleted_at, now()),
      erased_at = now(),
      version = customer.version + 1,
      updated_at = now(),
      transaction = greatest(customer.transaction + 1, pg_current_xact_id()::text::bigint)
    where
      team_id = :'teamId'::uuid
      and id = :'uuid'::uuid
    returning
      *
  ),
  removed as (
    delete from contact using changed
    where
      contact.customer_id = changed.id
    returning
      1
  ),
  forgotten as (
    delete from idempotency_key using json_to_recordset(:'keys'::json) as own ("clientId" uuid, "key" text)
    where
      team_id = :'teamId'::uuid
      and client_id = own."clientId"
      and idempotency_key.key = own."key"
    returning
      idempotency_key.*
  ),
  hashed as (
    insert into
      idempotency_key (client_id, team_id, key, request_hash, seed, outcomes, created_at)
    select
      client_id,
      team_id,
      ' ' || encode(sha256(convert_to(key, 'UTF8')), 'hex'),
      decode(repeat('00', 32), 'hex'),
      '00000000-0000-0000-0000-000000000000',
      'c',
      created_at
    from
      forgotten
      -- A gateway of an earlier version does not find the hash, and could use the key again.
    on conflict do nothing
  ),
  after_change as (
    select
      changed."id" as "uuid",
      changed."name" as "customer",
      changed."email" as "email",
      changed."main_phone" as "mainPhone",
      changed."website" as "website",
      changed."external_id" as "externalId",
      changed."notes" as "notes",
      changed."tax_number" as "taxNumber",
      changed."payment_term" as "paymentTerm",
      changed."status" as "status",
      changed."metadata" as "metadata",
      changed."billing_street" as "billingAddress.street",
      changed."billing_city" as "billingAddress.city",
      changed."billing_state" as "billingAddress.state",
      changed."billing_zip_code" as "billingAddress.zipCode",
      changed."billing_country" as "billingAddress.country",
      changed."shipping_street" as "shippingAddress.street",
      changed."shipping_city" as "shippingAddress.city",
      changed."shipping_state" as "shippingAddress.state",
      changed."shipping_zip_code" as "shippingAddress.zipCode",
      changed."shipping_country" as "shippingAddress.country",
      changed."version" as "version",
      changed."created_at" as "createdAt",
      changed."updated_at" as "updatedAt",
      '[]'::json as "contacts"
    from
      changed
  ),
  new_event as (
    insert into
      customer_event (
        "team_id",
        "customer_id",
        "type",
        "version",
        "transaction",
        "customer",
        "previous",
        "client_id",
        "token_id",
        "request_id",
        "command",
        "batch_id"
      )
    select
      changed.team_id,
      changed.id,
      'ERASED',
      changed.version,
      changed.transaction,
      row_to_json(after_change),
      null::json,
      :'clientId'::uuid,
      :'tokenId'::uuid,
      :'requestId'::uuid,
      :'command'::text,
      :'batchId'::uuid
    from
      changed
      join after_change on after_change."uuid" = changed.id
  )
select
  version,
  (
    select
      count(*)::int
    from
      removed
  ) as "contacts",
  (
    select
      count(*)::int
    from
      forgotten
  ) as "idempotencyKeys"
from
  changed;

-- erase-events (prepared)
-- Third, for each 200 events, until a batch is not full.
with
  erased as materialized (
    select
      to_jsonb(current_row) as snapshot
    from
      (
        select
          customer."id" as "uuid",
          customer."name" as "customer",
          customer."email" as "email",
          customer."main_phone" as "mainPhone",
          customer."website" as "website",
          customer."external_id" as "externalId",
          customer."notes" as "notes",
          customer."tax_number" as "taxNumber",
          customer."payment_term" as "paymentTerm",
          customer."status" as "status",
          customer."metadata" as "metadata",
          customer."billing_street" as "billingAddress.street",
          customer."billing_city" as "billingAddress.city",
          customer."billing_state" as "billingAddress.state",
          customer."billing_zip_code" as "billingAddress.zipCode",
          customer."billing_country" as "billingAddress.country",
          customer."shipping_street" as "shippingAddress.street",
          customer."shipping_city" as "shippingAddress.city",
          customer."shipping_state" as "shippingAddress.state",
          customer."shipping_zip_code" as "shippingAddress.zipCode",
          customer."shipping_country" as "shippingAddress.country",
          customer."version" as "version",
          customer."created_at" as "createdAt",
          customer."updated_at" as "updatedAt",
          '[]'::jsonb as "contacts"
        from
          customer
        where
          id = :'uuid'::uuid
      ) as current_row
  ),
  changed as (
    update customer_event
    set
      previous = null,
      customer = (
        erased.snapshot || jsonb_build_object('version', customer_event.version, 'updatedAt', customer_event.occurred_at)
      )::json
    from
      erased
    where
      customer_event.id in (
        select
          id
        from
          customer_event
        where
          customer_id = :'uuid'::uuid
          and team_id = :'teamId'::uuid
          and version > :'after'::int
          and version < :'before'::int
        order by
          version
        limit
          200
      )
    returning
      version
  )
select
  count(*)::int as count,
  max(version) as last
from
  changed;

-- store-receipt (prepared)
-- Last statement.
insert into
  customer_erasure (
    customer_id,
    team_id,
    event_id,
    erased_at,
    contacts,
    events,
    idempotency_keys,
    client_id,
    token_id,
    request_id,
    command
  )
select
  customer_id,
  team_id,
  id,
  occurred_at,
  :'contacts'::int,
  :'events'::int,
  :'idempotencyKeys'::int,
  client_id,
  token_id,
  request_id,
  command
from
  customer_event
where
  customer_id = :'uuid'::uuid
  and version = :'version'::int
returning
  "customer_id" as "customerId",
  "event_id" as "eventId",
  "erased_at" as "erasedAt",
  "contacts" as "contacts",
  "events" as "events",
  "idempotency_keys" as "idempotencyKeys",
  "client_id" as "clientId",
  "token_id" as "tokenId",
  "request_id" as "requestId",
  "command" as "command";

-- expired-customers
-- With DELETED_CUSTOMER_RETENTION_DAYS, at the start and every 10 minutes, until a batch is not full. The first
-- batch begins after the time -infinity.
select
  id as "uuid",
  team_id as "teamId",
  deleted_at as "deletedAt"
from
  customer
where
  deleted_at is not null
  and erased_at is null
  and deleted_at < now() - make_interval(days => :'days'::int)
  and (deleted_at, id) > (:'deletedAt'::timestamptz, :'after'::uuid)
order by
  deleted_at,
  id
limit
  100;

-- team-of-customer
-- For erase --customer.
select
  team_id as "teamId"
from
  customer
where
  id = :'uuid'::uuid;

-- count-erasable-customers
-- For erase --team, at the start and at the end.
select
  (
    select
      count(*)
    from
      customer
    where
      team_id = :'teamId'::uuid
      and deleted_at is null
  )::int + (
    select
      count(*)
    from
      customer
    where
      team_id = :'teamId'::uuid
      and deleted_at is not null
      and erased_at is null
  )::int as "count";

-- team-customers: live
-- For each 100 customers of erase --team.
select
  id as "uuid",
  created_at as "at"
from
  customer
where
  team_id = :'teamId'::uuid
  and deleted_at is null
  and (created_at, id) > (:'at'::timestamptz, :'after'::uuid)
order by
  created_at,
  id
limit
  100;

-- team-customers: deleted
-- The same, after the customers that are not deleted.
select
  id as "uuid",
  updated_at as "at"
from
  customer
where
  team_id = :'teamId'::uuid
  and deleted_at is not null
  and erased_at is null
  and (updated_at, id) > (:'at'::timestamptz, :'after'::uuid)
order by
  updated_at,
  id
limit
  100;

-- sum-receipts
-- For erase --team, at the end.
select
  count(*)::int as "customers",
  coalesce(sum(contacts), 0)::int as "contacts",
  coalesce(sum(events), 0)::int as "events",
  coalesce(sum(idempotency_keys), 0)::int as "idempotencyKeys",
  min(erased_at) as "firstErasedAt",
  max(erased_at) as "lastErasedAt"
from
  customer_erasure
where
  team_id = :'teamId'::uuid;

-- ## Exporting customers, in one read-only transaction with isolation level repeatable read

-- most-contacts
-- First, for an export as CSV.
select
  count(*)::int as "count"
from
  contact
where
  customer_id in (
    select
      id
    from
      customer
    where
      team_id = :'teamId'::uuid
      and deleted_at is null
  )
group by
  customer_id
order by
  1 desc
limit
  1;

-- metadata-keys
-- Second, for an export as CSV.
select distinct
  jsonb_object_keys(metadata) as "key"
from
  customer
where
  team_id = :'teamId'::uuid
  and deleted_at is null
limit
  :'limit';

-- all-customers
-- Before the first page.
declare snapshot no scroll cursor for
select
  customer."id" as "uuid",
  customer."name" as "customer",
  customer."email" as "email",
  customer."main_phone" as "mainPhone",
  customer."website" as "website",
  customer."external_id" as "externalId",
  customer."notes" as "notes",
  customer."tax_number" as "taxNumber",
  customer."payment_term" as "paymentTerm",
  customer."status" as "status",
  customer."metadata" as "metadata",
  customer."billing_street" as "billingAddress.street",
  customer."billing_city" as "billingAddress.city",
  customer."billing_state" as "billingAddress.state",
  customer."billing_zip_code" as "billingAddress.zipCode",
  customer."billing_country" as "billingAddress.country",
  customer."shipping_street" as "shippingAddress.street",
  customer."shipping_city" as "shippingAddress.city",
  customer."shipping_state" as "shippingAddress.state",
  customer."shipping_zip_code" as "shippingAddress.zipCode",
  customer."shipping_country" as "shippingAddress.country",
  customer."version" as "version",
  customer."created_at" as "createdAt",
  customer."updated_at" as "updatedAt",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'uuid',
            contact."id",
            'firstName',
            contact."first_name",
            'lastName',
            contact."last_name",
            'email',
            contact."email",
            'phone',
            contact."phone",
            'isPrimary',
            contact."is_primary"
          )
          order by
            contact."position"
        ),
        '[]'
      )
    from
      contact
    where
      contact.customer_id = customer.id
  ) as "contacts"
from
  customer
where
  team_id = :'teamId'::uuid
  and deleted_at is null
order by
  created_at,
  id;

-- fetch-customers
-- For each page, until one is empty.
fetch 100
from
  snapshot;

-- ## Events of customers

-- list-events (prepared)
-- For each customerEvents without a cursor.
with
  position as (
    select
      transaction,
      id
    from
      customer_event
    where
      team_id = :'teamId'::uuid
      and id = :'after'::uuid
  ),
  scanned as (
    select
      id,
      type,
      row_number() over (
        order by
          transaction,
          id
      ) as "place"
    from
      (
        select
          id,
          type,
          transaction
        from
          customer_event
        where
          team_id = :'teamId'::uuid
          and transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        order by
          transaction,
          id
        limit
          :'scanned'
      ) as next
  ),
  page as (
    select
      *,
      sum(octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0)) over (
        order by
          "place"
      ) as "bytes",
      row_number() over (
        order by
          "place"
      ) as "rank"
    from
      (
        select
          customer_event."id" as "id",
          customer_event."customer_id" as "customerId",
          customer_event."type" as "type",
          customer_event."version" as "version",
          customer_event."occurred_at" as "occurredAt",
          customer_event."customer" as "customer",
          customer_event."previous" as "previous",
          customer_event."client_id" as "clientId",
          customer_event."token_id" as "tokenId",
          customer_event."request_id" as "requestId",
          customer_event."command" as "command",
          scanned."place"
        from
          scanned
          join customer_event on customer_event.id = scanned.id
        order by
          scanned."place"
        limit
          :'limit'
        offset
          0
      ) as found
  )
select
  info.*,
  page.*
from
  (
    select
      true as "isKnown",
      (
        select
          id
        from
          scanned
        order by
          "place" desc
        limit
          1
      ) as "scannedTo",
      (
        select
          count(*)::int
        from
          scanned
      ) as "scannedCount",
      (
        select
          count(*)::int
        from
          scanned
      ) as "matches"
  ) as info
  left join page on page."bytes" <= :'maxBytes'::bigint
  or page."rank" = 1
order by
  page."place";

-- list-events-after-types (prepared)
-- For each customerEvents with a cursor and types. Without types, or without a cursor, it leaves those
-- conditions out.
with
  position as (
    select
      transaction,
      id
    from
      customer_event
    where
      team_id = :'teamId'::uuid
      and id = :'after'::uuid
  ),
  scanned as (
    select
      id,
      type,
      row_number() over (
        order by
          transaction,
          id
      ) as "place"
    from
      (
        select
          id,
          type,
          transaction
        from
          customer_event
        where
          team_id = :'teamId'::uuid
          and transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
          and (transaction, id) > (
            (
              select
                transaction
              from
                position
            ),
            (
              select
                id
              from
                position
            )
          )
        order by
          transaction,
          id
        limit
          :'scanned'
      ) as next
  ),
  page as (
    select
      *,
      sum(octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0)) over (
        order by
          "place"
      ) as "bytes",
      row_number() over (
        order by
          "place"
      ) as "rank"
    from
      (
        select
          customer_event."id" as "id",
          customer_event."customer_id" as "customerId",
          customer_event."type" as "type",
          customer_event."version" as "version",
          customer_event."occurred_at" as "occurredAt",
          customer_event."customer" as "customer",
          customer_event."previous" as "previous",
          customer_event."client_id" as "clientId",
          customer_event."token_id" as "tokenId",
          customer_event."request_id" as "requestId",
          customer_event."command" as "command",
          scanned."place"
        from
          scanned
          join customer_event on customer_event.id = scanned.id
        where
          scanned.type = any (:'types'::text[])
        order by
          scanned."place"
        limit
          :'limit'
        offset
          0
      ) as found
  )
select
  info.*,
  page.*
from
  (
    select
      exists (
        select
        from
          position
      ) as "isKnown",
      (
        select
          id
        from
          scanned
        order by
          "place" desc
        limit
          1
      ) as "scannedTo",
      (
        select
          count(*)::int
        from
          scanned
      ) as "scannedCount",
      (
        select
          count(*)::int
        from
          scanned
        where
          type = any (:'types'::text[])
      ) as "matches"
  ) as info
  left join page on page."bytes" <= :'maxBytes'::bigint
  or page."rank" = 1
order by
  page."place";

-- last-event (prepared)
-- For each lastCustomerEventCursor.
select
  id
from
  customer_event
where
  team_id = :'teamId'::uuid
  and transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by
  transaction desc,
  id desc
limit
  1;

-- events-lag (prepared)
-- For each scrape of /metrics.
select
  coalesce(
    extract(
      epoch
      from
        now() - min(occurred_at)
    ),
    0
  )::float8 as "seconds"
from
  (
    select
      transaction,
      occurred_at
    from
      customer_event
    order by
      id desc
    limit
      1000
  ) as latest
where
  not (transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint);

-- customer-history (prepared)
-- For the history of a customer, and for those of a list.
select
  *
from
  (
    select
      *,
      sum(octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0)) over (
        order by
          "rank",
          "place"
      ) as "bytes",
      count(*) over (
        partition by
          "place"
      )::int as "found",
      count(*) filter (
        where
          "rank" = 1
      ) over ()::int as "customers",
      row_number() over (
        order by
          "rank",
          "place"
      ) as "number"
    from
      (
        select
          event.*,
          wanted.place as "place",
          row_number() over (
            partition by
              wanted.place
            order by
              event."version" desc
          ) as "rank"
        from
          unnest(:'uuids'::uuid[], :'before'::int[]) with ordinality as wanted (uuid, before, place)
          cross join lateral (
            select
              customer_event."id" as "id",
              customer_event."customer_id" as "customerId",
              customer_event."type" as "type",
              customer_event."version" as "version",
              customer_event."occurred_at" as "occurredAt",
              customer_event."customer" as "customer",
              customer_event."previous" as "previous",
              customer_event."client_id" as "clientId",
              customer_event."token_id" as "tokenId",
              customer_event."request_id" as "requestId",
              customer_event."command" as "command"
            from
              customer_event
            where
              customer_id = wanted.uuid
              and team_id = :'teamId'::uuid
              and version < wanted.before
            order by
              version desc
            limit
              :'limit'
          ) as event
        offset
          0
      ) as found
  ) as measured
where
  "bytes" <= :'maxBytes'::bigint
  or "number" = 1
order by
  "place",
  "version" desc;

-- remove-expired-events
-- At the start and every 10 minutes, until no full batch is left. The first batch begins after the UUID of
-- zeros.
delete from customer_event
where
  id in (
    select
      id
    from
      customer_event as expired
    where
      id > :'after'::uuid
      and id < (
        lpad(
          to_hex(
            floor(
              extract(
                epoch
                from
                  now() - make_interval(days => :'days'::int)
              ) * 1000
            )::bigint
          ),
          12,
          '0'
        ) || repeat('0', 20)
      )::uuid
      and exists (
        select
        from
          customer_event as later
        where
          later.team_id = expired.team_id
          and (later.transaction, later.id) > (expired.transaction, expired.id)
      )
    order by
      id
    limit
      500
    for update
      skip locked
  )
returning
  id;

-- ## Idempotency keys

-- remove-expired-keys
-- At the start and every 10 minutes, until no full batch is left.
delete from idempotency_key
where
  ctid in (
    select
      ctid
    from
      idempotency_key
    where
      created_at < now() - make_interval(hours => 24)
    limit
      200
    for update
      skip locked
  );

-- ## Webhooks: the API

-- list-deliveries (prepared)
-- For each list of deliveries.
with
  page as (
    select
      delivery.id
    from
      unnest(:'statuses'::text[]) as wanted (status)
      cross join lateral (
        select
          id
        from
          webhook_delivery
        where
          endpoint_id = :'endpoint'::uuid
          and status = wanted.status
          and id < :'before'::uuid
        order by
          id desc
        limit
          :'limit'
      ) as delivery
    order by
      id desc
    limit
      :'limit'
  )
select
  webhook_delivery.id,
  webhook_delivery.event_id as "eventId",
  (
    select
      type
    from
      customer_event
    where
      customer_event.id = webhook_delivery.event_id
  ) as "eventType",
  webhook_delivery.status,
  webhook_delivery.attempts,
  webhook_delivery.next_attempt_at as "nextAttemptAt",
  webhook_delivery.created_at as "createdAt"
from
  page
  join webhook_delivery on webhook_delivery.id = page.id
order by
  webhook_delivery.id desc;

-- queue-test
-- For each sendTestEvent.
with
  endpoint as (
    select
      *
    from
      webhook_endpoint
    where
      id = :'endpoint'::uuid
      and client_id = :'clientId'::uuid
      and team_id = :'teamId'::uuid
      and deleted_at is null
  ),
  queued as (
    insert into
      webhook_delivery (endpoint_id, next_attempt_at)
    select
      id,
      now()
    from
      endpoint
    where
      status <> 'DISABLED'
    returning
      *
  )
select
  queued.id,
  queued.event_id as "eventId",
  (
    select
      type
    from
      customer_event
    where
      customer_event.id = queued.event_id
  ) as "eventType",
  queued.status,
  queued.attempts,
  queued.next_attempt_at as "nextAttemptAt",
  queued.created_at as "createdAt",
  endpoint.status as "endpointStatus",
  case
    when endpoint.status = 'ENABLED' then graphile_worker.add_job (
      'send-webhook-deliveries',
      json_build_object('endpoint', endpoint.id),
      run_at => greatest(
        now(),
        endpoint.resume_at,
        case
          when endpoint.sending_until > now() then now() + interval '1 second'
        end
      ),
      job_key => endpoint.id::text,
      job_key_mode => 'replace'
    ) is not null
  end as "isScheduled"
from
  endpoint
  left join queued on true;

-- redeliver
-- For each redeliver, and for the command of the operator.
with
  endpoint as (
    select
      webhook_endpoint.*
    from
      webhook_endpoint
    where
      id = (
        select
          endpoint_id
        from
          webhook_delivery
        where
          id = :'delivery'::uuid
      )
      and deleted_at is null
      and (
        :'clientId'::uuid is null
        or client_id = :'clientId'::uuid
        and team_id = :'teamId'::uuid
      )
  ),
  queued as (
    update webhook_delivery
    set
      status = 'PENDING',
      next_attempt_at = now(),
      started_at = now(),
      failed_attempts = 0
    from
      endpoint
    where
      webhook_delivery.id = :'delivery'::uuid
      and endpoint.status <> 'DISABLED'
    returning
      webhook_delivery.*
  )
select
  queued.id,
  queued.event_id as "eventId",
  (
    select
      type
    from
      customer_event
    where
      customer_event.id = queued.event_id
  ) as "eventType",
  queued.status,
  queued.attempts,
  queued.next_attempt_at as "nextAttemptAt",
  queued.created_at as "createdAt",
  endpoint.status as "endpointStatus",
  case
    when endpoint.status = 'ENABLED' then graphile_worker.add_job (
      'send-webhook-deliveries',
      json_build_object('endpoint', endpoint.id),
      run_at => greatest(
        now(),
        endpoint.resume_at,
        case
          when endpoint.sending_until > now() then now() + interval '1 second'
        end
      ),
      job_key => endpoint.id::text,
      job_key_mode => 'replace'
    ) is not null
  end as "isScheduled"
from
  endpoint
  left join queued on true;

-- ## Webhooks: the commands of the operator

-- list-all-endpoints
-- For the list of endpoints.
select
  id,
  client_id as "clientId",
  team_id as "teamId",
  url,
  status,
  disabled_reason as "disabledReason",
  failing_since as "failingSince",
  created_at as "createdAt",
  (
    select
      count(*)::int
    from
      (
        select
        from
          webhook_delivery
        where
          endpoint_id = webhook_endpoint.id
          and status = 'PENDING'
        limit
          10000
      ) as pending
  ) as "pendingDeliveries"
from
  webhook_endpoint
where
  deleted_at is null
  and (
    :'clientId'::uuid is null
    or client_id = :'clientId'::uuid
  )
  and (
    :'teamId'::uuid is null
    or team_id = :'teamId'::uuid
  )
  and (
    :'status'::text is null
    or status = :'status'::text
  )
order by
  id desc
limit
  :'limit';

-- redeliver-failed
-- For the failed deliveries of an endpoint, until no delivery is left. The first batch begins after the UUID of
-- zeros.
with
  endpoint as (
    select
      *
    from
      webhook_endpoint
    where
      id = :'endpoint'::uuid
      and deleted_at is null
  ),
  batch as (
    select
      delivery.id
    from
      endpoint
      cross join unnest(array['FAILED', 'CANCELED']) as failed (status)
      cross join lateral (
        select
          id
        from
          webhook_delivery
        where
          endpoint_id = endpoint.id
          and status = failed.status
          and id > :'after'::uuid
          and (
            :'since'::timestamptz is null
            or id >= (
              lpad(
                to_hex(
                  floor(
                    extract(
                      epoch
                      from
                        :'since'::timestamptz
                    ) * 1000
                  )::bigint
                ),
                12,
                '0'
              ) || repeat('0', 20)
            )::uuid
          )
        order by
          id
        limit
          5000
      ) as delivery
    where
      endpoint.status <> 'DISABLED'
    order by
      id
    limit
      5000
  ),
  failed as (
    select
      id
    from
      webhook_delivery
    where
      id in (
        select
          id
        from
          batch
      )
      -- In one order, so that two statements cannot wait for each other.
    order by
      id
    for update
  ),
  queued as (
    update webhook_delivery
    set
      status = 'PENDING',
      next_attempt_at = now(),
      started_at = now(),
      failed_attempts = 0
    where
      id in (
        select
          id
        from
          failed
      )
      and status in ('FAILED', 'CANCELED')
    returning
      id
  )
select
  endpoint.status,
  (
    select
      count(*)::int
    from
      queued
  ) as "queued",
  (
    select
      id
    from
      batch
    order by
      id desc
    limit
      1
  ) as "last",
  case
    when endpoint.status = 'ENABLED'
    and exists (
      select
      from
        queued
    ) then graphile_worker.add_job (
      'send-webhook-deliveries',
      json_build_object('endpoint', endpoint.id),
      run_at => greatest(
        now(),
        endpoint.resume_at,
        case
          when endpoint.sending_until > now() then now() + interval '1 second'
        end
      ),
      job_key => endpoint.id::text,
      job_key_mode => 'replace'
    ) is not null
  end as "isScheduled"
from
  endpoint;

-- ## Webhooks: the worker. The trigger of customer_event adds the first job

-- create-deliveries (prepared)
-- For the jobs of new events; several jobs share a statement.
with
  created as (
    insert into
      webhook_delivery (endpoint_id, event_id, next_attempt_at)
    select
      webhook_endpoint.id,
      customer_event.id,
      now()
    from
      customer_event
      join webhook_endpoint on webhook_endpoint.team_id = customer_event.team_id
    where
      customer_event.id = any (:'events'::uuid[])
      and webhook_endpoint.deleted_at is null
      and webhook_endpoint.status <> 'DISABLED'
      and (
        webhook_endpoint.types is null
        or customer_event.type = any (webhook_endpoint.types)
      )
      -- Of statements that create the same deliveries, one waits for the other.
    order by
      webhook_endpoint.id,
      customer_event.id
    on conflict (endpoint_id, event_id) do nothing
    returning
      endpoint_id
  ),
  woken as (
    select
      webhook_endpoint.id,
      greatest(
        now(),
        webhook_endpoint.resume_at,
        case
          when webhook_endpoint.sending_until > now() then now() + interval '1 second'
        end
      ) as at
    from
      webhook_endpoint
    where
      id in (
        select
          endpoint_id
        from
          created
      )
      and status = 'ENABLED'
    order by
      id
      -- The jobs are added in this order, so that two statements cannot wait for each other.
    offset
      0
  )
select
  count(
    graphile_worker.add_job (
      'send-webhook-deliveries',
      json_build_object('endpoint', woken.id),
      run_at => woken.at,
      job_key => woken.id::text,
      job_key_mode => 'replace'
    )
  )
from
  woken;

-- take-deliveries (prepared)
-- For the job of an endpoint, again and again until nothing is due or 10 seconds are over.
with
  taken as (
    update webhook_endpoint
    set
      sending_by = :'run'::uuid,
      sending_until = now() + interval '30 seconds'
    where
      id = :'endpoint'::uuid
      and (
        sending_by = :'run'::uuid
        or sending_until is null
        or sending_until < now()
      )
    returning
      *
  ),
  endpoint as (
    select
      taken.id,
      team_id as "teamId",
      url,
      status,
      disabled_reason as "disabledReason",
      (
        exists (
          select
          from
            api_client
          where
            api_client.id = taken.client_id
            and revoked_at is null
        )
        and (
          taken.token_id is null
          or (
            exists (
              select
              from
                access_token
              where
                access_token.id = taken.token_id
                and revoked_at is null
            )
            and exists (
              select
              from
                access_token
              where
                access_token.client_id = taken.client_id
                and access_token.team_id = taken.team_id
                and revoked_at is null
                and expires_at > now()
            )
          )
        )
      ) as "hasAccess",
      deleted_at is not null as "isDeleted",
      coalesce(resume_at > now(), false) as "isDown",
      (
        select
          json_agg(
            json_build_object('ciphertext', encode(ciphertext, 'base64'), 'keyId', key_id)
            order by
              expires_at desc nulls first
          )
        from
          webhook_secret
        where
          endpoint_id = taken.id
          and (
            expires_at is null
            or expires_at > now()
          )
      ) as "secrets"
    from
      taken
  ),
  due as (
    select
      webhook_delivery.id,
      event_id,
      failed_attempts,
      next_attempt_at,
      created_at,
      attempts = '[]' as is_new
    from
      webhook_delivery
    where
      endpoint_id = (
        select
          id
        from
          endpoint
        where
          status = 'ENABLED'
          and "hasAccess"
          and not "isDeleted"
          and not "isDown"
      )
      and status = 'PENDING'
      and next_attempt_at <= now()
      and id <> all (:'sending'::uuid[])
    order by
      next_attempt_at,
      id
    limit
      :'limit'
  ),
  found as (
    select
      due.id as "deliveryId",
      due.event_id as "eventId",
      failed_attempts as "failedAttempts",
      due.created_at as "createdAt",
      due.is_new as "isNew",
      event.*,
      coalesce(octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0), 0) as "bytes",
      sum(coalesce(octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0), 0)) over (
        order by
          next_attempt_at,
          due.id
      ) as "sum",
      row_number() over (
        order by
          next_attempt_at,
          due.id
      ) as "rank"
    from
      due
      left join (
        select
          customer_event."id" as "id",
          customer_event."customer_id" as "customerId",
          customer_event."type" as "type",
          customer_event."version" as "version",
          customer_event."occurred_at" as "occurredAt",
          customer_event."customer" as "customer",
          customer_event."previous" as "previous",
          customer_event."client_id" as "clientId",
          customer_event."token_id" as "tokenId",
          customer_event."request_id" as "requestId",
          customer_event."command" as "command"
        from
          customer_event
      ) as event on event.id = due.event_id
  )
select
  endpoint.id as "endpointId",
  endpoint."teamId",
  url,
  status,
  "disabledReason",
  "hasAccess",
  "isDeleted",
  "isDown",
  secrets,
  found.*
from
  endpoint
  left join found on "sum" <= :'maxBytes'::bigint
  or "rank" = 1
order by
  "rank";

-- record-attempts (prepared)
-- After attempts; those of all endpoints share a statement.
update webhook_delivery
set
  attempts = case
    when jsonb_array_length(attempts) < 30 then attempts
    else attempts - 0
  end || attempt,
  failed_attempts = failed_attempts + case
    when succeeded then 0
    else 1
  end,
  status = case
    when webhook_delivery.status <> 'PENDING' then webhook_delivery.status
    when succeeded then 'SUCCEEDED'
    when pause is null
    or now() + pause > started_at + interval '3 days' then 'FAILED'
    else 'PENDING'
  end,
  next_attempt_at = case
    when webhook_delivery.status = 'PENDING'
    and not succeeded
    and now() + pause <= started_at + interval '3 days' then now() + pause
  end
from
  (
    select
      "deliveryId" as id,
      attempt,
      succeeded,
      "pauseMs" * interval '1 millisecond' as pause
    from
      json_to_recordset(:'attempts'::json) as sent ("deliveryId" uuid, attempt jsonb, succeeded boolean, "pauseMs" double precision)
  ) as sent
where
  webhook_delivery.id = sent.id;

-- release-endpoint (prepared)
-- At the end of the job of an endpoint.
with
  released as (
    update webhook_endpoint
    set
      sending_by = null,
      sending_until = null,
      failing_since = case
        when :'succeeded'::boolean then null
        when :'failed'::boolean then coalesce(failing_since, now())
        else failing_since
      end,
      failed_runs = case
        when :'isDown'::boolean then failed_runs + 1
        when :'succeeded'::boolean then 0
        else failed_runs
      end,
      resume_at = case
        when :'isDown'::boolean then now() + least(power(2, least(failed_runs, 20)), 300) * :'jitter'::double precision * interval '1 second'
        when :'succeeded'::boolean then null
        else resume_at
      end,
      status = case
        when status <> 'DISABLED'
        and coalesce(
          :'reason'::text,
          case
            when :'failed'::boolean
            and not :'succeeded'::boolean
            and failing_since <= now() - interval '3 days' then 'FAILING'
          end
        ) is not null then 'DISABLED'
        else status
      end,
      disabled_reason = case
        when status <> 'DISABLED' then coalesce(
          :'reason'::text,
          case
            when :'failed'::boolean
            and not :'succeeded'::boolean
            and failing_since <= now() - interval '3 days' then 'FAILING'
          end
        )
        else disabled_reason
      end,
      updated_at = case
        when status <> 'DISABLED'
        and coalesce(
          :'reason'::text,
          case
            when :'failed'::boolean
            and not :'succeeded'::boolean
            and failing_since <= now() - interval '3 days' then 'FAILING'
          end
        ) is not null then now()
        else updated_at
      end
    where
      id = :'endpoint'::uuid
      and sending_by = :'run'::uuid
    returning
      *
  ),
  next as (
    select
      released.id,
      greatest(min(next_attempt_at), resume_at, now()) as at,
      greatest(min(next_attempt_at), resume_at) <= now() as "isDue"
    from
      released
      join webhook_delivery on endpoint_id = released.id
      and webhook_delivery.status = 'PENDING'
    where
      released.status = 'ENABLED'
      and deleted_at is null
    group by
      released.id,
      resume_at
  )
select
  released.id,
  released.status,
  released.disabled_reason as "disabledReason",
  released.client_id as "clientId",
  released.team_id as "teamId",
  -- A job that a new delivery has added meanwhile keeps its time: this statement may not see that delivery.
  (
    select
      graphile_worker.add_job (
        'send-webhook-deliveries',
        json_build_object('endpoint', next.id),
        run_at => next.at,
        job_key => next.id::text,
        job_key_mode => case
          when "isDue" then 'replace'
          else 'preserve_run_at'
        end
      ) is not null
    from
      next
  ) as "isScheduled"
from
  released;

-- wake-endpoint (prepared)
-- When another worker has the endpoint, and after an endpoint was updated.
select
  graphile_worker.add_job (
    'send-webhook-deliveries',
    json_build_object('endpoint', id),
    run_at => greatest(
      now(),
      webhook_endpoint.resume_at,
      case
        when webhook_endpoint.sending_until > now() then now() + interval '1 second'
      end
    ),
    job_key => id::text,
    job_key_mode => 'replace'
  ) is not null as "isScheduled"
from
  webhook_endpoint
where
  id = :'endpoint'::uuid;

-- cancel-deliveries (prepared)
-- For a disabled or deleted endpoint, until no full batch is left.
update webhook_delivery
set
  status = 'CANCELED',
  next_attempt_at = null
where
  id in (
    select
      id
    from
      webhook_delivery
    where
      endpoint_id = (
        select
          id
        from
          webhook_endpoint
        where
          id = :'endpoint'::uuid
          and (
            status = 'DISABLED'
            or deleted_at is not null
          )
      )
      and status = 'PENDING'
    limit
      1000
  );

-- unlock-jobs
-- Every 15 seconds.
select
  graphile_worker.force_unlock_workers (workers)
from
  (
    select
      array_agg(distinct locked_by) as workers
    from
      graphile_worker.jobs
    where
      locked_at < now() - interval '45 seconds'
  ) as ended
where
  workers is not null;

-- webhook-queue-length (prepared)
-- For each scrape of /metrics.
with
  endpoint as (
    select
      id
    from
      webhook_endpoint
    where
      deleted_at is null
      and status = 'ENABLED'
  )
select
  (
    select
      count(*)::int
    from
      (
        select
        from
          endpoint
          join webhook_delivery on endpoint_id = endpoint.id
          and status = 'PENDING'
        limit
          100000
      ) as pending
  ) as "pending",
  (
    select
      coalesce(
        greatest(
          extract(
            epoch
            from
              now() - min(oldest)
          ),
          0
        ),
        0
      )::float8
    from
      endpoint,
      lateral (
        select
          min(next_attempt_at) as oldest
        from
          webhook_delivery
        where
          endpoint_id = endpoint.id
          and status = 'PENDING'
      ) as delivery
  ) as "oldestSeconds";

-- ## Webhooks: removal, at the start and every 10 minutes

-- remove-old-deliveries
-- Until no full batch is left. The first batch begins after the UUID of zeros.
delete from webhook_delivery
where
  id in (
    select
      id
    from
      webhook_delivery
    where
      id > :'after'::uuid
      and id < (
        lpad(
          to_hex(
            floor(
              extract(
                epoch
                from
                  now() - make_interval(days => :'days'::int)
              ) * 1000
            )::bigint
          ),
          12,
          '0'
        ) || repeat('0', 20)
      )::uuid
    order by
      id
    limit
      1000
    for update
      skip locked
  )
returning
  id;

-- remove-deleted-deliveries
-- Until no full batch is left.
delete from webhook_delivery
where
  id in (
    select
      webhook_delivery.id
    from
      webhook_endpoint
      join webhook_delivery on endpoint_id = webhook_endpoint.id
    where
      deleted_at is not null
    limit
      1000
    for update of
      webhook_delivery skip locked
  )
returning
  id;

-- remove-deleted-endpoints
-- Afterwards.
delete from webhook_endpoint
where
  deleted_at is not null
  and not exists (
    select
    from
      webhook_delivery
    where
      endpoint_id = webhook_endpoint.id
  );

-- ## Published documents

-- list-published-documents (prepared)
-- For the first request with the ID of a document since the documents of its client changed, and for the
-- commands of the operator.
select
  id,
  encode(hash, 'hex') as "hash",
  octet_length(source) as "bytes",
  operation_names as "operationNames",
  published_at as "publishedAt"
from
  published_document
where
  client_id = :'clientId'
order by
  published_at desc,
  id;

-- find-published-document (prepared)
-- For a request with the ID of a document whose source is not in the cache.
select
  source
from
  published_document
where
  client_id = :'clientId'
  and id = :'id'
  and hash = decode(:'hash', 'hex');

-- lock-client-for-documents
-- First, for a publication or a removal.
select
  id
from
  api_client
where
  id = :'clientId'
  and revoked_at is null
for no key update;

-- publish-documents
-- Third, for a publication, after list-published-documents.
with
  changed as (
    update api_client
    set
      documents_version = gen_random_uuid()
    where
      id = :'clientId'
  )
insert into
  published_document (client_id, id, source, hash, operation_names)
select
  :'clientId'::uuid,
  id,
  source,
  sha256(convert_to(source, 'UTF8')),
  "operationNames"
from
  json_to_recordset(:'documents') as sent ("id" text, "source" text, "operationNames" text[])
on conflict (client_id, id) do update
set
  published_at = excluded.published_at;

-- remove-documents
-- Second, for a removal.
with
  removed as (
    delete from published_document
    where
      client_id = :'clientId'
      and id = any (:'ids'::text[])
    returning
      id
  ),
  changed as (
    update api_client
    set
      documents_version = gen_random_uuid()
    where
      id = :'clientId'
      and exists (
        select
        from
          removed
      )
  )
select
  id
from
  removed;

-- ## Audit log

-- insert-audit-entry
-- For each change by a command of the operator, in the transaction of the change.
insert into
  audit_entry (id, operator, account, host, client_address, pid, version, action, team_id, client_id, details)
values
  (
    :'id',
    :'operator',
    :'account',
    :'host',
    :'clientAddress',
    :'pid',
    :'version',
    :'action',
    :'teamId',
    :'clientId',
    :'details'
  );

-- list-audit-entries
-- For the list of changes.
select
  id,
  created_at as "createdAt",
  database_role as "databaseRole",
  operator,
  account,
  host,
  client_address as "clientAddress",
  pid,
  version,
  action,
  team_id as "teamId",
  client_id as "clientId",
  details
from
  audit_entry
where
  (
    :'since'::timestamptz is null
    or created_at >= :'since'::timestamptz
  )
  and (
    :'action'::text is null
    or action = :'action'::text
    or starts_with(action, :'action'::text || '.')
  )
  and (
    :'teamId'::uuid is null
    or team_id = :'teamId'::uuid
  )
  and (
    :'clientId'::uuid is null
    or client_id = :'clientId'::uuid
  )
  and (
    :'target'::text is null
    or :'target'::text in (team_id::text, client_id::text)
    or exists (
      select
      from
        jsonb_each(details) as detail
      where
        detail.value @> to_jsonb(:'target'::text)
    )
  )
order by
  created_at desc,
  id desc
limit
  :'limit';

-- ## Authentication

-- read-clients (prepared)
-- Every second, and for a request if the last read is 5 seconds old.
select
  secret.id,
  secret.ciphertext,
  secret.key_id as "keyId",
  client.id as "clientId",
  client.document_policy as "documentPolicy",
  client.documents_version as "documentsVersion"
from
  client_secret secret
  join api_client client on client.id = secret.client_id
where
  client.revoked_at is null
  and (
    secret.expires_at is null
    or secret.expires_at > now()
  );

-- find-token (prepared)
-- For a request with a token of the gateway that is not in the cache, where it stays for 5 seconds.
select
  id,
  client_id as "clientId",
  team_id as "teamId",
  scopes,
  expires_at as "expiresAt",
  revoked_at is not null as revoked
from
  access_token
where
  hash = :'hash';

-- ## Authentication, written by the ORM

-- team-exists
-- For a request with a JWT that is not in the cache, and before a token is issued or customers are exported.
select
  count(*) as "count"
from
  "team" as "t0"
where
  "t0"."id" = :'teamId';

-- ## Commands for teams, clients and tokens, written by the ORM

-- create-team
-- For a new team.
insert into
  "team" ("id", "name", "created_at")
values
  (:'teamId', :'name', :'createdAt');

-- list-teams
-- For the list of teams.
select
  "t0".*
from
  "team" as "t0"
order by
  "t0"."created_at" desc,
  "t0"."id" desc
limit
  100;

-- create-client
-- For a new client, in one transaction with its secret.
insert into
  "api_client" ("id", "name", "created_at", "revoked_at", "document_policy", "documents_version")
values
  (:'clientId', :'name', :'createdAt', null, :'documentPolicy', null);

-- create-secret
-- For a new client or the rotation of a secret.
insert into
  "client_secret" ("id", "ciphertext", "key_id", "created_at", "expires_at", "client_id")
values
  (:'secretId', :'clientId', :'ciphertext', :'keyId', null, :'createdAt');

-- list-clients
-- For the list of clients.
select
  "a0".*
from
  "api_client" as "a0"
order by
  "a0"."created_at" desc,
  "a0"."id" desc
limit
  100;

-- list-secrets
-- For the list of clients, after list-clients.
select
  "c0".*
from
  "client_secret" as "c0"
where
  "c0"."client_id" in (:'clientId')
  and (
    "c0"."expires_at" is null
    or "c0"."expires_at" > now()
  )
order by
  "c0"."expires_at" desc nulls first;

-- lock-client
-- First, for the rotation of a secret.
select
  "a0".*
from
  "api_client" as "a0"
where
  "a0"."id" = :'clientId'
  and "a0"."revoked_at" is null
limit
  1
for update;

-- newest-secret
-- Second, for the rotation of a secret.
select
  "c0".*
from
  "client_secret" as "c0"
where
  "c0"."client_id" = :'clientId'
  and (
    "c0"."expires_at" is null
    or "c0"."expires_at" > now()
  )
order by
  "c0"."expires_at" desc nulls first
limit
  1;

-- delete-older-secrets
-- Third, for the rotation of a secret.
delete from "client_secret"
where
  "client_id" = :'clientId'
  and "id" != :'secretId';

-- expire-secret
-- Fourth, for the rotation of a secret, before create-secret.
update "client_secret"
set
  "expires_at" = :'expiresAt'
where
  "id" = :'secretId';

-- revoke-client
-- First, for the revocation of a client.
update "api_client"
set
  "revoked_at" = :'revokedAt'
where
  "id" = :'clientId'
  and "revoked_at" is null;

-- delete-secrets
-- Second, for the revocation of a client.
delete from "client_secret"
where
  "client_id" = :'clientId';

-- client-exists
-- Third, if the client was not revoked now.
select
  count(*) as "count"
from
  "api_client" as "a0"
where
  "a0"."id" = :'clientId';

-- set-document-policy
-- For the documents that a client may send.
update "api_client"
set
  "document_policy" = :'documentPolicy'
where
  "id" = :'clientId'
  and "revoked_at" is null;

-- revoke-secret
-- For the revocation of a secret.
delete from "client_secret"
where
  "id" = :'secretId'
  and "client_id" = :'clientId';

-- client-is-active
-- Before a token is issued.
select
  count(*) as "count"
from
  "api_client" as "a0"
where
  "a0"."id" = :'clientId'
  and "a0"."revoked_at" is null;

-- create-token
-- For a new token.
insert into
  "access_token" ("id", "client_id", "team_id", "hash", "scopes", "created_at", "expires_at", "revoked_at")
values
  (:'tokenId', :'clientId', :'teamId', :'hash', null, :'createdAt', :'expiresAt', null);

-- list-tokens
-- For the list of tokens. Without a client or a team, its condition is left out.
select
  "a0".*
from
  "access_token" as "a0"
where
  "a0"."client_id" = :'clientId'
  and "a0"."team_id" = :'teamId'
order by
  "a0"."created_at" desc,
  "a0"."id" desc
limit
  100;

-- lock-token
-- First, for the revocation of a token by its ID.
select
  "a0".*
from
  "access_token" as "a0"
where
  "a0"."id" = :'tokenId'
limit
  1
for update;

-- revoke-token
-- Second, for the revocation of a token.
update "access_token"
set
  "revoked_at" = :'revokedAt'
where
  "id" = :'tokenId';

-- lock-token-by-hash
-- First, for the revocation of a token by the token itself.
select
  "a0".*
from
  "access_token" as "a0"
where
  "a0"."hash" = :'hash'
limit
  1
for update;

-- ## Importing customers, written by the ORM

-- imported-customers
-- For a batch of an import with conflicts: which of those rows an earlier run of the import created.
select
  "c0"."id"
from
  "customer" as "c0"
where
  "c0"."team_id" = :'teamId'
  and "c0"."id" in (:'uuid');

-- ## Keys of secrets, written by the ORM

-- delete-expired-secrets
-- First, when secrets are encrypted with a new key.
delete from "client_secret"
where
  "expires_at" <= now();

-- lock-secrets
-- For the first batch of secrets that an older key encrypted.
select
  "c0".*
from
  "client_secret" as "c0"
where
  "c0"."key_id" != :'keyId'
order by
  "c0"."id" asc
limit
  100
for update;

-- reencrypt-secret
-- For a batch of one secret.
update "client_secret"
set
  "ciphertext" = :'ciphertext',
  "key_id" = :'keyId'
where
  "id" = :'secretId';

-- lock-later-secrets
-- For each later batch.
select
  "c0".*
from
  "client_secret" as "c0"
where
  "c0"."key_id" != :'keyId'
  and "c0"."id" > :'afterId'
order by
  "c0"."id" asc
limit
  100
for update;

-- check-secrets
-- For the doctor. Later batches have a condition on id.
select
  "c0".*
from
  "client_secret" as "c0"
where
  (
    "c0"."expires_at" is null
    or "c0"."expires_at" > now()
  )
order by
  "c0"."id" asc
limit
  500;

-- ## Webhook endpoints, written by the ORM

-- list-endpoints
-- For webhookEndpoints.
select
  "w0".*
from
  "webhook_endpoint" as "w0"
where
  "w0"."client_id" = :'clientId'
  and "w0"."team_id" = :'teamId'
  and "w0"."deleted_at" is null
order by
  "w0"."id" asc
limit
  10;

-- find-endpoint
-- For webhookEndpoint.
select
  "w0".*
from
  "webhook_endpoint" as "w0"
where
  "w0"."client_id" = :'clientId'
  and "w0"."team_id" = :'teamId'
  and "w0"."deleted_at" is null
  and "w0"."id" = :'endpoint'
limit
  1;

-- lock-client-of-endpoints
-- First, for a new endpoint.
select
  "a0".*
from
  "api_client" as "a0"
where
  "a0"."id" = :'clientId'
limit
  1
for update;

-- count-endpoints
-- Second, for a new endpoint.
select
  count(*) as "count"
from
  "webhook_endpoint" as "w0"
where
  "w0"."client_id" = :'clientId'
  and "w0"."team_id" = :'teamId'
  and "w0"."deleted_at" is null;

-- create-endpoint
-- Third, for a new endpoint.
insert into
  "webhook_endpoint" (
    "id",
    "team_id",
    "client_id",
    "token_id",
    "url",
    "types",
    "description",
    "status",
    "disabled_reason",
    "failing_since",
    "failed_runs",
    "resume_at",
    "sending_by",
    "sending_until",
    "created_at",
    "updated_at",
    "deleted_at"
  )
values
  (
    :'endpoint',
    :'teamId',
    :'clientId',
    :'tokenId',
    :'url',
    :'types',
    :'description',
    :'status',
    null,
    null,
    0,
    null,
    null,
    null,
    :'createdAt',
    :'updatedAt',
    null
  );

-- create-webhook-secret
-- Fourth, for a new endpoint, and for the rotation of a secret.
insert into
  "webhook_secret" ("id", "ciphertext", "key_id", "created_at", "expires_at", "endpoint_id")
values
  (:'secretId', :'endpoint', :'ciphertext', :'keyId', null, :'createdAt');

-- lock-endpoint
-- First, for an update, a deletion or the rotation of a secret.
select
  "w0".*
from
  "webhook_endpoint" as "w0"
where
  "w0"."client_id" = :'clientId'
  and "w0"."team_id" = :'teamId'
  and "w0"."deleted_at" is null
  and "w0"."id" = :'endpoint'
limit
  1
for update;

-- update-endpoint
-- For an update, after lock-endpoint, of the columns that change.
update "webhook_endpoint"
set
  "token_id" = :'tokenId',
  "url" = :'url',
  "types" = :'types',
  "description" = :'description',
  "status" = :'status',
  "disabled_reason" = null,
  "failing_since" = null,
  "failed_runs" = 0,
  "resume_at" = null,
  "updated_at" = :'updatedAt'
where
  "id" = :'endpoint';

-- delete-endpoint
-- For a deletion, after lock-endpoint.
update "webhook_endpoint"
set
  "deleted_at" = :'deletedAt'
where
  "id" = :'endpoint';

-- delete-previous-webhook-secret
-- Second, for the rotation of a secret.
delete from "webhook_secret"
where
  "endpoint_id" = :'endpoint'
  and "expires_at" is not null;

-- delete-webhook-secrets
-- Third, for a rotation without an overlap.
delete from "webhook_secret"
where
  "endpoint_id" = :'endpoint';

-- expire-webhook-secret
-- Fourth, for a rotation, before create-webhook-secret.
update "webhook_secret"
set
  "expires_at" = :'expiresAt'
where
  "endpoint_id" = :'endpoint';

-- touch-endpoint
-- At the end of a rotation.
update "webhook_endpoint"
set
  "updated_at" = :'updatedAt'
where
  "id" = :'endpoint';

-- disable-endpoint
-- For the command that disables an endpoint, before cancel-deliveries.
update "webhook_endpoint"
set
  "status" = :'status',
  "disabled_reason" = :'disabledReason',
  "updated_at" = :'updatedAt'
where
  "id" = :'endpoint'
  and "deleted_at" is null
  and "status" != :'disabled';

-- endpoint-exists
-- If the endpoint was not disabled now.
select
  count(*) as "count"
from
  "webhook_endpoint" as "w0"
where
  "w0"."id" = :'endpoint'
  and "w0"."deleted_at" is null;

-- ## Keys of webhook secrets, written by the ORM

-- delete-expired-webhook-secrets
-- First, when secrets are encrypted with a new key.
delete from "webhook_secret"
where
  "expires_at" <= now();

-- lock-webhook-secrets
-- For the first batch of secrets that an older key encrypted.
select
  "w0".*
from
  "webhook_secret" as "w0"
where
  "w0"."key_id" != :'keyId'
order by
  "w0"."id" asc
limit
  100
for update;

-- reencrypt-webhook-secret
-- For a batch of one secret.
update "webhook_secret"
set
  "ciphertext" = :'ciphertext',
  "key_id" = :'keyId'
where
  "id" = :'secretId';

-- lock-later-webhook-secrets
-- For each later batch.
select
  "w0".*
from
  "webhook_secret" as "w0"
where
  "w0"."key_id" != :'keyId'
  and "w0"."id" > :'afterId'
order by
  "w0"."id" asc
limit
  100
for update;

-- check-webhook-secrets
-- For the doctor. Later batches have a condition on id.
select
  "w0".*
from
  "webhook_secret" as "w0"
where
  (
    "w0"."expires_at" is null
    or "w0"."expires_at" > now()
  )
order by
  "w0"."id" asc
limit
  500;
