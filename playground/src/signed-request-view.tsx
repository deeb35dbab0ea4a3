import { Fact } from './fact.js';
import { usePlayground } from './playground-state.js';

/** What was signed last, and with what result. The token is not repeated. */
export function SignedRequestView() {
  const { exchange } = usePlayground();
  if (!exchange) return null;
  const { operationName, signed } = exchange;
  return (
    <section aria-label="Signed">
      <h2>Signed</h2>
      <p>
        {operationName ?? 'The last request'}, with HMAC-SHA256 over method, path, time in ms and the body’s
        SHA-256.
      </p>
      <dl>
        <Fact name="Signed text">
          <code>{signed.text}</code>
        </Fact>
        {['x-client-id', 'x-timestamp', 'x-signature'].map((name) => (
          <Fact key={name} name={name}>
            <code>{signed.headers[name]}</code>
          </Fact>
        ))}
      </dl>
    </section>
  );
}
