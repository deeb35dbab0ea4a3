import { openCustomerRepository } from '../../customers/customer-repository.js';
import { countErasable, eraseTeam, teamOfCustomer, teamReceipt } from '../../customers/erase/erase-team.js';
import { teamExists } from '../../teams/teams.js';
import { type AuditOptions } from '../audited.js';
import { choose, isInteractive } from '../choose.js';
import { type CommandIo } from '../command-io.js';
import { type OutputOptions, print } from '../output.js';
import { ProgressDisplay } from '../progress-display.js';
import { type AuditedSession, withAudit } from '../session.js';
import { UsageError } from '../usage-error.js';

/** The name of the command, which its events and receipts have. */
const COMMAND = 'erase';

/** What to erase. */
export interface EraseOptions extends OutputOptions, AuditOptions {
  readonly customer?: string;
  readonly team?: string;
  readonly yes?: true;
}

/**
 * Erases one customer or all customers of a team, and prints the receipt.
 *
 * @throws if customers of the team are left, because the command was stopped or a customer was restored meanwhile.
 */
export async function eraseCustomers(io: CommandIo, options: EraseOptions): Promise<void> {
  const { customer, team } = options;
  if ((customer === undefined) === (team === undefined)) {
    throw new UsageError('Specify either --customer or --team.');
  }
  if (!options.yes && !isInteractive(io)) {
    throw new UsageError('Without a terminal, the command requires --yes.');
  }
  await withAudit(io, options, COMMAND, async (session) => {
    if (customer !== undefined) await eraseOne(io, session, customer, options);
    else if (team !== undefined) await eraseAll(io, session, team, options);
  });
}

async function eraseOne(
  io: CommandIo,
  { orm, recordChange }: AuditedSession,
  uuid: string,
  options: EraseOptions,
): Promise<void> {
  const teamId = await teamOfCustomer(orm, uuid);
  if (teamId === undefined) throw new Error(`Customer ${uuid} does not exist.`);
  await confirm(io, options, `customer ${uuid} of team ${teamId}`);
  const customers = await openCustomerRepository(orm);
  const receipt = await customers.erase({ teamId, command: COMMAND }, uuid, recordChange);
  if (!receipt) throw new Error(`Customer ${uuid} does not exist.`);
  const { customerId, eventId, erasedAt, contacts, events, idempotencyKeys, ...actor } = receipt;
  print(
    io,
    options,
    { customerId, teamId, eventId, erasedAt, contacts, events, idempotencyKeys, actor },
    `Erased at ${erasedAt.toISOString()}. Contacts: ${contacts}. Events: ${events}. Idempotency keys: ${idempotencyKeys}. Event of the erasure: ${eventId}.`,
  );
}

async function eraseAll(
  io: CommandIo,
  { orm, recordChange }: AuditedSession,
  teamId: string,
  options: EraseOptions,
): Promise<void> {
  if (!(await teamExists(orm, teamId))) throw new Error(`Team ${teamId} does not exist.`);
  const total = await countErasable(orm, teamId);
  await confirm(io, options, `all ${total} customers of team ${teamId}`);
  const customers = await openCustomerRepository(orm);
  // Each customer is erased in a transaction of its own, so the command is recorded before the first one.
  if (total > 0) await recordChange(orm.em.fork(), { teamId, details: { customers: total } });
  const display = new ProgressDisplay(total, io.stderr, 'customers');
  let done = 0;
  await io.withAbortOnSignal(async (signal) => {
    const onErased = () => {
      done += 1;
      display.show(done);
    };
    await eraseTeam(orm, customers, { teamId, command: COMMAND }, { onErased, signal });
  });
  display.end();
  const [remaining, receipt] = await Promise.all([countErasable(orm, teamId), teamReceipt(orm, teamId)]);
  print(
    io,
    options,
    { teamId, erasedNow: done, remaining, total: receipt },
    `Erased now: ${done}. In all: customers ${receipt.customers}, contacts ${receipt.contacts}, events ${receipt.events}, idempotency keys ${receipt.idempotencyKeys}.`,
  );
  if (remaining > 0)
    throw new Error(`${remaining} customers of the team are not erased. Run the command again.`);
}

/** @throws {UsageError} unless the user confirms. */
async function confirm(io: CommandIo, { yes }: EraseOptions, what: string): Promise<void> {
  if (yes) return;
  const answer = await choose(io, `Erase ${what}? This cannot be undone.`, [
    { value: false, name: 'Cancel' },
    { value: true, name: 'Erase' },
  ]);
  if (!answer) throw new UsageError('Canceled. Nothing was erased.');
}
