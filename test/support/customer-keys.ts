import { emailKey, nameKey, searchText } from '../../src/customers/text-keys.js';
import { query } from './database.js';

/** A customer's row as far as keys are computed of it, and the keys. */
export interface KeyedRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly email_key: string | null;
  readonly name_key: string | null;
  readonly search_text: string | null;
}

/** All customers of a team. */
export const keyedRows = (databaseUrl: string, teamId: string): Promise<KeyedRow[]> =>
  query<KeyedRow>(
    databaseUrl,
    'select id, name, email, main_phone as phone, email_key, name_key, search_text from customer where team_id = $1 order by id',
    [teamId],
  );

/** A row with the keys that it must have. */
export const withKeys = ({ id, name, email, phone }: KeyedRow): KeyedRow => ({
  id,
  name,
  email,
  phone,
  email_key: emailKey(email),
  name_key: nameKey(name),
  search_text: searchText({ customer: name, email, mainPhone: phone }),
});
