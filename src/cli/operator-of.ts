import { isIP } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { pid } from 'node:process';
import { limits } from '../audit/limits.js';
import { type Operator } from '../audit/operator.js';
import { type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import { packageVersion } from './version.js';

/** Returns who runs the command, and where. */
export async function operatorOf({ env }: Pick<CommandIo, 'env'>, { as }: AuditOptions): Promise<Operator> {
  const account = shortened(accountOf(env));
  const host = shortened(hostname());
  return {
    operator: as ?? shortened(`${account}@${host}`),
    account,
    host,
    clientAddress: clientAddressOf(env),
    pid,
    version: await packageVersion(),
  };
}

/**
 * The person's account rather than that of the process: sudo sets `SUDO_USER`, and a login sets `LOGNAME` (POSIX), which the
 * change to a service's account keeps.
 */
function accountOf({ SUDO_USER: sudoUser, LOGNAME: loginName }: NodeJS.ProcessEnv): string {
  return sudoUser || loginName || processAccount();
}

/** A container can run as a number that no account has. */
function processAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** sshd sets `SSH_CONNECTION` to the addresses and ports of both ends (sshd(8)). */
function clientAddressOf({ SSH_CONNECTION: connection = '' }: NodeJS.ProcessEnv): string | null {
  const [address = ''] = connection.split(' ', 1);
  return isIP(address) === 0 || address.length > limits.addressLength ? null : address;
}

const shortened = (text: string): string => Array.from(text).slice(0, limits.textLength).join('');
