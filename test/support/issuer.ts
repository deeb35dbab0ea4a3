import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { listen } from './listen.js';

/** UniqueValues or headers of a token; undefined leaves one out that it would have. */
export type UniqueValues = Readonly<Record<string, unknown>>;

/** An operator's issuer of tokens: real keys, whose public halves it serves over HTTP. */
export interface Issuer {
  readonly jwksUrl: string;
  readonly name: string;
  readonly audience: string;
  /** How often its keys were read. */
  reads(): number;
  /** The public key that it signs with now. */
  publicKey(): JWK;
  /** A token of this issuer, good for five minutes unless the claims say otherwise. */
  sign(claims: UniqueValues, header?: UniqueValues): Promise<string>;
  /** Signs with a new key from now on. */
  rotate(): Promise<void>;
  /** Answers with this status and nothing else; undefined: with the keys again. */
  fail(status: number | undefined): void;
  /** Takes requests and never answers them. */
  hang(): void;
  close(): Promise<void>;
}

const ALGORITHM = 'ES256';

/** Starts one. */
export async function startIssuer(): Promise<Issuer> {
  let reads = 0;
  let failure: number | 'hang' | undefined;
  let keys = await newKeys(1);
  const server = createServer((_request, response) => {
    reads += 1;
    if (failure === 'hang') return;
    response.statusCode = failure ?? 200;
    response.end(failure === undefined ? JSON.stringify({ keys: [keys.publicJwk] }) : 'down');
  });
  const name = `http://127.0.0.1:${await listen(server)}/`;
  const audience = 'customer-gateway';

  return {
    jwksUrl: `${name}jwks`,
    name,
    audience,
    reads: () => reads,
    publicKey: () => keys.publicJwk,
    sign(claims, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT(present({ iss: name, aud: audience, iat: now, exp: now + 300, ...claims }))
        .setProtectedHeader({
          alg: ALGORITHM,
          ...present({ typ: 'at+jwt', kid: keys.publicJwk.kid, ...header }),
        })
        .sign(keys.privateKey);
    },
    async rotate() {
      keys = await newKeys(keys.number + 1);
    },
    fail(status) {
      failure = status;
    },
    hang() {
      failure = 'hang';
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const present = (claims: UniqueValues) =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));

async function newKeys(number: number) {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: `key-${number}`, alg: ALGORITHM, use: 'sig' };
  return { number, privateKey, publicJwk };
}
