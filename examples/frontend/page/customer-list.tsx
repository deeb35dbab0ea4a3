import { useEffect, useId, useState } from 'react';
import { NewestCustomersDocument, type NewestCustomersQuery } from '../generated/graphql';
import { type Answer, ask } from './ask';
import { FailureNotice } from './outcomes/failure-notice';

/** How long a search waits for the next key, in ms: each one takes one of the client's requests. */
const TYPING_MS = 300;

interface CustomerListProps {
  /** How many this page has created: each is new here. */
  readonly created: number;
}

/** The newest customers, or the newest that a text is found in. */
export function CustomerList({ created }: CustomerListProps) {
  const id = useId();
  const [search, setSearch] = useState('');
  const [tries, setTries] = useState(0);
  const [answer, setAnswer] = useState<Answer<NewestCustomersQuery>>();

  useEffect(() => {
    const left = new AbortController();
    const timer = setTimeout(
      () => {
        ask(NewestCustomersDocument, { search }, left.signal).then(setAnswer, () => {
          // The next search is under way.
        });
      },
      search === '' ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      left.abort();
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- a new customer asks again, and so does a new try
  }, [search, created, tries]);

  return (
    <section aria-labelledby={`${id}-title`} className="card">
      <h2 id={`${id}-title`}>Newest customers</h2>
      <div className="field">
        <label htmlFor={`${id}-search`}>Search</label>
        <input
          id={`${id}-search`}
          type="search"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
          }}
        />
      </div>
      {answer && 'data' in answer && <Customers connection={answer.data.customersConnection} />}
      {answer && 'failure' in answer && (
        <FailureNotice failure={answer.failure}>
          <button
            type="button"
            onClick={() => {
              setTries((count) => count + 1);
            }}
          >
            Try again
          </button>
        </FailureNotice>
      )}
    </section>
  );
}

function Customers({ connection }: { readonly connection: NewestCustomersQuery['customersConnection'] }) {
  const { nodes } = connection;
  return (
    <>
      <output className="hint">{nodes.length === 0 ? 'None' : `${nodes.length} shown`}</output>
      <ul className="customers">
        {nodes.map(({ uuid, customer, email, status }) => (
          <li key={uuid} className={status.toLowerCase()}>
            <strong>{customer}</strong>
            <span>{email}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
