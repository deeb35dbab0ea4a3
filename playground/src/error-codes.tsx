import { Dialog } from '@graphiql/react';
import { useState } from 'react';
import { CodeText } from './code-text.js';
import { ERROR_HELP } from './error-help.js';

/** A link that opens the documentation of all error codes, at one of them. */
export function ErrorCodes({ code }: { readonly code: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="playground-link"
        onClick={() => {
          setOpen(true);
        }}
      >
        All error codes
      </button>
      <Dialog open={isOpen} onOpenChange={setOpen}>
        <div className="graphiql-dialog-header">
          <Dialog.Title className="graphiql-dialog-title">Error codes</Dialog.Title>
          <Dialog.Close />
        </div>
        <Dialog.Description className="error-codes-intro">
          A mutation returns its error in a member of the result union. Every other error is in{' '}
          <code>errors</code>, with its code in <code>extensions.code</code>.
        </Dialog.Description>
        <dl className="error-codes">
          {Object.entries(ERROR_HELP).map(([name, help]) => (
            <div key={name} ref={name === code ? scrollIntoView : undefined}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <CodeText text={help} />
              </dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}

function scrollIntoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'center' });
}
