import { type FormEvent, type ReactNode, useId, useRef } from 'react';
import type { CustomerStatus } from '../../generated/graphql';
import { AddressFields } from './address-fields';
import { ContactFields } from './contact-fields';
import { type Draft, withContact, withNewContact } from './draft';
import { Field } from './field';

interface CustomerFormProps {
  readonly id: string;
  readonly draft: Draft;
  /** Called with the changed part of the draft. */
  readonly onChange: (change: Partial<Draft>) => void;
  readonly onFieldChange: (name: string) => void;
  readonly onContactRemoved: () => void;
  readonly onSubmit: () => void;
  /** Shown below the email. */
  readonly emailHelp: ReactNode;
  readonly submit: ReactNode;
}

const STATUSES: Readonly<Record<CustomerStatus, string>> = { ACTIVE: 'Active', INACTIVE: 'Inactive' };

const isStatus = (value: string): value is CustomerStatus => Object.hasOwn(STATUSES, value);

/** The fields of a customer. The gateway validates all of them at once, so the browser validates none. */
export function CustomerForm({
  id,
  draft,
  onChange,
  onFieldChange,
  onContactRemoved,
  onSubmit,
  emailHelp,
  submit,
}: CustomerFormProps) {
  const statusId = useId();
  const addContact = useRef<HTMLButtonElement>(null);
  const { contacts } = draft;
  const text = (name: 'customer' | 'email' | 'mainPhone' | 'website') => ({
    name,
    value: draft[name],
    onChange: (value: string) => {
      onChange({ [name]: value });
    },
  });
  return (
    <form
      id={id}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onChange={(event: FormEvent) => {
        if (event.target instanceof HTMLInputElement) onFieldChange(event.target.name);
      }}
    >
      <div className="fields">
        <Field label="Name" isRequired {...text('customer')} />
        <Field label="Email" type="email" isRequired {...text('email')}>
          {emailHelp}
        </Field>
        <Field label="Phone" type="tel" {...text('mainPhone')} />
        <Field label="Website" type="url" {...text('website')} />
        <div className="field">
          <label htmlFor={statusId}>Status</label>
          <select
            id={statusId}
            name="status"
            value={draft.status}
            onChange={({ target: { value } }) => {
              if (isStatus(value)) onChange({ status: value });
            }}
          >
            {Object.entries(STATUSES).map(([status, label]) => (
              <option key={status} value={status}>
                {label}
              </option>
            ))}
          </select>
        </div>
      </div>

      <AddressFields
        legend="Billing address"
        name="billingAddress"
        address={draft.billingAddress}
        onChange={(billingAddress) => {
          onChange({ billingAddress });
        }}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={draft.isSameAddress}
          onChange={(event) => {
            onChange({ isSameAddress: event.target.checked });
          }}
        />
        Ship to the billing address
      </label>
      {!draft.isSameAddress && (
        <AddressFields
          legend="Shipping address"
          name="shippingAddress"
          address={draft.shippingAddress}
          onChange={(shippingAddress) => {
            onChange({ shippingAddress });
          }}
        />
      )}

      {contacts.map((contact, index) => (
        <ContactFields
          key={contact.id}
          index={index}
          contact={contact}
          onChange={(changed) => {
            onChange({ contacts: withContact(contacts, changed) });
          }}
          onRemove={() => {
            onChange({ contacts: contacts.filter(({ id: other }) => other !== contact.id) });
            onContactRemoved();
            // The focused button was removed with its contact.
            addContact.current?.focus();
          }}
        />
      ))}
      <div className="row">
        <button
          ref={addContact}
          type="button"
          className="quiet"
          onClick={() => {
            onChange({ contacts: withNewContact(contacts) });
          }}
        >
          Add contact
        </button>
        {submit}
      </div>
    </form>
  );
}
