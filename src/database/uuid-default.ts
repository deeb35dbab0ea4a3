/**
 * SQL: a UUID, version 7 (RFC 9562, 5.7), as PostgreSQL writes the expression back, with which the ORM compares it. PostgreSQL 18 has
 * `uuidv7()`; the versions before do not. A default of the database makes the rows of all gateways follow one clock.
 */
export const NEW_UUID = `(encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send((floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid`;
