import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const PARTS = {
  method: z.string(),
  path: z.string(),
  secret: z.string(),
  timestamp: z.string(),
  body: z.string(),
  signature: z.string(),
};

/** The published vectors of signing, which whoever writes a client tests it with. */
export const signingVectors = z
  .strictObject({
    valid: z.array(z.strictObject({ name: z.string(), ...PARTS, bodyHash: z.string(), text: z.string() })),
    invalid: z.array(z.strictObject({ mistake: z.string(), ...PARTS })),
  })
  .parse(JSON.parse(await readFile('docs/signing-vectors.json', 'utf8')));
