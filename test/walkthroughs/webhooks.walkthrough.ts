import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, test } from 'vitest';
import { type Checkout, openCheckout } from '../support/checkout.js';
import { codeBlock } from '../support/code-block.js';
import { describeWith } from '../support/programs.js';
import { sharedResources } from '../support/resources.js';
import { webhookHeaders, type WebhookVector, webhookVectors } from '../support/webhook-vectors.js';

/** Go compiles its library where it has not done so before. */
const COMPILE_TIMEOUT_MS = 120_000;

/** A language that `docs/webhooks.md` has a function in. */
interface Language {
  /** The name of its block. */
  readonly block: string;
  /** The file that the block is saved as. */
  readonly file: string;
  /** A program that calls the function for each case of `cases.json`, and prints the events as JSON; null for an invalid delivery. */
  readonly caller: { readonly file: string; readonly code: string };
  /** Runs the program; the first word is the program that the machine must have. */
  readonly command: readonly [string, ...string[]];
}

const languages: Language[] = [
  {
    block: 'js',
    file: 'verify.mjs',
    command: ['node', 'verify-all.mjs'],
    caller: {
      file: 'verify-all.mjs',
      code: `
import { readFileSync } from 'node:fs';
import { WebhookVerificationError } from 'standardwebhooks';
import { verify } from './verify.mjs';
const systemTime = Date.now;
const events = JSON.parse(readFileSync('cases.json', 'utf8')).map(({ secret, headers, body, now }) => {
  Date.now = () => now === null ? systemTime() : now * 1000;
  try {
    return verify(secret, headers, Buffer.from(body));
  } catch (error) {
    if (error instanceof WebhookVerificationError || error.message === "Secret can't be empty.") return null;
    throw error;
  }
});
console.log(JSON.stringify(events));
`,
    },
  },
  {
    block: 'python',
    file: 'webhooks.py',
    command: ['python3', 'verify_all.py'],
    caller: {
      file: 'verify_all.py',
      code: `
import http.client, json
from webhooks import verify
def event(case):
    headers = http.client.HTTPMessage()
    for name, value in case["headers"].items():
        headers[name.title()] = value
    try:
        return verify(case["secret"], headers, case["body"].encode(), case["now"])
    except ValueError:
        return None
with open("cases.json", encoding="utf-8") as file:
    print(json.dumps([event(case) for case in json.load(file)]))
`,
    },
  },
  {
    block: 'go',
    file: 'verify.go',
    command: ['go', 'run', 'verify.go', 'verify_all.go'],
    caller: {
      file: 'verify_all.go',
      code: `
package main
import ("encoding/json"; "net/http"; "os"; "time")
func main() {
  var cases []struct{ Secret, Body string; Headers map[string]string; Now *int64 }
  file, _ := os.ReadFile("cases.json")
  json.Unmarshal(file, &cases)
  events := make([]json.RawMessage, len(cases))
  for i, c := range cases {
    header := http.Header{}
    for name, value := range c.Headers {
      header.Set(name, value)
    }
    now := time.Now()
    if c.Now != nil {
      now = time.Unix(*c.Now, 999_999_999)
    }
    if verify(c.Secret, header, []byte(c.Body), now) == nil {
      events[i] = json.RawMessage(c.Body)
    }
  }
  json.NewEncoder(os.Stdout).Encode(events)
}
`,
    },
  },
  {
    block: 'php',
    file: 'webhooks.php',
    command: ['php', 'verify-all.php'],
    caller: {
      file: 'verify-all.php',
      code: `<?php
require 'webhooks.php';
echo json_encode(array_map(function ($case) {
    $server = [];
    foreach ($case['headers'] as $name => $value) {
        $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
    }
    try {
        return verify($case['secret'], $server, $case['body'], $case['now']);
    } catch (UnexpectedValueException) {
        return null;
    }
}, json_decode(file_get_contents('cases.json'), true)));
`,
    },
  },
];

/** A delivery to verify. `now` is null for the time of the machine. */
type Delivery = Omit<WebhookVector, 'name' | 'mistake' | 'now'> & { readonly now: number | null };

/** A valid delivery but for its timestamp. */
function signedAt(timestamp: number): Delivery {
  const [{ secret, id, body } = { secret: '', id: '', body: '' }] = webhookVectors.valid;
  const signature = new Webhook(secret).sign(id, new Date(timestamp * 1_000), body);
  return { secret, id, timestamp: String(timestamp), body, signature, now: null };
}

const resources = sharedResources();
let checkout: Checkout;
beforeAll(async () => {
  checkout = resources.adopt(await openCheckout(), (it) => it.close());
});

for (const { block, file, command, caller } of languages) {
  describeWith(command[0])(`the ${block} function in docs/webhooks.md`, () => {
    /** The event that the function returns for each delivery; null for an invalid one. */
    async function verifyAll(deliveries: readonly Delivery[]): Promise<unknown[]> {
      const cases = deliveries.map((delivery) => ({ ...delivery, headers: webhookHeaders(delivery) }));
      await checkout.write('cases.json', JSON.stringify(cases));
      await checkout.write(file, await codeBlock('docs/webhooks.md', block));
      await checkout.write(caller.file, caller.code);
      const [program, ...args] = command;
      return JSON.parse(await checkout.run(program, args));
    }

    test(
      'accepts the valid test vectors only',
      async () => {
        const { valid, invalid } = webhookVectors;
        const events = await verifyAll([...valid, ...invalid]);
        const names = [...valid.map(({ name }) => name), ...invalid.map(({ mistake }) => mistake)];
        const expected = [...valid.map(({ body }) => JSON.parse(body)), ...invalid.map(() => null)];
        const named = (all: readonly unknown[]) => names.map((name, index) => [name, all[index]]);
        expect(named(events)).toEqual(named(expected));
      },
      COMPILE_TIMEOUT_MS,
    );

    test(
      "compares the timestamp with the machine's clock",
      async () => {
        const seconds = Math.floor(Date.now() / 1_000);
        const deliveries = [0, -240, 240, -330, 400].map((offset) => signedAt(seconds + offset));
        const events = await verifyAll(deliveries);
        expect(events.map((event) => event !== null)).toEqual([true, true, true, false, false]);
      },
      COMPILE_TIMEOUT_MS,
    );
  });
}
