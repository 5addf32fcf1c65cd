import { describe, expect } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { newId } from '../../src/ids.ts';
import { clientWith } from '../support/graphql-client.ts';
import { organizationId, test } from '../support/graphql-world.ts';
import { createTestServiceAccount, tokenOf } from '../support/service-accounts.ts';

const operationFields = `id status dryRun createdAt finishedAt createdBy { displayName } total processed changed unchanged
  refused`;
const document = `mutation ($input: SyncApiKeyInput!) { syncApiKey(input: $input) {
  operation { ${operationFields}
    results(first: 10) { totalCount nodes { organizationId organization { id name externalId } outcome code message } } }
  keyString userErrors { code message field } } }`;
const KEY = 'abcDEF123456';

describe('syncApiKey', () => {
  test('answers with the operation, organization by organization', async ({ world, signIn }) => {
    const client = await signIn('providerAdmin');
    const known = organizationId(world.organization);
    const unknown = encodeGlobalId('Organization', world.organization.rootProviderId, newId());
    const organizationIds = [unknown, known, 'no id at all'];
    const input = { organizationIds, newKey: KEY, atomicity: 'PER_ORGANIZATION' };
    const answer = await client.query(document, { input });
    expect(answer.errors).toEqual([]);
    expect(answer.at('syncApiKey.operation')).toMatchObject({
      ...{ status: 'PARTIALLY_SUCCEEDED', dryRun: false, total: 3, processed: 3, changed: 1, unchanged: 0, refused: 2 },
      results: { totalCount: 3 },
    });
    const nodes = answer.at('syncApiKey.operation.results.nodes');
    expect(nodes).toEqual([
      {
        organizationId: known,
        organization: expect.objectContaining({ id: known }),
        outcome: 'CHANGED',
        code: null,
        message: null,
      },
      ...[unknown, 'no id at all'].map((id) => ({
        organizationId: id,
        organization: { id, name: 'Unknown organization', externalId: null },
        outcome: 'REFUSED',
        code: 'NOT_FOUND',
        message: 'Nothing with this id exists here. Check the id.',
      })),
    ]);
    expect(answer.at('syncApiKey.keyString')).toBe(KEY);
    expect(answer.at('syncApiKey.userErrors')).toEqual([]);
    const id = answer.at('syncApiKey.operation.id');
    const again = await client.query(
      `query ($id: ID!) { bulkOperation(id: $id) { ${operationFields} results(first: 1, outcome: REFUSED) { totalCount
        nodes { code } pageInfo { hasNextPage endCursor } } } node(id: $id) { id __typename } bulkOperations(first: 1) { totalCount nodes { id } } }`,
      { id },
    );
    expect(again.at('bulkOperation')).toMatchObject({
      id,
      status: 'PARTIALLY_SUCCEEDED',
      results: { totalCount: 2, nodes: [{ code: 'NOT_FOUND' }], pageInfo: { hasNextPage: true } },
    });
    expect(again.at('node')).toEqual({ id, __typename: 'BulkOperation' });
    expect(again.at('bulkOperations')).toEqual({ totalCount: 1, nodes: [{ id }] });
    const next = await client.query(
      `query ($id: ID!, $after: String) { bulkOperation(id: $id) { results(first: 5, after: $after, outcome: REFUSED) {
        nodes { organizationId } pageInfo { hasNextPage hasPreviousPage } } } }`,
      { id, after: again.at('bulkOperation.results.pageInfo.endCursor') },
    );
    expect(next.at('bulkOperation.results')).toEqual({
      nodes: [{ organizationId: 'no id at all' }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });

  test('takes a filter, and shows the platform no string', async ({ world, signIn }) => {
    const client = await signIn('platformAdmin');
    const input = { filter: { ids: [organizationId(world.organization)] } };
    const answer = await client.query(document, { input });
    expect(answer.at('syncApiKey.operation')).toMatchObject({ status: 'SUCCEEDED', total: 1, changed: 1 });
    expect(answer.at('syncApiKey.keyString')).toBeNull();
  });

  test('answers bad input with a code and no operation', async ({ world, signIn }) => {
    const client = await signIn('providerAdmin');
    const organizationIds = [organizationId(world.organization)];
    const cases = [
      [{}, 'VALIDATION_FAILED'],
      [{ organizationIds, filter: {} }, 'VALIDATION_FAILED'],
      [{ organizationIds: [] }, 'VALIDATION_FAILED'],
      [{ filter: { search: 'nobody is called like this' } }, 'VALIDATION_FAILED'],
      [{ organizationIds, newKey: 'short' }, 'INVALID_KEY_FORMAT'],
    ] as const;
    for (const [input, code] of cases) {
      const answer = await client.query(document, { input });
      expect(answer.at('syncApiKey.operation')).toBeNull();
      expect(answer.at('syncApiKey.userErrors.0.code')).toBe(code);
    }
  });

  test('tells those who may not look at keys what they need to know, and that they may not look', async ({
    server,
    world,
  }) => {
    const { services, url } = server;
    const permissions = ['apiKey:sync', 'apiKey:reveal'];
    const account = await createTestServiceAccount(services, world.providerAdmin, world.tenants.reseller, permissions);
    const client = clientWith(url, { authorization: `Bearer ${await tokenOf(url, account)}` });
    const input = { organizationIds: [organizationId(world.organization)], newKey: KEY };
    const answer = await client.query(document, { input });
    expect(answer.at('syncApiKey')).toEqual({ operation: null, keyString: KEY, userErrors: [] });
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  test('is forbidden without the permission', async ({ world, signIn }) => {
    const client = await signIn('providerSupport');
    const answer = await client.query(document, { input: { organizationIds: [organizationId(world.organization)] } });
    expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

test('cancelBulkOperation refuses what has ended, and what is not there', async ({ world, signIn }) => {
  const client = await signIn('providerAdmin');
  const done = await client.query(document, { input: { organizationIds: [organizationId(world.organization)] } });
  const cancel = 'mutation ($id: ID!) { cancelBulkOperation(id: $id) { operation { id } userErrors { code } } }';
  const codeOf = async (id: unknown) =>
    (await client.query(cancel, { id })).at('cancelBulkOperation.userErrors.0.code');
  expect(await codeOf(done.at('syncApiKey.operation.id'))).toBe('OPERATION_NOT_CANCELLABLE');
  expect(await codeOf(encodeGlobalId('BulkOperation', world.organization.rootProviderId, newId()))).toBe('NOT_FOUND');
});
