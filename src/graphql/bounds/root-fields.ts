import { Kind, type OperationDefinitionNode, type SelectionSetNode, type ValidationContext } from 'graphql';

/** How many root fields an operation could run: the names that its answer's `data` could have. */
export function countRootFields(context: ValidationContext, operation: OperationDefinitionNode): number {
  const names = new Set<string>();
  const fragments = new Set<string>();
  const collect = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        names.add((selection.alias ?? selection.name).value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!fragments.has(selection.name.value)) {
        fragments.add(selection.name.value);
        collect(context.getFragment(selection.name.value)?.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return names.size;
}
