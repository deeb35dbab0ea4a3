import { eventually } from './eventually.js';
import { type SignedClient } from './signed-client.js';

/**
 * Waits until the first event of a partner's team is in the feed: after the transactions that began before it have ended, in other
 * databases of the server too.
 */
export function firstEventInFeed(partner: SignedClient): Promise<void> {
  return eventually('the event is in the feed', async () => {
    const { json } = await partner.send('{ lastCustomerEventCursor }');
    return json.data.lastCustomerEventCursor !== null;
  });
}
