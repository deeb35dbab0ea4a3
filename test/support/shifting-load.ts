import { CREATE_CUSTOMER, UPDATE_CUSTOMER } from './operations.js';
import { eventually } from './eventually.js';
import { newEmail, type PartnerCredentials, SignedClient } from './signed-client.js';

/** What is sent one after another for each customer. */
const LIST = '{ customers(limit: 5) { records { uuid } } }';
const READ = 'query ($uuid: UUID!) { customer(uuid: $uuid) { uuid version } }';

/** Callers who send signed requests one after another, to gateways that change meanwhile, as through a load balancer. */
export interface ShiftingLoad {
  /** The UUIDs of the customers whose creation was acknowledged. */
  readonly created: readonly string[];
  /** What was answered in any other way than by success, and what was not answered. */
  readonly failures: readonly unknown[];
  /** Sends what comes next to these gateways, in turns, and waits until each has answered a number of requests. */
  shiftTo(...urls: string[]): Promise<void>;
  /** Resolves when the requests in progress have ended. */
  stop(): Promise<void>;
}

/** Requests that each gateway answers before the load shifts on. */
const ENOUGH = 20;

export function startShiftingLoad(
  credentials: PartnerCredentials,
  url: string,
  callers: number,
): ShiftingLoad {
  const created: string[] = [];
  const failures: unknown[] = [];
  const stopping = new AbortController();
  let targets = [target(url)];
  let turn = 0;

  function target(at: string) {
    return { client: new SignedClient(at, credentials), url: at, answered: 0 };
  }
  const send = async (query: string, variables?: Record<string, unknown>) => {
    turn += 1;
    const to = targets[turn % targets.length] ?? target(url);
    try {
      const answer = await to.client.send(query, variables);
      if (answer.status === 200 && !answer.json.errors) to.answered += 1;
      else failures.push(answer.json ?? answer.status);
      return answer.json?.data;
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  const runOne = async () => {
    const email = newEmail();
    const input = { customer: 'Acme', email, contacts: [{ firstName: 'Ada', email }] };
    const outcome = (await send(CREATE_CUSTOMER, { input, idempotencyKey: email }))?.createCustomer;
    const uuid: unknown = outcome?.data?.uuid;
    if (outcome?.__typename !== 'Created' || typeof uuid !== 'string') {
      failures.push(outcome);
      return;
    }
    created.push(uuid);
    const updated = await send(UPDATE_CUSTOMER, { uuid, input: { notes: 'x' } });
    if (updated?.updateCustomer.__typename !== 'Updated') failures.push(updated);
    const read = await send(READ, { uuid });
    if (read?.customer?.version !== 2) failures.push(read);
    await send(LIST);
  };
  const running = Array.from({ length: callers }, async () => {
    // One failure is enough; more would only fill the memory.
    while (!stopping.signal.aborted && failures.length === 0) await runOne();
  });
  return {
    created,
    failures,
    async shiftTo(...urls) {
      targets = urls.map(target);
      await eventually(
        'each gateway answers',
        () => failures.length > 0 || targets.every(({ answered }) => answered >= ENOUGH),
      );
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
