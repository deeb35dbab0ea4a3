import { authenticationHelp } from './authentication-help.js';
import { type Exchange } from './exchange.js';
import { missingCredentials } from './send-request.js';
import { usePlayground } from './playground-state.js';
import { useActiveExchange } from './use-active-tab.js';

/** One line: the client, the team if known, and whether the gateway accepts the signature. */
export function SigningSummary() {
  const { credentials, settings } = usePlayground();
  const exchange = useActiveExchange();
  const missing = missingCredentials(credentials);
  const isDemo = settings.demo !== null && credentials.token === settings.demo.token;
  return (
    <>
      <strong>Signing</strong>
      {credentials.clientId && (
        <span className="client">
          client <code>{credentials.clientId}</code>
        </span>
      )}
      {/* The team of any other token is known to the gateway only. */}
      {isDemo && <span>team {settings.demo.team}</span>}
      <span className="state">
        {missing.length > 0 ? `missing: ${missing.join(', ')}` : stateOf(exchange)}
      </span>
    </>
  );
}

function stateOf(exchange: Exchange | null | undefined): string {
  if (!exchange) return 'ready';
  const help = authenticationHelp(exchange);
  return help ? `rejected: ${help.reason}` : 'accepted';
}
