// The process of the abusive client: `node abuser.ts NUMBER`, with the target as JSON in BENCH_TARGET.
import { setPriority } from 'node:os';
import { abuses } from './abuses.ts';

// A real one has a machine of its own and takes no processor time from the gateway.
const LOWEST_PRIORITY = 19;

setPriority(LOWEST_PRIORITY);
const abuse = abuses[Number(process.argv[2])];
if (!abuse) throw new Error('There is no such abuse');
// Loading this process takes processor time that a real one would not take from the gateway.
process.once('message', () => void abuse.run(JSON.parse(process.env['BENCH_TARGET'] ?? '')));
process.send?.('ready');
