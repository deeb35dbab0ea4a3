import { type Command } from 'commander';
import { nameArgument } from './arguments.js';

/** Options of commands whose changes are in the audit log. */
export interface AuditOptions {
  readonly as?: string;
}

/** Adds `--as`. The command runs its change with `withAudit`. */
export function audited(command: Command): Command {
  return command.option(
    '--as <name>',
    'name of the operator in the audit log (default: the account and the host)',
    nameArgument,
  );
}
