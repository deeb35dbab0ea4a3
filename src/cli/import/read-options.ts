import { parseColumnMap } from '../../customers/csv/column-map.js';
import { type PlanOptions } from '../../customers/csv/plan-options.js';
import { UsageError } from '../usage-error.js';
import { type ReadOptions } from './check-file.js';
import { readMapping } from './mapping-file.js';

/** The arguments of `import` that say how a file is read. */
export interface ReadArguments {
  readonly from?: string;
  readonly map?: readonly string[];
  readonly mapping?: string;
  readonly others: PlanOptions['others'];
  readonly encoding?: string;
  readonly delimiter?: string;
}

/** @throws {UsageError} if an argument is not valid. */
export async function readOptionsOf(given: ReadArguments): Promise<ReadOptions> {
  if (given.from !== undefined && given.mapping !== undefined) {
    throw new UsageError('--from and --mapping exclude each other: a mapping replaces the layout.');
  }
  const maps = (given.map ?? []).map((text) => {
    const parsed = parseColumnMap(text);
    if ('problem' in parsed) throw new UsageError(`--map "${text}": ${parsed.problem}`);
    return parsed;
  });
  return {
    encoding: given.encoding === undefined ? undefined : encodingLabel(given.encoding),
    delimiter: given.delimiter,
    columns: {
      from: given.from,
      mapping: given.mapping === undefined ? undefined : await readMapping(given.mapping),
      maps,
      others: given.others,
    },
  };
}

/** The name of an encoding that is given by any of its labels, such as `latin1`. */
function encodingLabel(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new UsageError(
      `--encoding ${label}: unknown encoding. Examples: utf-8, utf-16le, windows-1252, shift_jis.`,
    );
  }
}
