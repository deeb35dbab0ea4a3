import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** Gives the Helm chart the version of package.json. `npm version` runs it. */

const CHART = 'deploy/helm/customer-gateway/Chart.yaml';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile('package.json', 'utf8')));
const chart = await readFile(CHART, 'utf8');
await writeFile(CHART, chart.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`));
