import { beforeAll, expect, test } from 'vitest';
import { type Checkout, openCheckout } from '../support/checkout.js';
import { codeBlock } from '../support/code-block.js';
import { migratedDatabase } from '../support/database.js';
import { describeWith } from '../support/programs.js';
import { sharedResources } from '../support/resources.js';
import { signingVectors } from '../support/signing-vectors.js';

/** Go compiles its library where it has not done so before. */
const COMPILE_TIMEOUT_MS = 120_000;

/** A language that `docs/signing.md` has a program in. */
interface Language {
  /** The name of its block. */
  readonly block: string;
  readonly extension: string;
  /** Runs a file; the first word is the program that the machine must have. */
  readonly command: readonly [string, ...string[]];
  /** Programs that it calls. */
  readonly calls?: readonly string[];
  /** What its customer's email address begins with. */
  readonly emailStart: string;
  /** The program's function that signs. */
  readonly sign: RegExp;
  /** A program around that function that prints, as JSON, its signature of each case in a JSON file. */
  readonly signAll: (sign: string) => string;
}

const languages: Language[] = [
  {
    block: 'bash',
    emailStart: 'curl',
    extension: 'sh',
    command: ['bash'],
    calls: ['curl', 'openssl'],
    sign: /^sign\(\)[\s\S]*?^}/m,
    signAll: (sign) => `
${sign}
node -e '
  for (const c of JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")))
    for (const part of [c.secret, c.method, c.path, c.timestamp, c.body]) process.stdout.write(part + "\\0");
' "$1" | while
  IFS= read -rd '' secret && IFS= read -rd '' method && IFS= read -rd '' path && IFS= read -rd '' timestamp &&
    IFS= read -rd '' body
do
  printf %s "$body" | sign "$secret" "$method" "$path" "$timestamp"
done | node -e 'console.log(JSON.stringify(require("fs").readFileSync(0, "utf8").trim().split("\\n")))'
`,
  },
  {
    block: 'python',
    emailStart: 'python',
    extension: 'py',
    command: ['python3'],
    sign: /^def sign[\s\S]*?\n\n/m,
    signAll: (sign) => `
import hashlib, hmac, json, sys
${sign}
with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
print(json.dumps([sign(c["secret"], c["method"], c["path"], c["timestamp"], c["body"].encode()) for c in cases]))
`,
  },
  {
    block: 'go',
    emailStart: 'go',
    extension: 'go',
    command: ['go', 'run'],
    sign: /^func sign[\s\S]*?^}/m,
    signAll: (sign) => `
package main
import ("crypto/hmac"; "crypto/sha256"; "encoding/hex"; "encoding/json"; "fmt"; "os")
${sign}
func main() {
  var cases []struct{ Secret, Method, Path, Timestamp, Body string }
  file, _ := os.ReadFile(os.Args[1])
  json.Unmarshal(file, &cases)
  signatures := []string{}
  for _, c := range cases {
    signatures = append(signatures, sign(c.Secret, c.Method, c.Path, c.Timestamp, []byte(c.Body)))
  }
  json.NewEncoder(os.Stdout).Encode(signatures)
}
`,
  },
  {
    block: 'php',
    emailStart: 'php',
    extension: 'php',
    command: ['php'],
    sign: /^function sign[\s\S]*?^}/m,
    signAll: (sign) => `<?php
${sign}
$cases = json_decode(file_get_contents($argv[1]), true);
echo json_encode(array_map(
    fn ($c) => sign($c['secret'], $c['method'], $c['path'], $c['timestamp'], $c['body']),
    $cases,
));
`,
  },
  {
    block: 'js',
    emailStart: 'node',
    extension: 'mjs',
    command: ['node'],
    sign: /^function sign[\s\S]*?^}/m,
    signAll: (sign) => `
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
${sign}
const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(cases.map((c) => sign(c.secret, c.method, c.path, c.timestamp, c.body))));
`,
  },
];

const resources = sharedResources();
let checkout: Checkout;
beforeAll(async () => {
  checkout = resources.adopt(await openCheckout(), (it) => it.close());
  await checkout.start({ DATABASE_URL: await migratedDatabase() });
});

/** Runs a program from a file. @returns what it prints. */
async function runFile({ command, extension }: Language, name: string, program: string, ...args: string[]) {
  const file = `${name}.${extension}`;
  await checkout.write(file, program);
  const [first, ...options] = command;
  return checkout.run(first, [...options, file, ...args]);
}

/** The response to the creation of a customer whose email address begins with this. */
const created = (emailStart: string) => ({
  data: {
    createCustomer: {
      __typename: 'Created',
      data: {
        uuid: expect.any(String),
        customer: 'Acme',
        email: expect.stringMatching(new RegExp(`^${emailStart}\\+.+@acme\\.example$`)),
      },
    },
  },
});

for (const language of languages) {
  describeWith(language.command[0], ...(language.calls ?? []))(
    `the ${language.block} program in docs/signing.md`,
    () => {
      test(
        'creates a customer and prints the response, each time that it is run',
        async () => {
          const program = await codeBlock('docs/signing.md', language.block);
          for (let times = 0; times < 2; times += 1) {
            const stdout = await (language.block === 'bash'
              ? checkout.paste(program)
              : runFile(language, 'program', program));
            expect(stdout).toMatch(/\}\n+$/);
            expect(JSON.parse(stdout)).toEqual(created(language.emailStart));
          }
        },
        COMPILE_TIMEOUT_MS,
      );

      test(
        'signs every vector',
        async () => {
          const { valid, invalid } = signingVectors;
          await checkout.write('cases.json', JSON.stringify([...valid, ...invalid]));
          const program = await codeBlock('docs/signing.md', language.block);
          const sign = language.sign.exec(program)?.[0] ?? '';
          const stdout = await runFile(language, 'vectors', language.signAll(sign), 'cases.json');
          const signatures = JSON.parse(stdout);
          expect(signatures.slice(0, valid.length)).toEqual(valid.map(({ signature }) => signature));
          for (const [index, { signature }] of invalid.entries()) {
            expect(signatures[valid.length + index]).not.toBe(signature);
          }
        },
        COMPILE_TIMEOUT_MS,
      );
    },
  );
}
