import type { AddressDetailsFragment, CustomerDetailsFragment } from '../../generated/graphql';

type Contact = CustomerDetailsFragment['contacts'][number];

/** The details of a stored customer. */
export function CustomerCard({ customer }: { readonly customer: CustomerDetailsFragment }) {
  const rows = [
    ['Name', customer.customer],
    ['Email', customer.email],
    ['Phone', customer.mainPhone],
    ['Website', customer.website],
    ['Status', customer.status === 'ACTIVE' ? 'Active' : 'Inactive'],
    ['Billing address', oneLine(customer.billingAddress)],
    ['Shipping address', oneLine(customer.shippingAddress)],
  ] as const;
  return (
    <dl>
      {rows.map(([term, value]) => value !== null && <Row key={term} term={term} value={value} />)}
      {customer.contacts.map((contact) => (
        <Row
          key={contact.uuid}
          term={contact.isPrimary ? 'Primary contact' : 'Contact'}
          value={contactText(contact)}
        />
      ))}
      <Row term="ID" value={customer.uuid} />
    </dl>
  );
}

function Row({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** A contact in one line. */
export function contactText({ firstName, lastName, email, phone }: Contact): string {
  return [[firstName, lastName].filter(Boolean).join(' '), email, phone].filter(Boolean).join(', ');
}

function oneLine(address: AddressDetailsFragment | null): string | null {
  if (!address) return null;
  const { street, city, state, zipCode, country } = address;
  return [street, city, state, zipCode, country].filter(Boolean).join(', ');
}
