import {
  getNamedType,
  getNullableType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';

/** An input with another value in each field. */
export interface MarkedInput {
  readonly input: Record<string, unknown>;
  /** A part of the text of each field, by the field's path. No two fields of any inputs have the same. */
  readonly marks: ReadonlyMap<string, string>;
}

/**
 * Fills every field of an input type that takes text, however deep, so that a field which is added to the schema is filled too. Fields
 * that take IDs of stored objects are left out.
 *
 * @param limit - characters of each text.
 */
export function markedInput(type: GraphQLInputType): MarkedInput {
  const marks = new Map<string, string>();
  const input = valueOf(type, '', marks);
  return { input: Object(input), marks };
}

function valueOf(given: GraphQLInputType, path: string, marks: Map<string, string>): unknown {
  const type = getNullableType(given);
  if (isListType(type)) {
    const items = [0, 1].map((index) => valueOf(type.ofType, `${path}.${index}`, marks));
    return items.includes(undefined) ? undefined : items;
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    if (fields.some((field) => getNamedType(field.type).name === 'UUID')) return undefined;
    return Object.fromEntries(
      fields.map((field) => [field.name, valueOf(field.type, `${path}.${field.name}`, marks)]),
    );
  }
  if (isEnumType(type)) return type.getValues().at(-1)?.name;
  if (getNamedType(type).name !== 'String') return undefined;
  const [mark, text] = textOf(path);
  marks.set(path, mark);
  return text;
}

/** Some fields take text of a form only. Capital letters show that folded text is found. */
function textOf(path: string): [mark: string, text: string] {
  const random = crypto.getRandomValues(new Uint32Array(2)).join('');
  const mark = `Q${random.slice(0, 12)}Z`;
  if (/phone$/i.test(path)) return [random.slice(0, 12), `+${random.slice(0, 12)}`];
  if (/email$/i.test(path)) return [mark, `${mark}@x.example`];
  if (/website$/i.test(path)) return [mark, `https://${mark}.example/`];
  return [mark, mark];
}
