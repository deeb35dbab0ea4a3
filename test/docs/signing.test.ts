import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codeBlock } from '../support/code-block.js';
import { migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
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
  /** The program's function that signs. */
  readonly sign: RegExp;
  /** A program around that function that prints, as JSON, its signature of each case in a JSON file. */
  readonly signAll: (sign: string) => string;
}

const languages: Language[] = [
  {
    block: 'bash',
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

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: DemoGateway;
beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = await startDemoGateway(folder.path, { DATABASE_URL: await migratedDatabase() });
});
afterAll(async () => {
  await gateway.stop('SIGTERM');
  await folder.remove();
});

/** Runs a program as its reader would, who has a home. @returns its output, as JSON. */
async function outputOf({ command, extension }: Language, name: string, program: string, ...args: string[]) {
  const file = join(folder.path, `${name}.${extension}`);
  await writeFile(file, program);
  const [first, ...options] = command;
  const environment = { DATA_DIR: folder.path, HOME: homedir() };
  const { stdout, stderr } = await run(first, [...options, file, ...args], environment);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

for (const language of languages) {
  describeWith(language.command[0], ...(language.calls ?? []))(
    `the ${language.block} program in docs/signing.md`,
    () => {
      test(
        'creates a customer',
        async () => {
          const program = await codeBlock('docs/signing.md', language.block);
          expect(await outputOf(language, 'program', program)).toEqual({
            data: { createCustomer: { __typename: 'Created' } },
          });
        },
        COMPILE_TIMEOUT_MS,
      );

      test(
        'signs every vector',
        async () => {
          const { valid, invalid } = signingVectors;
          const cases = join(folder.path, 'cases.json');
          await writeFile(cases, JSON.stringify([...valid, ...invalid]));
          const program = await codeBlock('docs/signing.md', language.block);
          const sign = language.sign.exec(program)?.[0] ?? '';
          const signatures = await outputOf(language, 'vectors', language.signAll(sign), cases);
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
