import { formatShortcutForOS, KEY_MAP } from '@graphiql/react';
import { type Exchange } from './exchange.js';
import { missingCredentials } from './send-request.js';
import { Fact } from './fact.js';
import { OutcomeList } from './outcome-list.js';
import { usePlayground } from './playground-state.js';
import { useActiveExchange } from './use-active-tab.js';

/** Status, time and rate limit of the response, and what each outcome means. Before the first run: how to run. */
export function ResponseBar() {
  const exchange = useActiveExchange();
  if (exchange === null) return null;
  if (exchange === undefined) return <RunHint />;
  return (
    <section className="response-bar" aria-label="Response" aria-live="polite">
      <StatusBar exchange={exchange} />
      <OutcomeList exchange={exchange} />
    </section>
  );
}

function RunHint() {
  const { credentials } = usePlayground();
  const missing = missingCredentials(credentials);
  return (
    <p className="run-hint">
      <span>
        {missing.length > 0
          ? `Enter the ${missing.join(', ')} under "Signing": every request is signed.`
          : `Press ▶ or ${formatShortcutForOS(KEY_MAP.runQuery.key, 'Cmd')} to sign and send the operation. The response appears here.`}
      </span>
    </p>
  );
}

function StatusBar({ exchange }: { readonly exchange: Exchange }) {
  const { status, ms, limit, requestId } = exchange;
  return (
    <dl>
      <Fact name="Status">HTTP {status}</Fact>
      <Fact name="Time">{Math.round(ms)} ms</Fact>
      {limit && (
        <Fact name="Rate limit left">
          {limit.remaining} of {limit.limit}, resets in {limit.reset} s
        </Fact>
      )}
      <Fact name="Request ID">{requestId ?? 'none'}</Fact>
    </dl>
  );
}
