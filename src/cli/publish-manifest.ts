import { readConfig } from '../config/config.js';
import { type DocumentProblem } from '../documents/document-problem.js';
import { limits } from '../documents/limits.js';
import { type Manifest, readManifest } from '../documents/manifest.js';
import { type CheckedManifest, publishDocuments } from '../documents/publish-documents.js';
import { type CheckDocument, documentChecker } from '../graphql/check-document.js';
import { buildGatewaySchema } from '../graphql/schema.js';
import { visibleLine } from '../validation/visible-text.js';
import { type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import { type OutputOptions, print } from './output.js';
import { readNamedFile } from './read-named-file.js';
import { withAudit } from './session.js';
import { unknownClient } from './unknown-client.js';

/** Publishes a manifest for a client, or prints every problem of it. @throws if nothing was published. */
export async function publishManifest(
  io: CommandIo,
  file: string,
  clientId: string,
  options: OutputOptions & AuditOptions,
): Promise<void> {
  const manifest = readManifest(await readNamedFile(io, file, limits.manifestBytes));
  const check = documentChecker(await buildGatewaySchema(), readConfig(io.env));
  const checked = checkAll(manifest, check);
  const result = await withAudit(io, options, 'documents.publish', ({ orm, recordChange }) =>
    publishDocuments(orm, clientId, checked, recordChange),
  );
  if (!result) throw unknownClient(clientId);
  if (!('problems' in result)) {
    const { published, unchanged } = result;
    const text = `Published ${published}, unchanged ${unchanged}. Gateways accept them within 10 s.`;
    print(io, options, { clientId, published, unchanged, problems: [] }, text);
    return;
  }
  const { problems } = result;
  print(io, options, { clientId, published: 0, unchanged: 0, problems }, problems.map(lineOf).join('\n'));
  throw new Error(`Nothing was published. Problems: ${problems.length}.`);
}

function checkAll({ documents, problems }: Manifest, check: CheckDocument): CheckedManifest {
  const checked = documents.map(check);
  return {
    documents: checked.flatMap((result) => ('problems' in result ? [] : result)),
    problems: [...problems, ...checked.flatMap((result) => ('problems' in result ? result.problems : []))],
  };
}

const lineOf = ({ id, code, message }: DocumentProblem): string =>
  visibleLine(`${id ?? '(manifest)'}  ${code}  ${message}`);
