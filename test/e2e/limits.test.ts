import { describe, expect } from 'vitest';
import type { GraphQLAnswer } from '../support/graphql-client.ts';
import { organizationId, test } from '../support/graphql-world.ts';
import { readSlot } from '../support/key-world.ts';

function nested(levels: number, first = 2): string {
  return levels === 0 ? '{ name }' : `{ resellers(first: ${first}) { nodes ${nested(levels - 1, first)} } }`;
}

function aliases(count: number): string {
  return `{ ${Array.from({ length: count }, (_, index) => `a${index}: viewer { id }`).join(' ')} }`;
}

const inFragments = `query { serviceProviders { nodes { ...A } } }
  fragment A on ServiceProvider { resellers(first: 1) { nodes { ...B } } }
  fragment B on ServiceProvider { resellers(first: 1) { nodes { ...C } } }
  fragment C on ServiceProvider { resellers(first: 1) { nodes { ...D } } }
  fragment D on ServiceProvider { resellers(first: 1) { nodes { ...E } } }
  fragment E on ServiceProvider { resellers(first: 1) { nodes { ...F } } }
  fragment F on ServiceProvider { resellers(first: 1) { nodes { name } } }`;

const tooComplex = {
  'nested too deep': `{ serviceProviders { nodes ${nested(6)} } }`,
  'nested too deep by way of fragments': inFragments,
  'with too many aliases': aliases(31),
  'with too many tokens': `{ viewer { ${'id '.repeat(2100)} } }`,
  'for lists within lists': `{ serviceProviders { nodes ${nested(2, 50)} } }`,
  'for a page too long': '{ organizations(first: 2147483647) { nodes { id } } }',
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

describe('what an operation costs', () => {
  const PAGE = `query ($first: Int) { organizations(first: $first) { totalCount nodes {
    id name externalId baseUrl createdAt serviceProvider { id name baseUrl parent { id name } }
    subscription { plan status startsAt endsAt callThreshold thresholdPeriod }
    apiKey { status maskedKey fingerprint version allowedActions lastModifiedBy { displayName } disablements { source reason note at by { displayName } } }
    sandbox: apiKey(kind: SANDBOX_SUBMISSION) { status maskedKey allowedActions lastModifiedBy { displayName } disablements { source at by { displayName } } }
  } } auditEvents(first: $first) { nodes { at action result note actor { displayName } organization { id name apiKey { status } } } } }`;

  test('comes with its answer, and is little enough for the longest page with everything about everybody', async ({
    signIn,
  }) => {
    const answer = await (await signIn('providerAdmin')).query(PAGE, { first: 200 });
    const { cost } = extensionsOf(answer);
    expect(answer.errors).toEqual([]);
    expect(cost).toEqual({ requested: expect.any(Number), limit: 20_000 });
    expect(cost.requested).toBeLessThan(10_000);
  });

  test('comes with a refusal too, which names cost and limit and says what to do', async ({ signIn }) => {
    const answer = await (await signIn('providerAdmin')).query(PAGE, { first: 2000 });
    const { cost } = extensionsOf(answer);
    expect(answer.status).toBe(400);
    expect(answer.at('organizations')).toBeUndefined();
    expect(cost.requested).toBeGreaterThan(20_000);
    expect(answer.errors[0]?.message).toContain(`${cost.requested} points`);
    expect(answer.errors[0]?.message).toContain('20000');
    expect(answer.errors[0]?.message).toContain('(first)');
  });
});

function extensionsOf({ text }: GraphQLAnswer): { cost: { requested: number; limit: number } } {
  return (JSON.parse(text) as { extensions: { cost: { requested: number; limit: number } } }).extensions;
}

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
