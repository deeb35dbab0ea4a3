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

/** The letter that an idempotency key keeps for each outcome. The table checks them. */
const letters: Readonly<Record<RowOutcome, string>> = {
  CREATED: 'c',
  INVALID: 'i',
  EMAIL_EXISTS: 'e',
  EXTERNAL_ID_EXISTS: 'x',
  UNCLEAR: 'u',
};

/** The letter that is kept of a row with this outcome. */
export function letterOf(outcome: RowOutcome): string {
  return letters[outcome];
}

/** Outcomes as they are kept: one letter for each row, in the order sent. */
export function toLetters(outcomes: readonly RowOutcome[]): string {
  return outcomes.map(letterOf).join('');
}

/** @throws when a letter is unknown. */
export function fromLetters(text: string): RowOutcome[] {
  return Array.from(text, (letter) => {
    const outcome = rowOutcomes.find((candidate) => letters[candidate] === letter);
    if (outcome === undefined) throw new Error(`No outcome has the letter ${letter}`);
    return outcome;
  });
}

/**
 * SQL: the letters of a call's rows. `uuids` is a JSON list of those of its customers in the order sent, null for a row that is
 * not valid; the common table expression `refused` has those that were not stored.
 */
export function rowLetters(uuids: string): string {
  return `
      select string_agg(case
        when sent."uuid" is null then '${letters.INVALID}'
        when refused."uuid" is null then '${letters.CREATED}'
        when refused."code" = 'EMAIL_EXISTS' then '${letters.EMAIL_EXISTS}'
        when refused."code" = 'EXTERNAL_ID_EXISTS' then '${letters.EXTERNAL_ID_EXISTS}'
        else '${letters.UNCLEAR}'
      end, '' order by sent."place")
      from json_array_elements_text(${uuids}) with ordinality as sent ("uuid", "place")
      left join refused on refused."uuid" = sent."uuid"::uuid`;
}
