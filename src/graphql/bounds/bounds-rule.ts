import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { type ASTVisitor, type ValidationContext, type ValidationRule, visitInParallel } from 'graphql';
import { type Config } from '../../config/config.js';
import { OperationCost } from './operation-cost.js';
import { type ConfiguredBound, QueryTooComplex } from './query-too-complex.js';
import { countRootFields } from './root-fields.js';

/**
 * Rejects a document with an operation that exceeds a bound. Each exceeded bound is one error, with the highest number of any operation
 * in the document.
 *
 * graphql-armor only counts; the comparison is here, so that all errors have one form. Its own rules throw, which
 * Apollo answers with a 500.
 */
export function boundsRule(bounds: Config['bounds']): ValidationRule {
  return (context) => {
    const found = new Map<ConfiguredBound, number>();
    const note = (bound: ConfiguredBound, count: number): void => {
      found.set(bound, Math.max(found.get(bound) ?? 0, count));
    };
    const operationCost = new OperationCost(context);
    return visitInParallel([
      ...countersOfArmor(context, note),
      {
        OperationDefinition(operation) {
          note('rootFields', countRootFields(context, operation));
          note('cost', operationCost.of(operation));
        },
        Document: {
          leave() {
            for (const [bound, count] of found) {
              if (count > bounds[bound])
                context.reportError(new QueryTooComplex(bound, bounds[bound], count));
            }
          },
        },
      },
    ]);
  };
}

function countersOfArmor(
  context: ValidationContext,
  note: (bound: ConfiguredBound, count: number) => void,
): ASTVisitor[] {
  const counting = (bound: ConfiguredBound) => ({
    n: Infinity,
    onAccept: [
      (_context: ValidationContext | null, { n }: { readonly n: number }) => {
        note(bound, n);
      },
    ],
  });
  return [
    // Fragments are no level of the answer. Introspection has a rule of its own in graphql-js.
    maxDepthRule({ ...counting('depth'), flattenFragments: true })(context),
    maxAliasesRule({ ...counting('aliases'), allowList: [] })(context),
    maxDirectivesRule(counting('directives'))(context),
  ];
}
