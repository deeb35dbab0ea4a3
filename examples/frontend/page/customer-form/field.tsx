import { type ReactNode, use, useId } from 'react';
import { FieldErrorsContext } from './field-errors';

/** The error of a field or group, which refers to it by `id`. */
export function FieldError({ id, name }: { readonly id: string; readonly name: string }) {
  const error = use(FieldErrorsContext).get(name);
  return (
    error !== undefined && (
      <p className="field-error" id={id}>
        {error}
      </p>
    )
  );
}

interface FieldProps {
  readonly label: string;
  /** The field's path in the input. */
  readonly name: string;
  readonly type?: 'text' | 'email' | 'tel' | 'url';
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isRequired?: boolean;
  /** Shown below the error. */
  readonly children?: ReactNode;
}

/** A text field with its label and, below it, its validation error. */
export function Field({
  label,
  name,
  type = 'text',
  value,
  onChange,
  isRequired = false,
  children,
}: FieldProps) {
  const id = useId();
  const isInvalid = use(FieldErrorsContext).has(name);
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {isRequired && <span className="hint"> (required)</span>}
      </label>
      <input
        id={id}
        name={name}
        type={type}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        aria-required={isRequired}
        aria-invalid={isInvalid}
        aria-describedby={isInvalid ? `${id}-error` : undefined}
      />
      <FieldError id={`${id}-error`} name={name} />
      {children}
    </div>
  );
}
