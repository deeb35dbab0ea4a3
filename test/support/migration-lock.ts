import { withMigrationLock } from '../../src/orm/migration-lock.js';

/** Holds what a gateway that migrates holds. @returns how to let go of it. */
export async function holdMigrationLock(databaseUrl: string): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const ended = withMigrationLock(
    databaseUrl,
    () => {
      held.resolve();
      return done.promise;
    },
    {},
  );
  await Promise.race([held.promise, ended]);
  return () => {
    done.resolve();
    return ended;
  };
}
