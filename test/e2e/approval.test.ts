import { describe, expect, vi } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { startWaiting } from '../support/approvals.ts';
import { createStaff, createTestOrganization } from '../support/fixtures.ts';
import { type Client, clientWith } from '../support/graphql-client.ts';
import { test as base, organizationId, providerId } from '../support/graphql-world.ts';
import { createTestServiceAccount, tokenOf } from '../support/service-accounts.ts';

const approval = 'approval { status expiresAt canDecide dryRunStatus decidedBy { displayName } decidedAt note }';
const operation = `id status processed changed refused failure ${approval}`;
const sync = `mutation ($input: SyncApiKeyInput!) { syncApiKey(input: $input) {
  operation { ${operation} results { totalCount nodes { outcome } } } keyString userErrors { code } } }`;
const decide = (verb: 'approve' | 'reject') =>
  `mutation ($input: ${verb === 'approve' ? 'Approve' : 'Reject'}BulkOperationInput!) { ${verb}BulkOperation(input: $input) {
    operation { ${operation} } userErrors { code field } } }`;
const find = `query ($id: ID!) { bulkOperation(id: $id) { ${operation} } }`;
const awaiting = 'query { bulkOperations(awaitingMyApproval: true) { totalCount nodes { id } } }';
const setAbove = `mutation ($input: SetApprovalAboveInput!) { setApprovalAbove(input: $input) {
  serviceProvider { approvalAbove } userErrors { code } } }`;

const test = base.extend('second', async ({ server, world }) =>
  createStaff(server.services, 'PROVIDER_ADMIN', world.tenants.reseller),
);

async function awaitedBy(client: Client) {
  const answer = await client.query(awaiting);
  return [answer.at('bulkOperations.totalCount'), answer.at('bulkOperations.nodes')];
}

describe('a sync that somebody else has to approve', () => {
  test('waits, is found by a second person, approved, and done', async ({ server, world, signIn, second }) => {
    const parent = await signIn('parentAdmin');
    const set = await parent.query(setAbove, {
      input: { serviceProviderId: providerId(world.tenants.reseller), approvalAbove: 1 },
    });
    expect(set.at('setApprovalAbove')).toEqual({ serviceProvider: { approvalAbove: 1 }, userErrors: [] });
    const { platformAdmin, reseller } = world.tenants;
    const other = await createTestOrganization(server.services, platformAdmin, reseller);
    const organizationIds = [world.organization, other].map(organizationId);
    const starter = await signIn('providerAdmin');
    const started = await starter.query(sync, { input: { organizationIds, idempotencyKey: 'once' } });
    expect(started.at('syncApiKey')).toMatchObject({
      operation: {
        ...{ status: 'PENDING', processed: 0, changed: 2, refused: 0, failure: null },
        approval: { status: 'PENDING', canDecide: false, dryRunStatus: 'SUCCEEDED', decidedBy: null, note: null },
        results: { totalCount: 2, nodes: [{ outcome: 'CHANGED' }, { outcome: 'CHANGED' }] },
      },
      ...{ keyString: null, userErrors: [] },
    });
    const bulkOperationId = String(started.at('syncApiKey.operation.id'));
    const approver = await signIn(second);
    expect(await awaitedBy(starter)).toEqual([0, []]);
    expect(await awaitedBy(approver)).toEqual([1, [{ id: bulkOperationId }]]);
    const approved = await approver.query(decide('approve'), { input: { bulkOperationId, note: 'go' } });
    expect(approved.at('approveBulkOperation')).toMatchObject({
      operation: {
        ...{ processed: 0, changed: 0 },
        approval: {
          ...{ status: 'APPROVED', canDecide: false, dryRunStatus: null, note: 'go' },
          decidedBy: { displayName: second.actor.displayName },
        },
      },
      userErrors: [],
    });
    await vi.waitFor(async () => {
      const now = await starter.query(find, { id: bulkOperationId });
      expect(now.at('bulkOperation')).toMatchObject({ status: 'SUCCEEDED', processed: 2, changed: 2 });
    }, 20_000);
    const again = await starter.query(sync, { input: { organizationIds, idempotencyKey: 'once' } });
    expect(again.at('syncApiKey.keyString')).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(again.at('syncApiKey.operation.id')).toBe(bulkOperationId);
    const late = await approver.query(decide('reject'), { input: { bulkOperationId, note: 'no' } });
    expect(late.at('rejectBulkOperation')).toEqual({
      operation: null,
      userErrors: [{ code: 'APPROVAL_CLOSED', field: ['input', 'bulkOperationId'] }],
    });
  });

  test('is rejected, with a reason that whoever started it reads', async ({ world, signIn }) => {
    const ref = await startWaiting(world, [world.organization], { newKey: 'abcDEF123456' });
    const bulkOperationId = encodeGlobalId('BulkOperation', ref.rootProviderId, ref.bulkOperationId);
    const client = await signIn('providerAdmin');
    const before = await client.query(find, { id: bulkOperationId });
    expect(before.at('bulkOperation.approval.canDecide')).toBe(true);
    const bare = await client.query(decide('reject'), { input: { bulkOperationId, note: ' ' } });
    expect(bare.at('rejectBulkOperation.userErrors')).toEqual([{ code: 'NOTE_REQUIRED', field: ['input', 'note'] }]);
    const rejected = await client.query(decide('reject'), { input: { bulkOperationId, note: 'too many' } });
    expect(rejected.at('rejectBulkOperation.operation')).toMatchObject({
      ...{ status: 'CANCELLED', processed: 0, changed: 0, failure: expect.stringContaining('rejected') },
      approval: { status: 'REJECTED', note: 'too many', dryRunStatus: null },
    });
  });

  test('is approved by no program, and not without the permission', async ({ server, world, signIn }) => {
    const ref = await startWaiting(world, [world.organization], { newKey: 'abcDEF123456' });
    const input = { bulkOperationId: encodeGlobalId('BulkOperation', ref.rootProviderId, ref.bulkOperationId) };
    const { services, url } = server;
    const permissions = ['apiKey:view', 'apiKey:sync'];
    const account = await createTestServiceAccount(services, world.parentAdmin, world.tenants.root, permissions);
    const program = clientWith(url, { authorization: `Bearer ${await tokenOf(url, account)}` });
    expect(await awaitedBy(program)).toEqual([0, []]);
    for (const client of [program, await signIn('providerSupport')]) {
      const answer = await client.query(decide('approve'), { input });
      expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
    }
    const sibling = await (await signIn('siblingAdmin')).query(decide('approve'), { input });
    expect(sibling.at('approveBulkOperation.userErrors.0.code')).toBe('NOT_FOUND');
  });
});
