/** Between the parts of the text that is searched. No search may have it, so none reaches over two parts. */
const PART_SEPARATOR = '\u001F';

/**
 * SQL: all that a search looks at, in lower case, as one text, so that one scan of one trigram index answers it.
 *
 * @param column gives the column of a property, quoted.
 */
export function searchText(column: (property: 'customer' | 'email' | 'mainPhone') => string): string {
  const separator = `chr(${PART_SEPARATOR.charCodeAt(0)})`;
  return `lower(${column('customer')} || ${separator} || ${column('email')} || ${separator} || coalesce(${column('mainPhone')}, ''))`;
}
