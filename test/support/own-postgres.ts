import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { serverAccount } from '../../src/database/server-account.js';
import { eventually } from './eventually.js';
import { temporaryFolder } from './process.js';

/** A PostgreSQL server of a test's own, as durable as PostgreSQL is by itself, which the test may take away. */
export interface OwnPostgres {
  readonly url: string;
  /** Ends it without a chance to tidy up: the server's own process alone, or every process of it at once. */
  crash(how: 'SIGKILL' | 'immediate'): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await temporaryFolder();
  const cluster = join(folder.path, 'postgres');
  const { url }: EmbeddedPostgres = await startEmbeddedPostgres(folder.path);
  const firstLine = async (file: string) =>
    (await readFile(join(cluster, file), 'utf8')).split('\n')[0] ?? '';
  // PostgreSQL notes here the command line it was started with.
  const server = (await firstLine('postmaster.opts')).split(' ')[0] ?? '';
  const account = await serverAccount([cluster, server]);
  const ctl = (...args: string[]) =>
    account.run(join(dirname(server), 'pg_ctl'), [...args, '--wait', '-s', '-D', cluster]);

  return {
    url,
    async crash(how) {
      if (how === 'immediate') {
        await ctl('stop', '-m', 'immediate');
        return;
      }
      const pid = Number(await firstLine('postmaster.pid'));
      process.kill(pid, 'SIGKILL');
    },
    // Until the last process of the one that was killed has noticed, PostgreSQL refuses.
    start: () =>
      eventually('PostgreSQL starts again', () =>
        // A restart takes the command line from before.
        ctl('restart', '-l', join(cluster, 'server.log')).then(
          () => true,
          () => false,
        ),
      ),
    async remove() {
      await ctl('stop', '-m', 'immediate').catch(() => {});
      await folder.remove();
    },
  };
}
