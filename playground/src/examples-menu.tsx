import { DropdownMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useId } from 'react';
import { type Example, examples, toJson } from './examples.js';
import { usePlayground } from './playground-state.js';

const fields = [...new Set(examples.map(({ field }) => field))];

/** Opens an example in a new tab. When the page opens with an empty editor, the first example fills it. */
export function ExamplesMenu() {
  const actions = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const { seen } = usePlayground();

  const show = (example: Example) => {
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(toJson(example.variables(seen)));
  };
  useEffect(() => {
    const [first] = examples;
    if (first && queryEditor?.getValue() === '' && variableEditor?.getValue() === '') show(first);
    // Only when the editors are created, not while someone types in them.
  }, [queryEditor, variableEditor]);

  return (
    <DropdownMenu>
      <DropdownMenu.Button className="playground-button">Examples</DropdownMenu.Button>
      <DropdownMenu.Content className="playground-menu examples-menu" aria-label="Examples">
        {fields.map((field) => (
          <ExampleGroup
            key={field}
            field={field}
            entries={examples.filter((example) => example.field === field)}
            onSelect={(example) => {
              actions.addTab();
              show(example);
            }}
          />
        ))}
        <p>
          Examples use the customer, webhook endpoint and delivery last seen in a response.{' '}
          <code>RateLimited</code> is the outcome once the limit in the status bar is used up.
        </p>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

interface GroupProps {
  readonly field: string;
  readonly entries: readonly Example[];
  readonly onSelect: (example: Example) => void;
}

function ExampleGroup({ field, entries, onSelect }: GroupProps) {
  const label = useId();
  return (
    <div role="group" aria-labelledby={label}>
      <span id={label}>{field}</span>
      <div role="presentation">
        {entries.map((example) => (
          <DropdownMenu.Item
            key={example.title}
            onSelect={() => {
              onSelect(example);
            }}
          >
            <span>{example.title}</span> <span className="leads-to">{example.outcome}</span>
          </DropdownMenu.Item>
        ))}
      </div>
    </div>
  );
}
