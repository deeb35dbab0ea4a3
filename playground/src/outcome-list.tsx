import { DOC_EXPLORER_PLUGIN, useDocExplorerActions } from '@graphiql/plugin-doc-explorer';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { CodeText } from './code-text.js';
import { ErrorCodes } from './error-codes.js';
import { type Exchange } from './exchange.js';
import { type Outcome, outcomesOf } from './outcomes.js';

/** Each outcome of a response in a sentence, with a link to its documentation. */
export function OutcomeList({ exchange }: { readonly exchange: Exchange }) {
  const outcomes = outcomesOf(exchange);
  if (outcomes.length === 0) return null;
  return (
    <ul className="outcomes">
      {outcomes.map((outcome) => (
        <li
          key={`${outcome.field} ${outcome.name}`}
          className={outcome.isError ? 'outcome error' : 'outcome'}
        >
          {outcome.field !== undefined && <code>{outcome.field}: </code>}
          <strong>{outcome.name}</strong> <CodeText text={outcome.explanation} />{' '}
          <Reference reference={outcome.reference} />
        </li>
      ))}
    </ul>
  );
}

function Reference({ reference }: Pick<Outcome, 'reference'>) {
  if (!reference) return null;
  return 'type' in reference ? <TypeLink name={reference.type} /> : <ErrorCodes code={reference.code} />;
}

/** Opens a type of the schema in GraphiQL's documentation explorer. */
function TypeLink({ name }: { readonly name: string }) {
  const type = useGraphiQL((state) => state.schema?.getType(name));
  const { setVisiblePlugin } = useGraphiQLActions();
  const explorer = useDocExplorerActions();
  if (!type) return null;
  return (
    <button
      type="button"
      className="playground-link"
      onClick={() => {
        explorer.push({ name, def: type });
        setVisiblePlugin(DOC_EXPLORER_PLUGIN);
      }}
    >
      Documentation of {name}
    </button>
  );
}
