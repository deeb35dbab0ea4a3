// Runs operator commands from a script. Works only inside the repository, on the database that the gateway uses.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Runs `customer-gateway ARGS --json`, without the seconds that npx takes to find it.
 *
 * @param {string[]} args
 * @returns {Promise<any>} the command's JSON output
 */
export async function command(...args) {
  const cli = inRepository('dist/src/cli/main.js');
  // The Node that the gateway runs on; the script's own may be older.
  const node = inRepository('node_modules/.bin/node');
  const { stdout } = await promisify(execFile)(node, [cli, ...args, '--json']);
  return JSON.parse(stdout);
}

/**
 * Creates a client and issues a token with which it acts for a team.
 *
 * @param {string} name
 * @param {() => Promise<string>} findTeam returns the team's ID
 */
export async function createClient(name, findTeam) {
  const [client, teamId] = await Promise.all([command('client', 'create', name), findTeam()]);
  const token = await command('token', 'issue', '--client', client.clientId, '--team', teamId);
  return { ...client, ...token, teamId };
}

/** The team that a client's newest token belongs to. @param {string} clientId @returns {Promise<string>} its ID */
export async function teamOf(clientId) {
  const [token] = await command('token', 'list', '--client', clientId, '--limit', '1');
  return token.teamId;
}
