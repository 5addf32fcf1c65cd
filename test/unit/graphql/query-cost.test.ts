import { buildSchema, getIntrospectionQuery, isInterfaceType, isObjectType, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { MOST_POINTS } from '../../../src/graphql/limits.ts';
import { createCostCounter } from '../../../src/graphql/query-cost.ts';
import { programSchema } from '../../../src/graphql/schema.ts';

const schema = buildSchema(`
  type Query { house: House! houses(first: Int, after: String): HouseConnection! few(first: Int = 7): HouseConnection! node: Node name: String }
  type Mutation { build(name: String): House sell: Boolean }
  interface Node { id: ID! }
  type House implements Node { id: ID! name: String! next: House rooms(first: Int): RoomConnection! doors: [Door!]! tags: [String!]! }
  type Room { name: String! house: House! } type Door { name: String! }
  type HouseConnection { nodes: [House!]! edges: [HouseEdge!]! totalCount: Int } type HouseEdge { node: House! cursor: String! }
  type RoomConnection { nodes: [Room!]! }`);

function costOf(text: string, variables: Record<string, unknown> = {}, operationName?: string): number | null {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return createCostCounter(schema)(document, operationName, variables);
}

describe('what an operation costs', () => {
  test.each([
    ['texts and numbers are free', '{ name __typename }', 0],
    ['an object is 1', '{ house { name next { name } } }', 2],
    ['a mutation is 100, with an answer or without', 'mutation { sell build { name next { name } } }', 201],
    ['a mutation asked twice is two', 'mutation { a: sell b: sell }', 200],
    ['a list without `first` is short', '{ house { doors { name } tags } }', 6],
    ['a page is 50, if nothing is said', '{ houses { nodes { name } } }', 51],
    ['a page is as long as it was asked for', '{ houses(first: 3) { nodes { name } totalCount } }', 4],
    ['a page has its own default', '{ few { nodes { name } } }', 8],
    ['null is the usual length', '{ houses(first: null) { nodes { name } } }', 51],
    [
      'nothing and less than nothing is one',
      '{ houses(first: 0) { nodes { name } } few(first: -9) { nodes { name } } }',
      4,
    ],
    ['nodes and edges both count', '{ houses(first: 3) { nodes { name } edges { node { name } } } }', 1 + 3 + 6],
    ['lists in lists multiply', '{ houses(first: 10) { nodes { rooms(first: 20) { nodes { name } } } } }', 1 + 10 * 22],
    ['an alias is another field', '{ a: house { name } b: house { name } }', 2],
    ['the length of a page is not for what is deeper', '{ houses(first: 9) { nodes { doors { name } } } }', 1 + 9 * 6],
    ['a schema can be asked for', '{ __schema { queryType { name } } __type(name: "House") { name } }', 3],
  ])('%s', (_, text, expected) => {
    expect(costOf(text)).toBe(expected);
  });

  test('depends on the variables, and on their defaults', () => {
    const query = 'query ($first: Int = 3) { houses(first: $first) { nodes { name } } }';
    const asked = [{ first: 10 }, {}, { first: null }, { first: -1 }, { first: 'many' }, { first: 2 ** 31 - 1 }];
    expect(asked.map((variables) => costOf(query, variables))).toEqual([11, 4, 51, 51, 51, 2 ** 31]);
  });

  test('leaves out what is skipped, and nothing else', () => {
    const query = `query ($yes: Boolean!, $no: Boolean = false) {
      a: house @include(if: $yes) { name } b: house @skip(if: $yes) { name }
      c: house @include(if: $no) { name } d: house @skip(if: $no) { name }
      e: house @include(if: false) { name } f: house @skip(if: true) { name }
      g: house @include(if: $yes) @skip(if: $no) { name } }`;
    expect(costOf(query, { yes: true })).toBe(3);
    expect(costOf(query, { yes: false })).toBe(2);
    expect(costOf(query, { yes: true, no: true })).toBe(2);
  });
});

describe('fragments', () => {
  test('cost what is in them, with the page around them, wherever they are spread', () => {
    const query = `{ a: houses(first: 2) { ...Page } b: houses(first: 30) { ...Page ... on HouseConnection { edges { cursor } } } }
      fragment Page on HouseConnection { nodes { ...House } }
      fragment House on House { next { name } }`;
    expect(costOf(query)).toBe(1 + 2 * 2 + 1 + 30 * 2 + 30);
  });

  test('spread twice in one place count once, and under conditions as the variables say', () => {
    const fragment = 'fragment Next on House { next { name } }';
    expect(costOf(`{ house { ...Next ...Next } } ${fragment}`)).toBe(2);
    const either = `query ($a: Boolean!) { house { ...Next @include(if: $a) ...Next @skip(if: $a) } } ${fragment}`;
    expect(costOf(either, { a: true })).toBe(2);
  });

  test('of an interface count for every type they are for', () => {
    expect(costOf('{ node { id ... on House { next { name } } } }')).toBe(2);
  });

  test('that double with each level are found too expensive, without being counted one by one', () => {
    const levels = Array.from({ length: 60 }, (_, index) => {
      const below = index === 59 ? 'name' : `...F${index + 1}`;
      return `fragment F${index} on House { a: next { ${below} } b: next { ${below} } }`;
    });
    const document = parse(`{ house { ...F0 } } ${levels.join('\n')}`);
    expect(createCostCounter(schema)(document, null, {})).toBe(2 ** 53 - 1); // one by one it would take for ever
  });
});

test('an operation is chosen by its name; without one there is nothing to weigh', () => {
  const two = 'query A { house { name } } query B { house { next { name } } }';
  expect([costOf(two, {}, 'A'), costOf(two, {}, 'B'), costOf(two, {}, 'C'), costOf(two)]).toEqual([1, 2, null, null]);
});

test('weighing the same document again, with other variables, tells another cost', () => {
  const count = createCostCounter(schema);
  const document = parse('query ($first: Int) { houses(first: $first) { nodes { name } } }');
  expect([5, 50, 5].map((first) => count(document, null, { first }))).toEqual([6, 51, 6]);
});

describe('in our own schema', () => {
  const own = programSchema();

  const cost = (text: string) => createCostCounter(own)(parse(text), null, {});

  test('a list that may be long is taken to be, and what stands in it counts as often', () => {
    const lent = (what: string) => `{ delegations(first: 10) { nodes { organizations { ${what} } } } }`;
    expect(cost(lent('id'))).toBe(1 + 10 * (1 + 200));
    expect(cost(lent('apiSessions(first: 1) { nodes { id } }'))).toBeGreaterThan(MOST_POINTS);
    expect(cost('{ roles { customRole { id } } }')).toBe(200);
  });

  test('introspection is affordable', () => {
    expect(createCostCounter(own)(parse(getIntrospectionQuery()), null, {})).toBeLessThan(MOST_POINTS / 2);
  });

  test('whatever takes `first` is a connection, whose lists are then as long', () => {
    const paged = Object.values(own.getTypeMap())
      .filter((type) => isObjectType(type) || isInterfaceType(type))
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ args }) => args.some(({ name }) => name === 'first'));
    expect(paged.length).toBeGreaterThan(4);
    expect(paged.filter((field) => !/Connection!?$/.test(String(field.type)))).toEqual([]);
  });
});
