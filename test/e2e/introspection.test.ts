import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { connect } from '../support/graphql-client.ts';
import { test as open } from '../support/graphql-world.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { startTestServer } from '../support/test-installation.ts';

/** Each has something in the schema that is like it. */
const misspelt = [
  '{ viewr { id } }',
  '{ viewer { rol } }',
  '{ organizations(frst: 1) { totalCount } }',
  '{ organizations(filter: { serch: "x" }) { totalCount } }',
  '{ organizations(orderBy: { field: NAM, direction: ASC }) { totalCount } }',
  'query ($a: Organizatio) { viewer { id } }',
  '{ node(id: "x") { ... on Organizatio { id } } }',
];

describe('where introspection is off', () => {
  test('the schema is told neither by queries nor by suggestions, and everything else works', async () => {
    await using server = await startTestServer({ introspection: false });
    const { people } = await createKeyWorld(server);
    const client = await connect(server.url, people.providerAdmin);
    for (const document of [
      getIntrospectionQuery(),
      '{ __type(name: "Query") { name } }',
      '{ viewer { id } __schema { description } }',
    ]) {
      const answer = await client.query(document);
      expect(new Set(answer.errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['VALIDATION_FAILED']));
      expect(answer.errors[0]?.message).toContain('KEYWARD_INTROSPECTION');
      expect(answer.text).not.toContain('"data"');
    }
    for (const document of misspelt) expect((await client.query(document)).text).not.toMatch(/did you mean/i);
    const variables = { filter: { serch: 'x' } };
    const query = 'query ($filter: OrganizationFilter) { organizations(filter: $filter) { totalCount } }';
    expect((await client.query(query, variables)).text).not.toMatch(/did you mean/i);
    expect((await client.query('{ __typename viewer { __typename } }')).at('viewer.__typename')).toBe('Viewer');
  });
});

describe('where it is on', () => {
  open('the schema can be read, and a misspelt name is answered with the ones like it', async ({ signIn }) => {
    const client = await signIn('providerAdmin');
    expect((await client.query(getIntrospectionQuery())).at('__schema.queryType.name')).toBe('Query');
    for (const document of misspelt) expect((await client.query(document)).text).toMatch(/Did you mean/);
  });
});

test.each([
  [{}, true],
  [{ NODE_ENV: 'development' }, true],
  [{ NODE_ENV: 'production' }, false],
  [{ NODE_ENV: 'production', KEYWARD_INTROSPECTION: 'on' }, true],
  [{ KEYWARD_INTROSPECTION: 'off' }, false],
])('by %j it is on: %s', (env, expected) => {
  expect(readConfig(env).introspection).toBe(expected);
});
