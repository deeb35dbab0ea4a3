import { randomBytes } from 'node:crypto';
import { eventually } from './eventually.js';
import { type OpenCommand, operator } from './operator.js';
import { type SignedClient } from './signed-client.js';
import {
  type ReceivedWebhook,
  startVerifyingReceiver,
  type VerifyingReceiver,
} from './verifying-receiver.js';

/** How often the command polls the gateway, in ms. */
export const POLL_MS = 2_000;

/** The signing secret of the receiver and of the commands. */
export const SIGNING_SECRET = `whsec_${randomBytes(24).toString('base64')}`;

/** Commands that forward the changes of partners to a receiver. */
export interface ListenCommands {
  readonly receiver: VerifyingReceiver;
  /** The words of a command for a partner. */
  words(partner: SignedClient): string[];
  /** Its environment variables. */
  variables(partner: SignedClient): Record<string, string>;
  /** Starts a command. */
  start(partner: SignedClient, words?: string[], variables?: Record<string, string>): OpenCommand;
  /** Starts one and waits until it is ready. */
  startReady(
    partner: SignedClient,
    words?: string[],
    variables?: Record<string, string>,
  ): Promise<OpenCommand>;
  /** The webhooks of a customer, once there are so many. @throws when there are more. */
  webhooksOf(uuid: string, count: number): Promise<readonly ReceivedWebhook[]>;
  /** Stops all commands, and the receiver. */
  close(): Promise<void>;
}

/** Starts a receiver for the commands. */
export async function prepareListenCommands(): Promise<ListenCommands> {
  const receiver = await startVerifyingReceiver(SIGNING_SECRET);
  const commands: OpenCommand[] = [];
  const words = ({ credentials, url }: SignedClient) =>
    `listen --client ${credentials.clientId} --url ${url} --forward-to ${receiver.url}`.split(' ');
  const variables = ({ credentials }: SignedClient) => ({
    CUSTOMER_GATEWAY_CLIENT_SECRET: credentials.clientSecret,
    CUSTOMER_GATEWAY_TOKEN: credentials.token,
    CUSTOMER_GATEWAY_WEBHOOK_SECRET: SIGNING_SECRET,
  });
  const start: ListenCommands['start'] = (partner, more = [], changes = {}) => {
    const command = operator({ ...variables(partner), ...changes }).open(...words(partner), ...more);
    commands.push(command);
    return command;
  };
  return {
    receiver,
    words,
    variables,
    start,
    async startReady(...of) {
      const command = start(...of);
      await eventually('the command is ready', () => /ready/i.test(command.written().stdout));
      return command;
    },
    async webhooksOf(uuid, count) {
      const found = () => receiver.received.filter(({ body }) => body?.data.uuid === uuid);
      await eventually(`${count} webhooks of a customer`, () => found().length >= count);
      if (found().length > count) throw new Error(`The customer has more than ${count} webhooks`);
      return found();
    },
    async close() {
      await Promise.all(commands.map((command) => command.stop()));
      await receiver.close();
    },
  };
}
