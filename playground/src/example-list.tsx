import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { type Example, examples, toJson } from './examples.js';
import { usePlayground } from './playground-state.js';

/** Opens a ready operation in a tab of its own, about the customer last seen. An empty editor shows the first one. */
export function ExampleList() {
  const actions = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const { customer } = usePlayground();

  const show = (example: Example) => {
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(toJson(example.variables(customer)));
  };
  useEffect(() => {
    const [first] = examples;
    if (first && queryEditor?.getValue() === '' && variableEditor?.getValue() === '') show(first);
    // As soon as there are editors, and not while they are written in.
  }, [queryEditor, variableEditor]);

  return (
    <section aria-label="Examples">
      <h2>Examples</h2>
      {['mutation', 'query'].map((kind) => (
        <ul key={kind} className="examples" aria-label={kind}>
          {examples
            .filter((example) => example.kind === kind)
            .map((example) => (
              <li key={example.name}>
                <button
                  type="button"
                  onClick={() => {
                    actions.addTab();
                    show(example);
                  }}
                >
                  {example.name}
                </button>
              </li>
            ))}
        </ul>
      ))}
    </section>
  );
}
