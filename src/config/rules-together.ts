import { type z } from 'zod';
import { shutdownDelaySeconds, STOP_DEADLINE_MS, STOP_MARGIN_MS } from './stop-deadline.js';

const MS_PER_SECOND = 1_000;

/** What an issuer needs; all of them or none. */
const jwtVariables = ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const;

/** The values that rules compare. */
interface Values {
  readonly NODE_ENV: string;
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_DIRECT_URL?: string | undefined;
  readonly DATABASE_PREPARED_STATEMENTS: 'on' | 'off';
  readonly DATABASE_POOL_WAIT_MS: number;
  readonly DATABASE_STATEMENT_TIMEOUT_MS: number;
  readonly DATABASE_LIST_TIMEOUT_MS: number;
  readonly SHUTDOWN_DELAY_SECONDS?: number | undefined;
  readonly SECRETS_KEY: readonly Buffer[];
  readonly JWT_JWKS_URL?: string | undefined;
  readonly JWT_ISSUER?: string | undefined;
  readonly JWT_AUDIENCE?: string | undefined;
}

/** What a rule finds wrong: the variable, and the end of a sentence that begins with its name. */
type Problem = readonly [name: keyof Values, message: string];

/** Checks the rules that concern several variables. */
export function checkTogether(values: Values, context: z.RefinementCtx): void {
  const problems = [
    ...checkIssuer(values),
    ...checkPooler(values),
    ...checkStop(values),
    ...(values.NODE_ENV === 'production' ? checkProduction(values) : []),
  ];
  for (const [name, message] of problems) context.addIssue({ code: 'custom', path: [name], message });
}

function checkIssuer(values: Values): Problem[] {
  const absent = jwtVariables.filter((name) => values[name] === undefined);
  if (absent.length === jwtVariables.length) return [];
  return absent.map((name) => {
    const others = jwtVariables.filter((other) => other !== name).join(' and ');
    return [name, `is required with ${others}: set all three or none`];
  });
}

function checkPooler(values: Values): Problem[] {
  const isDirect = values.DATABASE_DIRECT_URL !== undefined;
  if (isDirect && values.DATABASE_URL === undefined) {
    return [['DATABASE_DIRECT_URL', 'requires DATABASE_URL, the address of the connection pooler']];
  }
  if (!isDirect && values.DATABASE_PREPARED_STATEMENTS === 'off') {
    const message = 'can be off only with DATABASE_DIRECT_URL, behind a connection pooler';
    return [['DATABASE_PREPARED_STATEMENTS', message]];
  }
  return [];
}

function checkStop(values: Values): Problem[] {
  const statementMs = Math.max(values.DATABASE_STATEMENT_TIMEOUT_MS, values.DATABASE_LIST_TIMEOUT_MS);
  const requestMs = values.DATABASE_POOL_WAIT_MS + statementMs;
  const stopMs = shutdownDelaySeconds(values) * MS_PER_SECOND + requestMs;
  if (stopMs <= STOP_DEADLINE_MS - STOP_MARGIN_MS) return [];
  const seconds = (STOP_DEADLINE_MS - STOP_MARGIN_MS) / MS_PER_SECOND;
  return [
    [
      'SHUTDOWN_DELAY_SECONDS',
      'plus DATABASE_POOL_WAIT_MS and DATABASE_STATEMENT_TIMEOUT_MS must be at most ' +
        `${seconds} seconds, so that requests finish when the gateway stops`,
    ],
  ];
}

function checkProduction(values: Values): Problem[] {
  const absent = [
    ...(values.DATABASE_URL === undefined ? (['DATABASE_URL'] as const) : []),
    ...(values.SECRETS_KEY.length === 0 ? (['SECRETS_KEY'] as const) : []),
  ];
  return absent.map((name) => [name, 'is required when NODE_ENV is production']);
}
