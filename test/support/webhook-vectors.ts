import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const PARTS = {
  secret: z.string(),
  body: z.string(),
  /** Unix time of the receiver's clock. */
  now: z.int(),
};

/** The published test vectors of webhook deliveries. In an invalid one, `null` stands for a missing header. */
export const webhookVectors = z
  .strictObject({
    valid: z.array(
      z.strictObject({
        name: z.string(),
        ...PARTS,
        id: z.string(),
        timestamp: z.string(),
        signature: z.string(),
      }),
    ),
    invalid: z.array(
      z.strictObject({
        mistake: z.string(),
        ...PARTS,
        id: z.string().nullable(),
        timestamp: z.string().nullable(),
        signature: z.string().nullable(),
      }),
    ),
  })
  .parse(JSON.parse(await readFile('docs/webhook-vectors.json', 'utf8')));

/** A delivery of {@link webhookVectors}. */
export type WebhookVector = (typeof webhookVectors)['valid' | 'invalid'][number];

/** The headers of a delivery, without those that are missing. */
export function webhookHeaders({
  id,
  timestamp,
  signature,
}: Pick<WebhookVector, 'id' | 'timestamp' | 'signature'>): Record<string, string> {
  return {
    ...(id !== null && { 'webhook-id': id }),
    ...(timestamp !== null && { 'webhook-timestamp': timestamp }),
    ...(signature !== null && { 'webhook-signature': signature }),
  };
}
