import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { type Finished, run, temporaryFolder } from './process.js';

export const CHART = 'deploy/helm/customer-gateway';

/** Installed by `npm --prefix test/kubernetes ci`. */
export const helm = resolve('test/kubernetes/node_modules/.bin/helm');

/** An object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- its shape depends on the kind, and is checked by manifestProblems
  readonly spec: any;
}

/** Runs a command of Helm on the chart. @param values - what a user changes in `values.yaml`. */
export async function runHelm(args: readonly string[], values: object): Promise<Finished> {
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, 'values.yaml');
    await writeFile(file, stringify(values));
    return await run(helm, [...args, CHART, '--values', file], { HOME: folder.path });
  } finally {
    await folder.remove();
  }
}

/** The objects of a release named `partners`. @throws with Helm's message for values that it refuses. */
export async function renderChart(values: object): Promise<Manifest[]> {
  const { code, stdout, stderr } = await runHelm(['template', 'partners'], values);
  if (code !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).map((document) => document.toJS());
}
