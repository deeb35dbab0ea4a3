import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { readOperation } from '../../client/src/operation.js';

const examples = await readFile('examples/examples.graphql', 'utf8');

describe('what a document says of its operation', () => {
  test('is what graphql-js reads, for every example', () => {
    const operations = parse(examples).definitions.filter(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    );
    expect(operations.length).toBeGreaterThan(0);
    for (const { name, operation, variableDefinitions = [], selectionSet } of operations) {
      expect(readOperation(examples, name?.value)).toEqual({
        type: operation,
        name: name?.value,
        declaresKey: variableDefinitions.some(({ variable }) => variable.name.value === 'idempotencyKey'),
        isSingle: selectionSet.selections.length === 1,
      });
    }
  });

  test.each([
    ['{ customers { totalRecords } }', { type: 'query', name: undefined, isSingle: true }],
    ['query { a { b } c { d } }', { type: 'query', name: undefined, isSingle: false }],
    ['{ a }', { type: 'query', isSingle: true }],
    ['{ a b }', { type: 'query', isSingle: false }],
    ['mutation { x: a(b: 1) @c(d: 2) @e }', { type: 'mutation', isSingle: true }],
    ['mutation { x: a y: a { b } }', { type: 'mutation', isSingle: false }],
    ['mutation M @x { a(b: { c: "}" }) { d } }', { type: 'mutation', name: 'M', isSingle: true }],
    ['mutation ($a: A = { b: [{ c: 1 }] }) { d(a: $a) { e } }', { type: 'mutation', isSingle: true }],
    ['fragment F on Mutation { a { b } } mutation { ...F }', { type: 'mutation', isSingle: false }],
    ['mutation { ... on Mutation { a { b } c { d } } }', { type: 'mutation', isSingle: false }],
    ['subscription { a }', { type: 'subscription' }],
  ])('is read from %s', (document, expected) => {
    expect(readOperation(document, undefined)).toMatchObject(expected);
  });

  test.each([
    ['mutation ($idempotencyKey: String) { a(k: $idempotencyKey) { b } }', true],
    ['mutation ($ # a\n idempotencyKey: String) { a(k: $idempotencyKey) { b } }', true],
    ['mutation ($k: String) { a(k: $k, t: "$idempotencyKey") { b } }', false],
    ['mutation { a(t: """\n\\""" $idempotencyKey """) { b } } # $idempotencyKey', false],
  ])('has a key only where one is declared: %s', (document, declaresKey) => {
    expect(readOperation(document, undefined)).toMatchObject({ type: 'mutation', declaresKey });
  });

  test.each([
    ['an empty document', '', undefined],
    ['a name that it does not have', 'query A { b { c } }', 'B'],
    ['no name where there are two', 'query A { b { c } } query B { b { c } }', undefined],
    ['what is not whole', 'mutation { a { b }', undefined],
  ])('is nothing for %s', (_what, document, name) => {
    expect(readOperation(document, name)).toBeUndefined();
  });

  test('never throws, for any document', () => {
    const parts = fc.constantFrom(
      '"',
      '"""',
      '\\',
      '#',
      '\n',
      '{',
      '}',
      '(',
      ')',
      '$',
      '...',
      'mutation',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (document) => {
        readOperation(document.join(''), undefined);
      }),
    );
  });
});
