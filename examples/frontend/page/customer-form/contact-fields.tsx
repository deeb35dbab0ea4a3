import { use, useEffect, useId, useRef } from 'react';
import { type ContactDraft } from './draft';
import { Field, FieldError } from './field';
import { FieldErrorsContext } from './field-errors';

const FIELDS = [
  { part: 'firstName', label: 'First name', type: 'text' },
  { part: 'lastName', label: 'Last name', type: 'text' },
  { part: 'email', label: 'Email', type: 'email' },
  { part: 'phone', label: 'Phone', type: 'tel' },
] as const;

interface ContactFieldsProps {
  readonly index: number;
  readonly contact: ContactDraft;
  readonly onChange: (contact: ContactDraft) => void;
  readonly onRemove: () => void;
}

export function ContactFields({ index, contact, onChange, onRemove }: ContactFieldsProps) {
  const id = useId();
  const group = useRef<HTMLFieldSetElement>(null);
  const errors = use(FieldErrorsContext);
  const name = `contacts.${index}`;
  const isInvalid = errors.has(name);
  // Continue with the new contact.
  useEffect(() => {
    group.current?.querySelector('input')?.focus();
  }, []);
  return (
    <fieldset
      ref={group}
      tabIndex={-1}
      aria-invalid={isInvalid}
      aria-describedby={isInvalid ? `${id}-group-error` : undefined}
    >
      <legend>Contact {index + 1}</legend>
      <FieldError id={`${id}-group-error`} name={name} />
      <div className="fields">
        {FIELDS.map(({ part, label, type }) => (
          <Field
            key={part}
            label={label}
            name={`${name}.${part}`}
            type={type}
            value={contact[part]}
            onChange={(value) => {
              onChange({ ...contact, [part]: value });
            }}
          />
        ))}
      </div>
      <div className="row">
        <label className="check">
          <input
            type="checkbox"
            name={`${name}.isPrimary`}
            checked={contact.isPrimary}
            onChange={(event) => {
              onChange({ ...contact, isPrimary: event.target.checked });
            }}
            aria-invalid={errors.has(`${name}.isPrimary`)}
            aria-describedby={errors.has(`${name}.isPrimary`) ? `${id}-primary-error` : undefined}
          />
          Primary contact
        </label>
        <button type="button" className="quiet" onClick={onRemove} aria-label={`Remove contact ${index + 1}`}>
          Remove
        </button>
      </div>
      <FieldError id={`${id}-primary-error`} name={`${name}.isPrimary`} />
    </fieldset>
  );
}
