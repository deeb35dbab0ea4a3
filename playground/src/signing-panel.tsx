import { type GraphiQLPlugin } from '@graphiql/react';
import { CredentialsFields } from './credentials-fields.js';
import { ExampleList } from './example-list.js';
import { SignedRequestView } from './signed-request-view.js';

/** The panel at GraphiQL's side: who signs, what was signed last, and ready operations. */
export const signingPanel: GraphiQLPlugin = {
  title: 'Signed requests',
  icon: KeyIcon,
  content: () => (
    <div className="signing-panel">
      <CredentialsFields />
      <SignedRequestView />
      <ExampleList />
    </div>
  ),
};

function KeyIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <circle cx="8" cy="12" r="4" />
      <path d="M12 12h9m-3 0v3.5m-3-3.5v2.5" strokeLinecap="round" />
    </svg>
  );
}
