import {
  type DocumentNode,
  execute,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { disableApiKey } from '../../src/api-key/api-key.service.ts';
import { createExecutor } from '../../src/graphql/executor.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { GraphQLContext } from '../../src/graphql/graphql-context.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { programSchema } from '../../src/graphql/schema.ts';
import type { Role } from '../../src/identity/permissions.ts';
import { contextOf, createStaff, createTenants, createTestOrganization, keyInput } from '../support/fixtures.ts';
import { openTestInstallation } from '../support/test-installation.ts';

const schema = programSchema();

const everything = `query ($first: Int = 10, $withKey: Boolean = true, $kind: ApiKeyKind, $id: ID!, $filter: OrganizationFilter, $after: String) {
  viewer { ...who permissions serviceProvider { name parent { id } resellers { totalCount edges { cursor node { ...provider } } } } organization { id } }
  again: organizations(first: $first, filter: $filter, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
    __typename totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { ...organization apiKey(kind: $kind) @include(if: $withKey) { ...key } sandbox: apiKey(kind: SANDBOX_SUBMISSION) { ...key } }
  }
  serviceProviders(first: 2) { nodes { ...provider organizations(first: 2) { nodes { id name @skip(if: $withKey) } } } }
  node(id: $id) { __typename id ... on Organization { name } ... on ApiKey { version } }
  missing: organization(id: "nothing") { id }
}
fragment who on Viewer { id displayName role }
fragment provider on ServiceProvider { id name baseUrl createdAt }
fragment organization on Organization { id name externalId baseUrl createdAt serviceProvider { name } subscription { plan status startsAt endsAt callThreshold thresholdPeriod } }
fragment key on ApiKey { id kind exists status maskedKey fingerprint version createdAt lastModifiedAt lastModifiedBy { id displayName } allowedActions disablements { source reason note at by { displayName } } }`;

const documents: readonly [name: string, document: string, variables: Record<string, unknown>][] = [
  ['fragments, aliases, directives, defaults and an interface', everything, {}],
  [
    'variables given and null',
    everything,
    { first: 1, withKey: false, kind: null, filter: { search: 'organization' } },
  ],
  ['an empty list', everything, { filter: { ids: [] } }],
  ['a variable of a wrong type', everything, { first: 'many' }],
  ['a value outside its enum', everything, { kind: 'NONE' }],
  ['an unknown field in an input', everything, { filter: { unknown: 1 } }],
  ['a refused argument', everything, { first: 201 }],
  ['a cursor that is none', everything, { after: 'zzz' }],
  ['a null for what must not be', 'query ($id: ID!) { organization(id: $id) { id } }', { id: null }],
  [
    'an error in one field of several',
    'query ($first: Int) { viewer { role } auditEvents(first: $first) { nodes { action } } }',
    {},
  ],
  [
    'introspection',
    '{ __schema { queryType { name } } __type(name: "ApiKey") { fields { name type { kind name } } } }',
    {},
  ],
];

describe('a compiled query answers as the reference does', () => {
  test.each(['PLATFORM_ADMIN', 'PROVIDER_ADMIN', 'PROVIDER_VIEWER'] as const)('for %s', async (role: Role) => {
    await using keyward = await openTestInstallation();
    const { services } = keyward;
    const { platformAdmin, root, reseller } = await createTenants(services);
    const [organization, other] = [
      await createTestOrganization(services, platformAdmin, root),
      await createTestOrganization(services, platformAdmin, reseller, null),
    ];
    await disableApiKey(contextOf(services, platformAdmin.actor), {
      ...keyInput(organization),
      reason: 'SECURITY_INCIDENT',
      note: 'leaked',
    });
    const staff = role === 'PLATFORM_ADMIN' ? platformAdmin : await createStaff(services, role, root);
    const now = new Date();
    const newContext = (): GraphQLContext => {
      const ctx = contextOf(services, staff.actor, now);
      return { ...ctx, loaders: createLoaders(ctx) };
    };
    const id = encodeGlobalId('Organization', other.rootProviderId, other.organizationId);
    const diverged: DocumentNode[] = [];
    const run = createExecutor(schema, (document) => diverged.push(document));
    for (const [name, source, variables] of documents) {
      const document = parse(source);
      expect(validate(schema, document), name).toEqual([]);
      const variableValues = { id, ...variables };
      const reference = await execute({ schema, document, variableValues, contextValue: newContext() });
      for (const turn of ['first', 'compiled', 'compiled again']) {
        const answer = await run({ document, variableValues, contextValue: newContext() });
        expect(JSON.parse(JSON.stringify(answer)), `${name}, ${turn}`).toEqual(JSON.parse(JSON.stringify(reference)));
      }
    }
    expect(diverged).toEqual([]);
  });
});

describe('an error thrown while a value is read', () => {
  const throwing = new GraphQLObjectType({
    name: 'Throwing',
    fields: { name: { type: GraphQLString } },
  });
  const broken = {
    get name(): string {
      throw new Error('cannot be read');
    },
  };
  const ways = {
    atOnce: () => broken,
    later: async () => broken,
    inAList: async () => [broken, broken],
  };
  const brokenSchema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        atOnce: { type: throwing, resolve: ways.atOnce },
        later: { type: throwing, resolve: ways.later },
        inAList: { type: new GraphQLList(throwing), resolve: ways.inAList },
      },
    }),
  });

  test.each(Object.keys(ways))('%s is an answer with that error, compiled as well', async (field) => {
    const run = createExecutor(brokenSchema, () => undefined);
    const document = parse(`{ ${field} { name } }`);
    for (const turn of ['first', 'compiled', 'compiled again']) {
      const { errors } = await run({ document });
      expect(errors?.[0]?.message, turn).toBe('cannot be read');
    }
  });
});

test('a compiled query that fails alone is told of, but not when it does so once', async () => {
  let asked = 0;
  const name = () => {
    asked++;
    if (asked % 2 === 0) throw new Error('gone meanwhile');
    return 'there';
  };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { name: { type: GraphQLString, resolve: name } } }),
  });
  const diverged: DocumentNode[] = [];
  const run = createExecutor(schema, (document) => diverged.push(document));
  const document = parse('{ name }');
  const told: number[] = [];
  for (const _ of ['first', 'compiled', 'compiled again']) {
    expect((await run({ document })).data).toEqual({ name: 'there' });
    told.push(diverged.length);
  }
  expect(told).toEqual([0, 0, 1]);
});
