import { DropdownMenu, tryParseJSONC, useGraphiQL } from '@graphiql/react';
import { useState } from 'react';
import { missingCredentials } from './send-request.js';
import { usePlayground } from './playground-state.js';
import { type Snippet, snippets } from './snippets/snippet.js';

/** Copies the request of the editors as a program that signs and sends it. */
export function CopyAs() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const operationName = useGraphiQL((state) => state.operationName);
  const { credentials, settings } = usePlayground();
  const [notice, setNotice] = useState('');

  const copy = async (name: string, toSnippet: Snippet) => {
    const missing = missingCredentials(credentials);
    if (missing.length > 0) throw new Error(`Enter the ${missing.join(', ')} under "Signing" first.`);
    const query = queryEditor?.getValue() ?? '';
    const variables = tryParseJSONC(variableEditor?.getValue());
    const request = { query, variables, operationName };
    const text = toSnippet({ origin: location.origin, path: settings.path, credentials, request });
    await navigator.clipboard.writeText(text);
    return `Copied as ${name}. It contains the client secret and the token: do not share it.`;
  };

  return (
    <>
      <DropdownMenu>
        <DropdownMenu.Button className="playground-button">Copy as</DropdownMenu.Button>
        <DropdownMenu.Content className="playground-menu" aria-label="Copy as">
          {Object.entries(snippets).map(([name, toSnippet]) => (
            <DropdownMenu.Item
              key={name}
              onSelect={() => {
                copy(name, toSnippet).then(setNotice, (error: unknown) => {
                  setNotice(`Not copied. ${error instanceof Error ? error.message : String(error)}`);
                });
              }}
            >
              {name}
            </DropdownMenu.Item>
          ))}
          <p>A program that signs and sends this request. It contains the client secret and the token.</p>
        </DropdownMenu.Content>
      </DropdownMenu>
      <p role="status" className="copy-notice">
        {notice}
      </p>
    </>
  );
}
