import { resolve } from 'node:path';

/** The folder of the app, which has `package.json`. The compiled back end runs in `dist/bff/`. */
export const APP_FOLDER = resolve(import.meta.dirname, '../..');
