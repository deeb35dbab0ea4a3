import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Checkout, openCheckout } from '../support/checkout.js';
import { type CodeBlock, codeBlocks } from '../support/code-block.js';
import { type GatewayProcess } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** Documents whose blocks are run, in the order in which a reader meets them. */
const DOCUMENTS = ['README.md', 'docs/api.md', 'docs/configuration.md', 'docs/cli.md'];

/** Section whose blocks install packages or run until they are stopped. It has tests of its own. */
const OTHER_SECTION = 'Quick start';

/** Languages of blocks that show output. */
const OUTPUT = new Set(['text', 'json']);

interface Step {
  /** A part of the block's code. */
  readonly part: string;
  /** Outcomes that it prints. */
  readonly outcomes: readonly string[];
  /** Whether it prints a customer; if it prints `Created`, by default. */
  readonly hasData?: boolean;
  /** Set for blocks that read only, or create their own client or team; each of their commands takes seconds. */
  readonly once?: true;
  /** JSON of the documents that is part of its output. */
  readonly shows?: () => string;
}

/** Every other block to run, in the documents' order. */
const steps: Step[] = [
  { part: 'node examples/create-customer.mjs', outcomes: ['Created'] },
  { part: 'curl', outcomes: ['Created'] },
  { part: 'createSignedFetch', outcomes: ['Created'] },
  {
    part: 'npm run example',
    outcomes: ['Created', 'Conflict', 'ValidationError', 'RateLimited'],
    once: true,
    shows: () => shown.validationError,
  },
  { part: 'npx customer-gateway doctor', outcomes: [], once: true },
  { part: 'npx customer-gateway sign', outcomes: [], hasData: true, once: true },
  { part: 'npx customer-gateway import', outcomes: [], once: true },
];

const BLOCK_TIMEOUT_MS = 120_000;

let checkout: Checkout;
let gateway: GatewayProcess;
let blocks: CodeBlock[];
/** The JSON that the documents show. */
let shown: { readonly created: string; readonly validationError: string; readonly unauthenticated: string };

/** Runs a step's block as a reader does. @returns what it prints, and what a test compares of it. */
async function run({ part }: Step) {
  const { language, code } = blocks.find((block) => block.code.includes(part)) ?? { language: '', code: '' };
  const stdout = language === 'js' ? await runProgram(code) : await paste(code);
  const names = [...stdout.matchAll(/"__typename": ?"(\w+)"/g)].map(([, name]) => name);
  return {
    stdout,
    outcomes: names,
    hasData: /"uuid": ?".+"email": ?".+@/s.test(stdout),
    hasGraphQLErrors: /"errors": ?\[\s*\{\s*"message"/.test(stdout),
  };
}

/** What every block promises. */
const promised = ({ outcomes, hasData = outcomes.includes('Created'), shows }: Step) => ({
  stdout: shows === undefined ? expect.stringMatching(/\n$/) : expect.stringContaining(`\n${shows()}`),
  outcomes,
  hasData,
  hasGraphQLErrors: false,
});

/** A response whose ID and email address have their random digits replaced. */
const withoutRandomParts = (json: string): unknown =>
  JSON.parse(
    json.replace(/"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/, '"UUID"').replace(/\+[0-9a-f]{8}@/, '+HEX@'),
  );

const paste = (code: string) => checkout.paste(code.replace('http://127.0.0.1:4000/graphql', gateway.url));

async function runProgram(code: string): Promise<string> {
  await checkout.write('first-call.mjs', code);
  return checkout.run('node', ['first-call.mjs']);
}

describeWith(
  'bash',
  'curl',
  'openssl',
)('with a gateway that has just been started, a reader of the README and the docs', () => {
  beforeAll(async () => {
    checkout = await openCheckout();
    const documented = (await Promise.all(DOCUMENTS.map((document) => codeBlocks(document)))).flat();
    blocks = documented.filter(({ language, section }) => !OUTPUT.has(language) && section !== OTHER_SECTION);
    const [created = '', validationError = '', unauthenticated = ''] = documented
      .filter(({ language }) => language === 'json')
      .map(({ code }) => code);
    shown = { created, validationError, unauthenticated };
    gateway = await checkout.start();
  }, BLOCK_TIMEOUT_MS);
  afterAll(() => checkout.close());

  test('finds these blocks, in this order', () => {
    expect(blocks.map(({ code }) => code)).toEqual(steps.map(({ part }) => expect.stringContaining(part)));
  });

  test.each(steps)(
    'runs the block of `$part` as it stands',
    async (step) => expect(await run(step)).toEqual(promised(step)),
    BLOCK_TIMEOUT_MS,
  );

  test('gets from curl the response that the README shows', async () => {
    const curl = steps.find(({ part }) => part === 'curl');
    if (curl === undefined) throw new Error('No step runs curl');
    const { stdout } = await run(curl);
    expect(withoutRandomParts(stdout)).toEqual(withoutRandomParts(shown.created));
  });

  test('gets the 401 that docs/api.md shows', async () => {
    const response = await fetch(gateway.url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(JSON.parse(shown.unauthenticated));
  });

  test(
    'runs them again, within the rate limit and without a conflict',
    async () => {
      for (const step of steps.filter(({ once }) => !once)) expect(await run(step)).toEqual(promised(step));
    },
    BLOCK_TIMEOUT_MS,
  );

  test('sends the attacks of docs/security.md, and each gets the expected response', async () => {
    const lines = (await checkout.run('node', ['examples/attacks.mjs'])).trim().split('\n');
    expect(lines).toHaveLength(22);
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([]);
  });
});
