import type { AddressDetailsFragment, CustomerDetailsFragment } from '../../generated/graphql';

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
      {customer.contacts.map(({ uuid, firstName, lastName, email, phone, isPrimary }) => (
        <Row
          key={uuid}
          term={isPrimary ? 'Primary contact' : 'Contact'}
          value={[[firstName, lastName].filter(Boolean).join(' '), email, phone].filter(Boolean).join(', ')}
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

function oneLine(address: AddressDetailsFragment | null): string | null {
  if (!address) return null;
  const { street, city, state, zipCode, country } = address;
  return [street, city, state, zipCode, country].filter(Boolean).join(', ');
}
