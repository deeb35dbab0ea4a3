import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { run } from './process.js';

/** Installed by `npm --prefix test/collections/runners ci`. */
export const runner = (name: 'newman' | 'bru') => `test/collections/runners/node_modules/.bin/${name}`;

/** A request that a runner sent. */
export interface SentRequest {
  readonly name: string;
  readonly status: unknown;
  /** The JSON of the response. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape of a response depends on its test
  readonly body: any;
  /** The results of the collection's own checks. */
  readonly checks: readonly string[];
}

/** Runs a command line of newman and returns what it sent. */
export async function runNewman(command: string, folder: string, variables = {}): Promise<SentRequest[]> {
  const file = join(folder, 'newman.json');
  await shell(
    `${command.replace(/npx newman@\S+/, resolve(runner('newman')))} --reporters json --reporter-json-export ${file}`,
    variables,
  );
  const { run: report } = newmanReport.parse(JSON.parse(await readFile(file, 'utf8')));
  return report.executions.map(({ item, response, assertions = [] }) => ({
    name: item.name,
    status: response?.code,
    body: JSON.parse(Buffer.from(response?.stream.data ?? []).toString() || 'null'),
    checks: assertions.map(({ error }) => error?.message ?? 'pass'),
  }));
}

/** Runs a command line of Bruno and returns what it sent. */
export async function runBruno(command: string, folder: string, variables = {}): Promise<SentRequest[]> {
  const file = join(folder, 'bruno.json');
  await shell(
    `${command.replace(/npx @usebruno\/cli@\S+/, resolve(runner('bru')))} --reporter-json ${file}`,
    variables,
  );
  const report = brunoReport.parse(JSON.parse(await readFile(file, 'utf8')));
  return report.flatMap(({ results }) =>
    results.map(({ name, response, error, assertionResults }) => ({
      name,
      status: response.status,
      body: response.data ?? error,
      checks: assertionResults.map((check) => check.error ?? check.status),
    })),
  );
}

/** A runner exits with a code when a check fails; its report has the checks. */
const shell = (command: string, variables: Readonly<Record<string, string>>) =>
  run('bash', ['-c', command], variables);

const newmanReport = z.object({
  run: z.object({
    executions: z.array(
      z.object({
        item: z.object({ name: z.string() }),
        response: z.object({ code: z.number(), stream: z.object({ data: z.array(z.number()) }) }).optional(),
        assertions: z.array(z.object({ error: z.object({ message: z.string() }).optional() })).optional(),
      }),
    ),
  }),
});

const brunoReport = z.array(
  z.object({
    results: z.array(
      z.object({
        name: z.string(),
        response: z.object({ status: z.union([z.number(), z.string()]), data: z.unknown() }),
        error: z.string().nullish(),
        assertionResults: z.array(z.object({ status: z.string(), error: z.string().optional() })),
      }),
    ),
  }),
);
