import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPeers } from './build-peers.ts';
import { contenders } from './contenders.ts';
import { startDatabase } from './database.ts';
import { startNetwork } from './delay/network.ts';
import { measureField } from './field.ts';
import { lookInside } from './inside.ts';
import { progress } from './progress.ts';
import { expectPromises } from './promises.ts';
import { type Report, toMarkdown, writeReport } from './report.ts';
import { countTripsOf } from './round-trips.ts';
import { seed } from './seed.ts';
import { measureStart } from './start-time.ts';
import { delayedWorks, full, quick, works } from './works.ts';

const { values: options } = parseArgs({
  options: {
    /** Only shows that everything runs: a minute, and figures that say nothing. */
    quick: { type: 'boolean', default: false },
    /** Measures with this number of customers instead of 1,000 and 1,000,000. */
    customers: { type: 'string' },
    /** Puts the report into docs/performance.md. */
    write: { type: 'boolean', default: false },
    /** Another checkout of the gateway, built, to take part as well; any number of times. */
    also: { type: 'string', multiple: true, default: [] },
  },
});

const folder = fileURLToPath(new URL('.data/', import.meta.url));

async function main(): Promise<void> {
  const { quick: isQuick, customers } = options;
  const plan = {
    ...(isQuick ? quick : full),
    ...(customers !== undefined && { sizes: [Number(customers)] }),
  };
  await mkdir(folder, { recursive: true });
  await buildPeers();
  progress('starts');
  const starts = await measureStart(plan.starts);

  const database = await startDatabase(folder);
  try {
    const field = contenders(database, options.also);
    const [gateway] = field;
    if (!gateway) throw new Error('There is no gateway');
    const seeded = await seed(database, plan.sizes[0] ?? 0);
    progress('promises');
    for (const contender of field) {
      if (contender.keepsPromises) await expectPromises(database, contender, folder);
    }
    progress('round trips');
    const trips = await countTripsOf(database, field, seeded, plan.tripsOf, folder);
    progress('memory and profile');
    const inside = await lookInside(database, gateway, { seeded, amount: plan.memory }, folder);

    const near = await measureField(database, field, works, plan, folder);

    progress('1 ms to PostgreSQL');
    const network = await startNetwork(database.url);
    try {
      const delayedField = contenders({ ...database, url: network.url }, options.also);
      // Of one size only: round trips are the same for all.
      const delayedPlan = { ...plan, sizes: plan.sizes.slice(0, 1) };
      const far = await measureField(database, delayedField, delayedWorks, delayedPlan, folder);
      const report: Report = { tables: [...near, ...far], network: network.trips, trips, inside, starts };
      process.stdout.write(`${toMarkdown(report)}\n`);
      if (options.write) await writeReport(report);
    } finally {
      network.stop();
    }
  } finally {
    await database.stop();
  }
}

await main();
