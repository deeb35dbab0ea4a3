import { type ListedStatement } from './listed-statement.ts';

/** A value in a statement of the ORM, which writes them into the text. */
const LITERAL = /E?'(?:[^']|'')*'/g;

/** What is said of one statement, with the names of the values in its text. */
type Entry = readonly [title: string, runs: string, ...parameters: string[]];

/** Names the values of recorded statements. @throws when there are not as many statements or values as names. */
export function listed(texts: readonly string[], ...entries: readonly Entry[]): ListedStatement[] {
  return texts.map((text, index) => {
    const [title = '', runs = '', ...parameters] = entries[index] ?? [];
    let place = 0;
    const named = text.replaceAll(LITERAL, () => `:'${parameters[place++]}'`);
    if (place !== parameters.length) throw new Error(`${title} has ${place} values: ${text}`);
    return { title, runs, text: named };
  });
}
