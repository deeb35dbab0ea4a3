import { useId, useState } from 'react';
import { CredentialsFields } from './credentials-fields.js';
import { ExamplesMenu } from './examples-menu.js';
import { missingCredentials } from './send-request.js';
import { usePlayground } from './playground-state.js';
import { SignedRequestView } from './signed-request-view.js';
import { SigningSummary } from './signing-summary.js';

/** Title, examples and one line about signing, which opens to the credentials and to what was signed. */
export function Header() {
  const { credentials } = usePlayground();
  const [isOpen, setOpen] = useState(() => missingCredentials(credentials).length > 0);
  const panel = useId();
  return (
    <header className="playground-header">
      <div className="playground-bar">
        <h1>Customer gateway</h1>
        <ExamplesMenu />
        <button
          type="button"
          className="signing-toggle"
          aria-expanded={isOpen}
          aria-controls={panel}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <SigningSummary />
        </button>
      </div>
      <div id={panel} className="signing-panel" hidden={!isOpen}>
        <CredentialsFields />
        <SignedRequestView />
      </div>
    </header>
  );
}
