import {
  getNamedType,
  type GraphQLCompositeType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/**
 * Counts the most fields that the response to an operation can have: every list has its maximum length (`maxItems` in its field's
 * extensions), every page is full, every fragment applies. The cost depends on the document alone, so it is computed once per document,
 * with the validation that Apollo caches. Expects a valid document.
 *
 * Each fragment is counted once for any number of spreads: the time is linear in the document, not in its expansion.
 */
export class OperationCost {
  readonly #fragments = new Map<string, number>();

  constructor(private readonly context: ValidationContext) {}

  /** Of one operation. */
  of(operation: OperationDefinitionNode): number {
    return this.#ofSet(operation.selectionSet, this.context.getSchema().getRootType(operation.operation));
  }

  #ofSet(set: SelectionSetNode, parent: GraphQLCompositeType | null | undefined): number {
    return set.selections.reduce((sum, selection) => sum + this.#ofSelection(selection, parent), 0);
  }

  #ofSelection(selection: SelectionNode, parent: GraphQLCompositeType | null | undefined): number {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { selectionSet, typeCondition } = selection;
      return this.#ofSet(selectionSet, typeCondition ? this.#type(typeCondition.name.value) : parent);
    }
    // Introspection's fields are none of a type's, and are one each.
    const field = isUnionType(parent) ? undefined : parent?.getFields()[selection.name.value];
    const type = field && getNamedType(field.type);
    const inside =
      selection.selectionSet && isCompositeType(type) ? this.#ofSet(selection.selectionSet, type) : 0;
    return (1 + inside) * maxItems(field?.extensions);
  }

  #ofFragment(name: string): number {
    let size = this.#fragments.get(name);
    if (size === undefined) {
      const fragment = this.context.getFragment(name);
      size = fragment ? this.#ofSet(fragment.selectionSet, this.#type(fragment.typeCondition.name.value)) : 0;
      this.#fragments.set(name, size);
    }
    return size;
  }

  #type(name: string): GraphQLCompositeType | undefined {
    const type = this.context.getSchema().getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

function maxItems(extensions: Readonly<Record<string, unknown>> | undefined): number {
  const items = extensions?.['maxItems'];
  return typeof items === 'number' ? items : 1;
}
