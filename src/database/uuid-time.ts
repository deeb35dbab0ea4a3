/** SQL: the least UUID, version 7, of a time. */
export const leastUuidOf = (time: string): string =>
  `(lpad(to_hex(floor(extract(epoch from ${time}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;
