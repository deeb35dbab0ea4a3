import { useState } from 'react';
import { CreateCustomer } from './customer-form/create-customer';
import { CustomerList } from './customer-list';

/** Each customer gets a new form, and with it a new idempotency key. */
export function App() {
  const [form, setForm] = useState(1);
  const [created, setCreated] = useState(0);
  return (
    <>
      <header className="masthead">
        <h1>Customers</h1>
      </header>
      <main>
        <CreateCustomer
          key={form}
          isFirst={form === 1}
          onCreated={() => {
            setCreated((count) => count + 1);
          }}
          onNext={() => {
            setForm((number) => number + 1);
          }}
        />
        <CustomerList created={created} />
      </main>
    </>
  );
}
