import { type Values } from '../../database/statement.js';
import { searchTerms } from '../text-keys.js';
import { type CustomerFilter } from './select-customers.js';

/** SQL: the customers of a team that match a filter. */
export function filterConditions(filter: CustomerFilter): string {
  const conditions = [
    `team_id = :'teamId'`,
    filter.deleted ? 'deleted_at is not null' : 'deleted_at is null',
    ...(filter.search === null ? [] : [searchCondition(filter.search)]),
    ...(filter.status === null ? [] : [`status = :'status'`]),
    ...(filter.createdFrom === null ? [] : [`created_at >= :'createdFrom'`]),
    ...(filter.createdTo === null ? [] : [`created_at < :'createdTo'`]),
    ...(filter.updatedFrom === null ? [] : [`updated_at >= :'updatedFrom'`]),
    ...(filter.updatedTo === null ? [] : [`updated_at < :'updatedTo'`]),
  ];
  return conditions.join(' and ');
}

/** A phone number is searched for as text and as its digits. */
function searchCondition(search: string): string {
  return searchTerms(search).length === 1
    ? `search_text like :'text'`
    : `(search_text like :'text' or search_text like :'digits')`;
}

/** Whether all customers of the team that are not deleted match. */
export function isEmpty({ deleted, ...others }: CustomerFilter): boolean {
  return !deleted && Object.values(others).every((value) => value === null);
}

/** The parameters of {@link filterConditions}. */
export function filterValues(teamId: string, { search, ...others }: CustomerFilter): Values {
  const [text, digits] = search === null ? [] : searchTerms(search).map(toPattern);
  return { teamId, text, digits, ...others };
}

function toPattern(term: string): string {
  return `%${term.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
