/** The outcome of a row. */
const rowOutcomes = [
  'CREATED',
  'INVALID',
  'EMAIL_EXISTS',
  'EXTERNAL_ID_EXISTS',
  /** A statement that ran beside this one took the row's email or external id, and this one could not see which. */
  'UNCLEAR',
] as const;

export type RowOutcome = (typeof rowOutcomes)[number];

/** What an idempotency key keeps of each. The table has a check of them, and statements name them. */
const letters: Readonly<Record<RowOutcome, string>> = {
  CREATED: 'c',
  INVALID: 'i',
  EMAIL_EXISTS: 'e',
  EXTERNAL_ID_EXISTS: 'x',
  UNCLEAR: 'u',
};

/** Outcomes as they are kept: one letter for each row, in the order sent. */
export function toLetters(outcomes: readonly RowOutcome[]): string {
  return outcomes.map((outcome) => letters[outcome]).join('');
}

/** @throws when a letter is unknown. */
export function fromLetters(text: string): RowOutcome[] {
  return Array.from(text, (letter) => {
    const outcome = rowOutcomes.find((candidate) => letters[candidate] === letter);
    if (outcome === undefined) throw new Error(`No outcome has the letter ${letter}`);
    return outcome;
  });
}
