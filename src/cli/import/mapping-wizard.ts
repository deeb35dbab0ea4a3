import { type SavedMapping } from '../../customers/csv/plan-options.js';
import { metadataField } from '../../customers/csv/other-columns.js';
import { type Choice, choose } from '../choose.js';
import { type CommandIo } from '../command-io.js';
import { type FilePreview } from './check-file.js';
import { shortLine } from './short-text.js';
import { choosableFields, MappingDraft, type Placement } from './mapping-draft.js';

/** Characters of a name or a sample that are shown. */
const NAME_LENGTH = 30;

const IGNORED = '(ignored)';

/** Asks the user to choose. */
type Ask = <Value>(
  message: string,
  choices: readonly Choice<Value>[],
  initial?: Value,
) => Promise<Value | undefined>;

/** A column by its place, or what to do with all. */
type Chosen = number | 'done' | 'cancel';

/**
 * Shows each column with a sample and the fields that it fills, and lets the user change them.
 *
 * @returns the mapping, or undefined if the user cancels.
 */
export async function askMapping(io: CommandIo, preview: FilePreview): Promise<SavedMapping | undefined> {
  const draft = new MappingDraft(preview.plan);
  const ask: Ask = (message, choices, initial) => choose(io, message, choices, initial);
  let chosen: Chosen = 'done';
  for (;;) {
    chosen = (await ask<Chosen>(question(draft), columnChoices(preview, draft), chosen)) ?? 'cancel';
    if (chosen === 'cancel') return undefined;
    if (chosen !== 'done' && !(await changeColumn(draft, chosen, ask))) return undefined;
    if (chosen === 'done' && draft.missing().length === 0) return draft.toMapping();
  }
}

function question(draft: MappingDraft): string {
  const missing = draft.missing();
  return missing.length === 0
    ? 'Which column should fill another field?'
    : `No column fills ${missing.join(' and ')}. Which one should?`;
}

function columnChoices({ samples }: FilePreview, draft: MappingDraft): Choice<Chosen>[] {
  const { header } = draft.plan;
  const width = header.reduce((longest, name) => Math.max(longest, shortLine(name, NAME_LENGTH).length), 0);
  const columns = header.flatMap((name, place): Choice<Chosen>[] => {
    if (name === '') return [];
    const fields = draft.fieldsOf(place).join(', ') || IGNORED;
    const sample = samples[place] === undefined ? '' : `  such as ${shortLine(samples[place], NAME_LENGTH)}`;
    return [{ value: place, name: `${shortLine(name, NAME_LENGTH).padEnd(width)}  ${fields}${sample}` }];
  });
  return [
    { value: 'done', name: 'Save and import' },
    ...columns,
    { value: 'cancel', name: 'Cancel: store and save nothing' },
  ];
}

/** @returns false if the user cancels. */
async function changeColumn(draft: MappingDraft, place: number, ask: Ask): Promise<boolean> {
  const name = draft.plan.header[place] ?? '';
  const metadata = metadataField(name);
  const fields = [...choosableFields, ...(metadata === undefined ? [] : [metadata])];
  const choices = fields.map((field) => {
    const columns = draft.columnsOf(field);
    return {
      value: field,
      name: columns === undefined ? field : `${field}  (now ${shortLine(columns, NAME_LENGTH)})`,
    };
  });
  const field = await ask(
    `${shortLine(name, NAME_LENGTH)} fills`,
    [{ value: IGNORED, name: 'no field: ignore the column' }, ...choices],
    draft.fieldsOf(place)[0] ?? IGNORED,
  );
  if (field === undefined) return false;
  if (field === IGNORED) {
    draft.ignore(place);
    return true;
  }
  const placement = await placementFor(draft, place, field, ask);
  if (placement !== undefined) draft.assign(place, field, placement);
  return placement !== undefined;
}

/** Asks what to do with the columns that fill the field already. */
async function placementFor(
  draft: MappingDraft,
  place: number,
  field: string,
  ask: Ask,
): Promise<Placement | undefined> {
  const columns = draft.columnsOf(field);
  if (columns === undefined || draft.fieldsOf(place).includes(field)) return 'replace';
  const others = shortLine(columns, NAME_LENGTH);
  return ask<Placement>(`${field} is filled by ${others}`, [
    { value: 'replace', name: 'Replace it' },
    { value: 'join', name: 'Join both' },
    { value: 'fallback', name: `Use this column where ${others} is blank` },
  ]);
}
