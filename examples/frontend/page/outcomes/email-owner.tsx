import { useState } from 'react';
import { CustomerByEmailDocument, type CustomerByEmailQuery } from '../../generated/graphql';
import { type Answer, ask } from '../ask';
import { CustomerCard } from './customer-card';

/** The way out of a conflict: shows the customer that has the email already. */
export function EmailOwner({ email }: { readonly email: string }) {
  const [answer, setAnswer] = useState<Answer<CustomerByEmailQuery>>();
  async function look() {
    setAnswer(await ask(CustomerByEmailDocument, { email }));
  }
  return (
    <>
      <button type="button" className="quiet" onClick={() => void look()}>
        Show the customer that has it
      </button>
      <div aria-live="polite" className="owner">
        {answer && <Owner answer={answer} />}
      </div>
    </>
  );
}

function Owner({ answer }: { readonly answer: Answer<CustomerByEmailQuery> }) {
  if ('failure' in answer) return <p className="field-error">{answer.failure.message}</p>;
  const customer = answer.data.customerByEmail;
  return customer ? <CustomerCard customer={customer} /> : <p>No customer has it any more: send again.</p>;
}
