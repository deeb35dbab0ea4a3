import { StartError } from './start-error.js';

/** Thrown when this release cannot serve the database schema, which an older or a newer release has migrated. */
export class SchemaMismatch extends StartError {}
