import { describe, expect } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { organizationId, test } from '../support/graphql-world.ts';

const cursor = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

const ORGANIZATIONS =
  'query ($first: Int, $after: String, $filter: OrganizationFilter, $orderBy: OrganizationOrder) { organizations(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { totalCount nodes { id } } }';
const AUDIT =
  'query ($first: Int, $after: String, $filter: AuditEventFilter) { auditEvents(first: $first, after: $after, filter: $filter) { totalCount nodes { id } } }';
const PROVIDERS =
  'query ($first: Int, $after: String) { serviceProviders(first: $first, after: $after) { totalCount nodes { id resellers(after: $after) { nodes { id } } } } }';

const odd = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  "'",
  '\\',
  '%',
  '\\x',
  '\\x00',
  'ff',
  'f'.repeat(63),
  'g'.repeat(64),
  '=',
  '🔑',
  'x'.repeat(201),
  'x'.repeat(500_000),
];
const id = '0190b6a8-0000-7000-8000-000000000000';
const instants = [
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '12026',
  '',
];

const asked: readonly { readonly about: string; readonly document: string; readonly all: readonly object[] }[] = [
  { about: 'a search', document: ORGANIZATIONS, all: odd.map((search) => ({ filter: { search } })) },
  { about: 'a fingerprint', document: ORGANIZATIONS, all: odd.map((fingerprint) => ({ filter: { fingerprint } })) },
  {
    about: 'ids',
    document: ORGANIZATIONS,
    all: odd.map((text) => ({ filter: { ids: [text], serviceProviderId: text } })),
  },
  {
    about: 'a cursor by name',
    document: ORGANIZATIONS,
    all: odd.map((value) => ({ after: cursor('NAME_ASC', value, id) })),
  },
  {
    about: 'a cursor by time',
    document: ORGANIZATIONS,
    all: instants.flatMap((value) => [
      { after: cursor('CREATED_AT_ASC', value, id), orderBy: { field: 'CREATED_AT', direction: 'ASC' } },
      {
        after: cursor('SUBSCRIPTION_ENDS_AT_DESC', value, id),
        orderBy: { field: 'SUBSCRIPTION_ENDS_AT', direction: 'DESC' },
      },
    ]),
  },
  {
    about: 'empty and long lists',
    document: ORGANIZATIONS,
    all: [
      { filter: { apiKeyStatus: [], disablementSource: [], subscriptionStatus: [], ids: [] } },
      { filter: { apiKeyStatus: Array(5000).fill('NONE') } },
      { filter: { ids: Array(10_001).fill('x') } },
      { filter: { ids: Array(20_000).fill(encodeGlobalId('Organization', id, id)) } },
      { first: -2147483648 },
    ],
  },
  {
    about: 'audit actions and ids',
    document: AUDIT,
    all: odd.map((text) => ({ filter: { action: [text], organizationId: text, actorId: text } })),
  },
  {
    about: 'instants of the audit trail',
    document: AUDIT,
    all: instants.flatMap((value) => [
      { after: cursor('AT_DESC', value, id) },
      { filter: { since: value } },
      { filter: { until: value } },
    ]),
  },
  {
    about: 'long and contradictory audit filters',
    document: AUDIT,
    all: [
      { filter: { action: [] } },
      { filter: { action: Array(40_000).fill('api_key.add') } },
      { filter: { action: Array.from({ length: 40_000 }, (_, index) => `a${index}`) } },
      { filter: { since: '2030-01-01T00:00:00Z', until: '2020-01-01T00:00:00Z' } },
    ],
  },
  {
    about: 'a cursor of providers',
    document: PROVIDERS,
    all: odd.map((value) => ({ after: cursor('NAME_ASC', value, id) })),
  },
  { about: 'node', document: 'query ($id: ID!) { node(id: $id) { id } }', all: odd.map((text) => ({ id: text })) },
  {
    about: 'organization',
    document: 'query ($id: ID!) { organization(id: $id) { id } }',
    all: odd.map((text) => ({ id: text })),
  },
  {
    about: 'serviceProvider',
    document: 'query ($id: ID!) { serviceProvider(id: $id) { id } }',
    all: odd.map((text) => ({ id: text })),
  },
];

describe('a query with odd arguments is answered, or refused with VALIDATION_FAILED', () => {
  test.for(asked)('$about', async ({ document, all }, { signIn }) => {
    const client = await signIn('providerAdmin');
    const complaints: unknown[] = [];
    for (const variables of all) {
      const answer = await client.query(document, variables as Record<string, unknown>);
      const codes = answer.errors
        .map(({ extensions }) => extensions.code)
        .filter((code) => code !== 'VALIDATION_FAILED');
      if (codes.length > 0) complaints.push({ codes, variables: JSON.stringify(variables).slice(0, 120) });
    }
    expect(complaints).toEqual([]);
  });
});

describe('a subscription that began long ago', () => {
  test.for([
    '0000-01-01T00:00:00.000Z',
    '0001-01-01T00:00:00.000Z',
    '0099-12-31T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
  ])('on %s is either refused or shown as it was given', async (startsAt, { world, signIn }) => {
    const client = await signIn('providerAdmin');
    const input = { organizationId: organizationId(world.organization) };
    await client.query(
      'mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { userErrors { code } } }',
      { input },
    );
    const endsAt = new Date(Date.now() + 1e10).toISOString();
    const answer = await client.query(
      'mutation ($input: ApplySubscriptionInput!) { applySubscription(input: $input) { subscription { startsAt } userErrors { code } } }',
      { input: { ...input, plan: 'API', startsAt, endsAt } },
    );
    const refusals = answer.at('applySubscription.userErrors');
    const codes = answer.errors.map(({ extensions }) => extensions.code);
    if (codes.length > 0) expect(codes).toEqual(['VALIDATION_FAILED']);
    else if (Array.isArray(refusals) && refusals.length === 0)
      expect(answer.at('applySubscription.subscription.startsAt')).toBe(startsAt);
    else expect(refusals).toMatchObject([{ code: 'VALIDATION_FAILED' }]);
  });
});
