import { useEffect, useId, useState } from 'react';
import { NewestCustomersDocument, type NewestCustomersQuery } from '../generated/graphql';
import { execute, type Result } from './execute';
import { CustomerHistory } from './history/customer-history';
import { FailureNotice } from './outcomes/failure-notice';

/** Delay between the last keystroke and the search, in ms. Every search counts against the rate limit. */
const SEARCH_DELAY_MS = 300;

interface CustomerListProps {
  /** Number of customers created on this page. The list is loaded again after each. */
  readonly created: number;
}

/** The 10 newest customers, optionally only those that match a search. */
export function CustomerList({ created }: CustomerListProps) {
  const id = useId();
  const [search, setSearch] = useState('');
  const [attempts, setAttempts] = useState(0);
  const [result, setResult] = useState<Result<NewestCustomersQuery>>();

  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(
      () => {
        execute(NewestCustomersDocument, { search }, controller.signal).then(setResult, () => {
          // Aborted by the next search.
        });
      },
      search === '' ? 0 : SEARCH_DELAY_MS,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- a new customer and a new attempt load the list again
  }, [search, created, attempts]);

  return (
    <section aria-labelledby={`${id}-title`} className="card">
      <h2 id={`${id}-title`}>Newest customers</h2>
      <div className="field">
        <label htmlFor={`${id}-search`}>Search by name, email or phone</label>
        <input
          id={`${id}-search`}
          type="search"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
          }}
        />
      </div>
      {result && 'data' in result && (
        <Customers connection={result.data.customersConnection} isSearch={search !== ''} />
      )}
      {result && 'failure' in result && (
        <FailureNotice failure={result.failure}>
          <button
            type="button"
            onClick={() => {
              setAttempts((count) => count + 1);
            }}
          >
            Try again
          </button>
        </FailureNotice>
      )}
    </section>
  );
}

interface CustomersProps {
  readonly connection: NewestCustomersQuery['customersConnection'];
  readonly isSearch: boolean;
}

function Customers({ connection: { nodes }, isSearch }: CustomersProps) {
  const none = isSearch ? 'No customers match your search.' : 'No customers yet. Create the first one.';
  const count = nodes.length === 1 ? '1 customer' : `${nodes.length} customers`;
  return (
    <>
      <output className="hint">{nodes.length === 0 ? none : count}</output>
      <ul className="customers">
        {nodes.map((node) => (
          <CustomerItem key={node.uuid} customer={node} />
        ))}
      </ul>
    </>
  );
}

interface CustomerItemProps {
  readonly customer: NewestCustomersQuery['customersConnection']['nodes'][number];
}

/** A customer of the list, whose history can be opened below it. */
function CustomerItem({ customer: { uuid, customer, email, status } }: CustomerItemProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className={status.toLowerCase()}>
      <strong>{customer}</strong>
      <span>{email}</span>
      <button
        type="button"
        className="quiet"
        aria-label={`History of ${customer}`}
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        History
      </button>
      {isOpen && <CustomerHistory uuid={uuid} name={customer} />}
    </li>
  );
}
