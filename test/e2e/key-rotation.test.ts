import { expect } from 'vitest';
import { organizationId, providerId, test } from '../support/graphql-world.ts';
import { rotateWithOverlap } from '../support/rotation-policies.ts';

const create = `mutation ($input: CreateRotationPolicyInput!) { createRotationPolicy(input: $input) {
  rotationPolicy { id name mode maximumAgeDays noticeDays isEnabled overlapMinutes window { days fromHour toHour timeZone }
    serviceProvider { id } organization { id } organizationGroup { id } isForGroup }
  userErrors { code field } } }`;

test('a policy is made, tells what it means for a key, and is taken away again', async ({ world, signIn }) => {
  const client = await signIn('providerAdmin');
  const serviceProviderId = providerId(world.tenants.reseller);
  const window = { days: ['SUNDAY', 'MONDAY'], fromHour: 22, toHour: 3, timeZone: 'Europe/Berlin' };
  const input = { serviceProviderId, name: 'Quarterly', maximumAgeDays: 90, mode: 'AUTOMATIC', window };
  const made = await client.query(create, { input });
  expect(made.at('createRotationPolicy')).toEqual({
    rotationPolicy: {
      id: expect.any(String),
      ...{ name: 'Quarterly', mode: 'AUTOMATIC', maximumAgeDays: 90, noticeDays: [14, 7, 1], isEnabled: true },
      window: { ...window, days: ['MONDAY', 'SUNDAY'] },
      ...{ overlapMinutes: 0, serviceProvider: { id: serviceProviderId }, isForGroup: false },
      ...{ organization: null, organizationGroup: null },
    },
    userErrors: [],
  });
  const rotation = '{ state mode dueAt plannedAt policy { name } }';
  const look = `query ($id: ID!) { organization(id: $id) { apiKey { rotation ${rotation} } }
    current: organizations(filter: { rotation: [CURRENT] }) { totalCount }
    due: organizations(filter: { rotation: [DUE, OVERDUE] }) { totalCount } }`;
  const id = organizationId(world.organization);
  const seen = await client.query(look, { id });
  expect(seen.at('organization.apiKey.rotation')).toMatchObject({
    ...{ state: 'CURRENT', mode: 'AUTOMATIC', policy: { name: 'Quarterly' } },
  });
  expect([seen.at('current.totalCount'), seen.at('due.totalCount')]).toEqual([1, 0]);
  const ofAdmin = await (await signIn('orgAdmin')).query(look, { id });
  expect(ofAdmin.at('organization.apiKey.rotation')).toMatchObject({ state: 'CURRENT', policy: null });
  const refused = await client.query(create, { input: { ...input, organizationId: id } });
  expect(refused.at('createRotationPolicy.userErrors')).toEqual([
    { code: 'VALIDATION_FAILED', field: ['input', 'serviceProviderId'] },
  ]);
  const remove = `mutation ($input: DeleteRotationPolicyInput!) { deleteRotationPolicy(input: $input) {
    deletedId userErrors { code } } }`;
  const rotationPolicyId = made.at('createRotationPolicy.rotationPolicy.id');
  const removed = await client.query(remove, { input: { rotationPolicyId } });
  expect(removed.at('deleteRotationPolicy')).toEqual({ deletedId: rotationPolicyId, userErrors: [] });
  expect((await client.query(look, { id })).at('organization.apiKey.rotation')).toBeNull();
});

test('a rotation is planned, shown and cancelled', async ({ world, signIn }) => {
  const client = await signIn('providerAdmin');
  const operation = '{ id status runAt runUntil changed terms { overlapMinutes rotationPolicy } }';
  const plan = `mutation ($input: PlanRotationInput!) { planRotation(input: $input) {
    operation ${operation} userErrors { code field } } }`;
  const runAt = new Date(Date.now() + 3_600_000).toISOString();
  const input = { organizationIds: [organizationId(world.organization)], runAt, sharedString: true };
  const planned = (await client.query(plan, { input })).at('planRotation');
  const expected = { status: 'PLANNED', runAt, runUntil: null, changed: 1 };
  expect(planned).toMatchObject({
    operation: { ...expected, terms: { overlapMinutes: null, rotationPolicy: null } },
    userErrors: [],
  });
  const list = await client.query(`{ bulkOperations(first: 1) { nodes ${operation} } }`);
  expect(list.at('bulkOperations.nodes')).toMatchObject([expected]);
  const [{ id }] = list.at('bulkOperations.nodes') as [{ id: string }];
  const cancel = `mutation ($id: ID!) { cancelRotation(id: $id) { operation { status } userErrors { code } } }`;
  expect((await client.query(cancel, { id })).at('cancelRotation')).toEqual({
    operation: { status: 'CANCELLED' },
    userErrors: [],
  });
});

test('an overlap is shown with the key, allowed by the provider, and cut short', async ({ world, signIn }) => {
  const client = await signIn('providerAdmin');
  const allow = `mutation ($input: SetOverlapAllowedInput!) { setOverlapAllowed(input: $input) {
    serviceProvider { overlapAllowedMinutes } userErrors { code field } } }`;
  const serviceProviderId = providerId(world.tenants.reseller);
  const allowing = (overlapAllowedMinutes: number) =>
    client.query(allow, { input: { serviceProviderId, overlapAllowedMinutes } });
  expect((await allowing(60)).at('setOverlapAllowed')).toEqual({
    serviceProvider: { overlapAllowedMinutes: 60 },
    userErrors: [],
  });
  expect((await allowing(1441)).at('setOverlapAllowed.userErrors')).toEqual([
    { code: 'VALIDATION_FAILED', field: ['input', 'overlapAllowedMinutes'] },
  ]);
  const now = new Date();
  await rotateWithOverlap(world, { minutes: 30, graceMinutes: 15 }, now);
  const id = organizationId(world.organization);
  const look = 'query ($id: ID!) { organization(id: $id) { apiKey { overlap { endsAt firstUsedAt } } } }';
  const endsAt = new Date(now.getTime() + 30 * 60_000).toISOString();
  expect((await client.query(look, { id })).at('organization.apiKey.overlap')).toEqual({ endsAt, firstUsedAt: null });
  const end = `mutation ($input: EndKeyOverlapInput!) { endKeyOverlap(input: $input) {
    apiKey { overlap { endsAt } } keyString userErrors { code } } }`;
  const input = { organizationId: id };
  expect((await client.query(end, { input })).at('endKeyOverlap')).toEqual({
    ...{ apiKey: { overlap: null }, keyString: null, userErrors: [] },
  });
  expect((await client.query(end, { input })).at('endKeyOverlap.userErrors')).toEqual([{ code: 'KEY_UNCHANGED' }]);
});
