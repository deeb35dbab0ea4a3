import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { type Credentials } from 'customer-gateway-client';
import { useId, useState } from 'react';
import { usePlayground } from './playground-state.js';

/** Client ID, secret and token. Leaving a field loads the schema if it is not loaded. */
export function CredentialsFields() {
  const actions = useGraphiQLActions();
  const needsSchema = useGraphiQL((state) => !state.schema && !state.isIntrospecting);
  return (
    <section
      aria-label="Credentials"
      onBlur={() => {
        if (needsSchema) void actions.introspect();
      }}
    >
      <h2>Credentials</h2>
      <p>Every request is signed in this tab. Credentials stay in its memory.</p>
      <div className="fields">
        <Field name="clientId" label="Client ID" />
        <Field name="clientSecret" label="Client secret" isSecret />
        <Field name="token" label="Token" isSecret />
      </div>
    </section>
  );
}

interface FieldProps {
  readonly name: keyof Credentials;
  readonly label: string;
  readonly isSecret?: boolean;
}

function Field({ name, label, isSecret = false }: FieldProps) {
  const id = useId();
  const [isShown, setShown] = useState(!isSecret);
  const { credentials, setCredentials } = usePlayground();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {/* Not of type `password`: the browser would offer to store it. `spellCheck` could send it to a service. */}
      <input
        id={id}
        className={isShown ? undefined : 'concealed'}
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={credentials[name]}
        onChange={({ target }) => {
          setCredentials({ ...credentials, [name]: target.value.trim() });
        }}
      />
      {isSecret && (
        <button
          type="button"
          aria-label={`${isShown ? 'Hide' : 'Show'} ${label.toLowerCase()}`}
          onClick={() => {
            setShown(!isShown);
          }}
        >
          {isShown ? 'Hide' : 'Show'}
        </button>
      )}
    </div>
  );
}
