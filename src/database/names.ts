import { type EntityClass, type EntityProperty, type MikroORM, ReferenceKind } from '@mikro-orm/postgresql';

/** Names of an entity's columns in SQL, quoted. */
export interface Names {
  /**
   * The column of a property; `billingAddress.street` is a part of an embedded one.
   *
   * @throws when the entity has no such property, or the property no column of its own.
   */
  column(property: string): string;
  /** The columns of a list of properties, with commas between. */
  columns(list: readonly (readonly [property: string, ...unknown[]])[]): string;
}

/** Properties without a column of their own. */
const withoutColumn: ReadonlySet<ReferenceKind> = new Set([
  ReferenceKind.EMBEDDED,
  ReferenceKind.ONE_TO_MANY,
  ReferenceKind.MANY_TO_MANY,
]);

/** Takes the names for a statement from the ORM's metadata: the entities stay the one description of the tables. */
export function names(orm: MikroORM, entity: EntityClass<object>): Names {
  const metadata = orm.getMetadata().get(entity);
  const platform = orm.em.getPlatform();
  const properties: Partial<Record<string, EntityProperty>> = metadata.properties;
  const column = (property: string): string => {
    const [name = '', part] = property.split('.');
    const found = part === undefined ? properties[name] : properties[name]?.embeddedProps[part];
    const fieldName = found && withoutColumn.has(found.kind) ? undefined : found?.fieldNames[0];
    if (fieldName === undefined) throw new Error(`${metadata.className} has no column for ${property}`);
    return platform.quoteIdentifier(fieldName);
  };
  return {
    column,
    columns: (list) => list.map(([property]) => column(property)).join(', '),
  };
}
