import { ADDRESS_PARTS, type AddressDraft } from './draft';
import { Field } from './field';

const LABELS: Readonly<Record<keyof AddressDraft, string>> = {
  street: 'Street',
  city: 'City',
  state: 'State',
  zipCode: 'Postal code',
  country: 'Country',
};

interface AddressFieldsProps {
  readonly legend: string;
  /** The address's path in the input. */
  readonly name: string;
  readonly address: AddressDraft;
  readonly onChange: (address: AddressDraft) => void;
}

export function AddressFields({ legend, name, address, onChange }: AddressFieldsProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="fields">
        {ADDRESS_PARTS.map((part) => (
          <Field
            key={part}
            label={LABELS[part]}
            name={`${name}.${part}`}
            value={address[part]}
            onChange={(value) => {
              onChange({ ...address, [part]: value });
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
