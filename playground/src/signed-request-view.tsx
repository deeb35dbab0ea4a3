import { Fact } from './fact.js';
import { useActiveExchange } from './use-active-tab.js';

/** The string that was signed for the last request of this tab, and the headers. The token is not repeated. */
export function SignedRequestView() {
  const exchange = useActiveExchange();
  return (
    <section aria-label="Last signed request">
      <h2>Last signed request</h2>
      {exchange ? (
        <dl>
          <Fact name="String to sign (METHOD:path:timestamp:bodyHash)">
            <code>{exchange.signed.text}</code>
          </Fact>
          {['x-client-id', 'x-timestamp', 'x-signature'].map((name) => (
            <Fact key={name} name={name}>
              <code>{exchange.signed.headers[name]}</code>
            </Fact>
          ))}
        </dl>
      ) : (
        <p>Run an operation to see the string that is signed and the headers that are sent.</p>
      )}
    </section>
  );
}
