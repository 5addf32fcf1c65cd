import { describe, expect } from 'vitest';
import { organizationId, test } from '../support/graphql-world.ts';
import { readSlot } from '../support/key-world.ts';

function nested(levels: number): string {
  return levels === 0 ? '{ name }' : `{ resellers { nodes ${nested(levels - 1)} } }`;
}

function aliases(count: number): string {
  return `{ ${Array.from({ length: count }, (_, index) => `a${index}: viewer { id }`).join(' ')} }`;
}

const inFragments = `query { serviceProviders { nodes { ...A } } }
  fragment A on ServiceProvider { resellers { nodes { ...B } } }
  fragment B on ServiceProvider { resellers { nodes { ...C } } }
  fragment C on ServiceProvider { resellers { nodes { ...D } } }
  fragment D on ServiceProvider { resellers { nodes { ...E } } }
  fragment E on ServiceProvider { resellers { nodes { ...F } } }
  fragment F on ServiceProvider { resellers { nodes { name } } }`;

const tooComplex = {
  'nested too deep': `{ serviceProviders { nodes ${nested(6)} } }`,
  'nested too deep by way of fragments': inFragments,
  'with too many aliases': aliases(31),
  'with too many tokens': `{ viewer { ${'id '.repeat(2100)} } }`,
  'with too many directives': `{ viewer { id ${'@include(if: true) '.repeat(500)} } }`,
};

describe('a document that asks too much', () => {
  test.for(Object.entries(tooComplex))(
    '%s is QUERY_TOO_COMPLEX before anything is run',
    async ([, document], { signIn }) => {
      const answer = await (await signIn('providerAdmin')).query(document);
      expect(new Set(answer.errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['QUERY_TOO_COMPLEX']));
      expect(answer.text).not.toContain('"data":{');
    },
  );

  test('as a mutation changes nothing', async ({ world, signIn }) => {
    const regenerate = 'regenerateApiKey(input: $input) { userErrors { code } }';
    const many = Array.from({ length: 31 }, (_, index) => `a${index}: ${regenerate}`).join(' ');
    const client = await signIn('providerAdmin');
    const answer = await client.query(`mutation ($input: ApiKeyInput!) { ${many} }`, {
      input: { organizationId: organizationId(world.organization) },
    });
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX']);
    expect((await readSlot(world)).version).toBe(1);
  });

  test('in a circle of fragments is refused', async ({ signIn }) => {
    const circle =
      '{ serviceProviders { nodes { ...A } } } fragment A on ServiceProvider { resellers { nodes { ...A } } }';
    const answer = await (await signIn('providerAdmin')).query(circle);
    for (const { extensions } of answer.errors)
      expect(['VALIDATION_FAILED', 'QUERY_TOO_COMPLEX']).toContain(extensions.code);
    expect(answer.errors.length).toBeGreaterThan(0);
  });

  test('what the console and introspection ask is not too much', async ({ signIn }) => {
    const { getIntrospectionQuery } = await import('graphql');
    const client = await signIn('providerAdmin');
    expect((await client.query(aliases(30))).errors).toEqual([]);
    expect((await client.query(`{ serviceProviders { nodes ${nested(3)} } }`)).errors).toEqual([]);
    expect((await client.query(getIntrospectionQuery())).errors).toEqual([]);
  });
});

describe('a page', () => {
  const lists = {
    organizations: '{ organizations(first: 201) { nodes { id } } }',
    serviceProviders: '{ serviceProviders(first: 201) { nodes { id } } }',
    auditEvents: '{ auditEvents(first: 201) { nodes { id } } }',
    resellers: '{ serviceProviders { nodes { resellers(first: 201) { nodes { id } } } } }',
    'organizations of a provider': '{ serviceProviders { nodes { organizations(first: 201) { nodes { id } } } } }',
  };
  test.for(Object.entries(lists))('of 201 %s is VALIDATION_FAILED', async ([, document], { signIn }) => {
    const answer = await (await signIn('providerAdmin')).query(document);
    expect(new Set(answer.errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['VALIDATION_FAILED']));
  });
});
