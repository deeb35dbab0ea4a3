import { isInteractive } from '../choose.js';
import { type CommandIo } from '../command-io.js';
import { checkReplaceable } from '../regular-file.js';
import { UsageError } from '../usage-error.js';
import { previewFile, type ReadOptions } from './check-file.js';
import { type ImportFiles } from './import-files.js';
import { writeMapping } from './mapping-file.js';
import { askMapping } from './mapping-wizard.js';
import { type ReadArguments, readOptionsOf } from './read-options.js';

/** The arguments of `import` that say how a file is read, or that the user wants to be asked. */
export interface AskArguments extends ReadArguments {
  readonly interactive?: boolean;
}

/**
 * How a file is read. On a terminal, the user is asked about its columns if they want to be, or if no column fills a required field. The
 * mapping is then saved. Without a terminal, nothing is asked.
 */
export async function askedOptions(
  io: CommandIo,
  files: ImportFiles,
  given: AskArguments,
): Promise<ReadOptions> {
  const options = await readOptionsOf(given);
  const isTerminal = isInteractive(io);
  if (given.interactive && !isTerminal) {
    throw new UsageError('--interactive needs a terminal. Use --map or --mapping.');
  }
  if (!isTerminal) return options;
  const preview = await previewFile(files.source, options);
  if (!given.interactive && preview.missing.length === 0) return options;
  const mapping = await askMapping(io, preview);
  if (!mapping) throw new UsageError('Canceled. Nothing was stored.');
  const path = given.mapping ?? files.mapping;
  await checkReplaceable(path);
  await writeMapping(path, mapping);
  io.stderr.write(`Saved the mapping. Next time: --mapping ${path}\n`);
  return { ...options, columns: { ...options.columns, from: undefined, maps: [], mapping } };
}
