import { expect } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '../../../src/errors/error-codes.js';

/**
 * What only someone who sees the inside can say: stacks, files, SQL, tables, libraries, faults of JavaScript. Long enough
 * that no text made at random, which errors repeat, has it.
 */
const INSIDE = [
  /\n\s+at \S/,
  /\.(ts|js|mjs|cjs):\d/,
  /node_modules|\/src\/|\/dist\//,
  /\b(select|insert into|update|delete from)\b.*\b(from|values|set|where)\b/i,
  /api_client|access_token|team_id|token_hash|secret_box|deleted_at/,
  /relation "|column "|syntax error at or near|invalid byte sequence|violates|out of range for type/,
  /mikro-?orm|apollo|fastify|type-graphql|zoderror|postgres|ioredis/i,
  /TypeError|RangeError|ReferenceError|Cannot (read|convert|destructure|set)|is not a function|call stack/,
];

const told = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.enum(errorCodes) }) }))
    .optional(),
});

/** One answer, as far as it matters here. */
export interface Told {
  readonly status: number;
  readonly text: string;
}

/** Nothing broke on our side, and the answer tells nothing of the inside; if it is JSON it is in our shape. */
export function expectHarmless({ status, text }: Told, secrets: readonly string[]): void {
  expect(status).toBeLessThan(500);
  expect(INSIDE.filter((pattern) => pattern.test(text)).map((pattern) => `${pattern} in ${text}`)).toEqual(
    [],
  );
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

/** {@link expectHarmless}, and the body is what every answer of the GraphQL route is. */
export function expectHarmlessGraphQL(answer: Told, secrets: readonly string[]): void {
  expectHarmless(answer, secrets);
  told.parse(JSON.parse(answer.text));
}
