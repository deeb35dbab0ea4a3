import { migrate } from '../../src/orm/migrate.js';
import { emptyDatabase } from './database.js';

/**
 * Locales of databases that differ in what they take for one letter. Where the C library lacks a locale, ICU has it; CI
 * installs all of them.
 */
const options: Readonly<Record<string, readonly string[]>> = {
  C: ["locale_provider libc locale 'C'"],
  'en_US.UTF-8': [
    "locale_provider libc locale 'en_US.UTF-8'",
    "locale_provider icu icu_locale 'en-US' locale 'C'",
  ],
  'tr_TR.UTF-8': [
    "locale_provider libc locale 'tr_TR.UTF-8'",
    "locale_provider icu icu_locale 'tr-TR' locale 'C'",
  ],
  // Compares without regard to case and accents, were it asked.
  'ICU und-u-ks-level1': ["locale_provider icu icu_locale 'und-u-ks-level1' locale 'C'"],
};

export const locales = Object.keys(options);

/** A migrated database of a locale. */
export async function databaseOf(locale: string): Promise<string> {
  for (const option of options[locale] ?? []) {
    const url = await emptyDatabase(`encoding 'UTF8' ${option}`).catch((error: Error) => {
      if (!error.message.startsWith('invalid LC_COLLATE locale name')) throw error;
    });
    if (url === undefined) continue;
    await migrate(url);
    return url;
  }
  throw new Error(`PostgreSQL has no locale ${locale}`);
}
