import { type CustomerEventType } from '../../customers/events/event-type.js';
import { webhookBody, webhookTypes } from '../../webhooks/send/webhook-body.js';
import { type ClientCredentials } from '../client-credentials.js';
import { type CommandIo } from '../command-io.js';
import { type OutputOptions, printLine } from '../output.js';
import { ChangeFeed } from './change-feed.js';
import { deliver, type Delivery } from './deliver.js';
import { newSigningSecret, WEBHOOK_SECRET_VARIABLE } from './signing-secret.js';

/** Parameters of `listen`. */
export interface ListenJob {
  readonly credentials: ClientCredentials;
  /** URL of the receiver. */
  readonly forwardTo: string;
  /** The types of events to forward; all if it is empty. */
  readonly types: readonly CustomerEventType[];
  /** `teamId` of the bodies. The API does not return it. */
  readonly teamId: string | null;
  /** Secret of the webhook signatures; without it, a new one is printed. */
  readonly signingSecret: string | undefined;
}

/** Forwards the changes from now on, one after another, until `stopping` is aborted or the output is closed. */
export async function listen(
  io: CommandIo,
  output: OutputOptions,
  job: ListenJob,
  stopping: AbortSignal,
): Promise<void> {
  const closed = new AbortController();
  const stop = () => {
    closed.abort();
  };
  const ended = AbortSignal.any([stopping, closed.signal]);
  // The reader closed the pipe, as `head` does.
  io.stdout.raw.once('error', stop);
  try {
    await forwardChanges(io, output, job, ended);
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    io.stdout.raw.off('error', stop);
  }
}

async function forwardChanges(
  io: CommandIo,
  output: OutputOptions,
  { credentials, forwardTo, types, teamId, signingSecret }: ListenJob,
  stopping: AbortSignal,
): Promise<void> {
  const notify = (sentence: string) => {
    io.stderr.write(`${sentence}\n`);
  };
  const feed = new ChangeFeed(credentials, types, notify, stopping);
  const start = await feed.lastCursor();
  const secret = signingSecret ?? newSigningSecret();
  const shown = signingSecret === undefined ? secret : null;
  printLine(
    io,
    output,
    { ready: true, signingSecret: shown },
    `Ready. Signing secret: ${shown ?? WEBHOOK_SECRET_VARIABLE}`,
  );
  for await (const event of feed.eventsAfter(start)) {
    const { id } = event;
    const type = webhookTypes[event.type];
    const message = { id, body: webhookBody(teamId, event) };
    const delivery = await deliver(forwardTo, secret, message, stopping);
    const { time, ...result } = delivery;
    printLine(
      io,
      output,
      { time, type, id, ...result },
      `${time.toISOString()} ${type} ${id} → ${resultText(delivery)}`,
    );
  }
}

const resultText = ({ status, error, durationMs }: Delivery): string =>
  `${error ?? status} (${durationMs} ms)`;
