// Receives webhooks at http://localhost:3000/webhooks and prints a line for each event.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { WEBHOOK_SECRET, PORT = '3000' } = process.env;
if (!WEBHOOK_SECRET?.startsWith('whsec_')) {
  console.error('Set WEBHOOK_SECRET to the secret of your webhook endpoint, which begins with whsec_.');
  process.exit(1);
}
const webhook = new Webhook(WEBHOOK_SECRET);
const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** The latest version of each customer. In production, store it with your copy of the customer. */
const versions = new Map();

const server = createServer((request, response) => {
  const chunks = [];
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    const respond = (status) => response.writeHead(status).end();
    if (request.method !== 'POST' || request.url !== '/webhooks') return respond(404);
    if (size > MAX_BODY_BYTES) return respond(413);
    let event;
    try {
      // The signature is over the bytes as received. JSON that is parsed and serialized again may differ.
      event = webhook.verify(Buffer.concat(chunks), request.headers);
    } catch (error) {
      console.error(`Rejected: ${error.message}`);
      return respond(400);
    }
    // Store the event, or put it in a queue, before the response: it is not sent again after a 2xx status.
    handle(event);
    return respond(204);
  });
});
server.listen(Number(PORT), () => {
  console.log(`Waiting for webhooks at http://localhost:${server.address().port}/webhooks`);
});

/** Prints an event. Skips a duplicate, and an event that is older than the latest one of its customer. */
function handle({ type, occurredAt, version, data }) {
  if (!data) return console.log(`${occurredAt} ${type}`);
  if (version <= versions.get(data.uuid)) return;
  versions.set(data.uuid, version);
  if (versions.size > 10_000) versions.delete(versions.keys().next().value);
  console.log(`${occurredAt} ${type} ${data.customer} <${data.email}>, version ${version}`);
}
