import { useState } from 'react';
import { CustomerByEmailDocument, type CustomerByEmailQuery } from '../../generated/graphql';
import { execute, type Result } from '../execute';
import { CustomerCard } from './customer-card';

/** Resolves a conflict: shows the customer that already has the email. */
export function ExistingCustomer({ email }: { readonly email: string }) {
  const [result, setResult] = useState<Result<CustomerByEmailQuery>>();
  async function show() {
    setResult(await execute(CustomerByEmailDocument, { email }));
  }
  return (
    <>
      <button type="button" className="quiet" onClick={() => void show()}>
        Show existing customer
      </button>
      <div aria-live="polite" className="existing">
        {result && <Found result={result} />}
      </div>
    </>
  );
}

function Found({ result }: { readonly result: Result<CustomerByEmailQuery> }) {
  if ('failure' in result) return <p className="field-error">Customer could not be loaded. Try again.</p>;
  const customer = result.data.customerByEmail;
  return customer ? (
    <CustomerCard customer={customer} />
  ) : (
    <p>This email is available again. Select “Create customer”.</p>
  );
}
