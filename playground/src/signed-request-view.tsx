import { usePlayground } from './playground-state.js';

/** What was signed last, and with what result. The token is not repeated. */
export function SignedRequestView() {
  const { exchange } = usePlayground();
  if (!exchange) return null;
  const { operationName, signed } = exchange;
  const facts = [
    ['Signed text', signed.text],
    ...['x-client-id', 'x-timestamp', 'x-signature'].map((name) => [name, signed.headers[name]]),
  ];
  return (
    <section aria-label="Signed">
      <h2>Signed</h2>
      <p>
        {operationName ?? 'The last request'}, with HMAC-SHA256 over method, path, time in ms and the body’s
        SHA-256.
      </p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
