import { type ParseOptions, type ValidationRule } from 'graphql';
import { type Config } from '../config/config.js';
import { boundsRule } from './bounds/bounds-rule.js';
import { operationTypesRule } from './operation-types-rule.js';

/** The rules for documents, the same for requests and for documents that are published. */
export interface DocumentRules {
  readonly parseOptions: ParseOptions;
  /** Applied to documents that are valid by the rules of graphql-js. */
  readonly validationRules: readonly ValidationRule[];
  /** Whether introspection is refused, and errors suggest no names of the schema. */
  readonly hidesSchema: boolean;
}

type RulesConfig = Pick<Config, 'bounds' | 'environment' | 'playground'>;

export function documentRules(config: RulesConfig): DocumentRules {
  return {
    parseOptions: { maxTokens: config.bounds.tokens },
    validationRules: [operationTypesRule, boundsRule(config.bounds)],
    hidesSchema: hidesSchema(config),
  };
}

/** In production the schema is hidden, unless the playground is on, which needs it. */
export function hidesSchema({ environment, playground }: Omit<RulesConfig, 'bounds'>): boolean {
  return environment === 'production' && !playground;
}
