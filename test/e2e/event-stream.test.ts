import { expect } from 'vitest';
import { regenerateApiKey } from '../../src/api-key/api-key.service.ts';
import { encodeApiKeyId } from '../../src/graphql/global-id.ts';
import { createTestOrganization, keyInput } from '../support/fixtures.ts';
import { organizationId } from '../support/graphql-world.ts';
import { test } from '../support/stream-world.ts';
import { codesIn, type Listener, listen } from '../support/streams.ts';

const EVENTS = `subscription ($types: [String!], $organizationId: ID, $last: Int) {
  events(types: $types, organizationId: $organizationId, last: $last) {
    events { id type at organizationId subjectId actor { displayName } } hasMissed } }`;

interface Told {
  readonly type: string;
  readonly organizationId: string | null;
  readonly subjectId: string | null;
}

async function toldNext(listener: Listener): Promise<readonly Told[]> {
  const event = await listener.next();
  const batch = event?.data?.data?.['events'] as { events: Told[]; hasMissed: boolean } | undefined;
  expect(batch?.hasMissed).toBe(false);
  return batch?.events ?? [];
}

test('each is told what happens in their sight, in order, and nobody anything else', async ({
  server,
  world,
  headersOf,
}) => {
  const { people, tenants, organization } = world;
  const other = await createTestOrganization(server.services, tenants.platformAdmin, tenants.reseller);
  const admin = world.as(world.providerAdmin);
  const types = ['api_key.regenerated'];
  const open = async (who: 'providerAdmin' | 'orgViewer' | 'foreignAdmin', more = {}) => {
    const listener = await listen(server.url, await headersOf(people[who]), EVENTS, { types, ...more });
    expect(await toldNext(listener)).toEqual([]);
    return listener;
  };
  const provider = await open('providerAdmin');
  const viewer = await open('orgViewer');
  const one = await open('providerAdmin', { organizationId: organizationId(other) });
  const foreign = await open('foreignAdmin');
  await regenerateApiKey(admin, keyInput(organization));
  await regenerateApiKey(admin, keyInput(other));
  await regenerateApiKey(admin, keyInput(organization));
  const ids: (string | null)[] = [];
  while (ids.length < 3) ids.push(...(await toldNext(provider)).map((event) => event.organizationId));
  expect(ids).toEqual([organization, other, organization].map(organizationId));
  const own: Told[] = [];
  while (own.length < 2) own.push(...(await toldNext(viewer)));
  expect(own).toMatchObject([{ subjectId: encodeApiKeyId({ ...organization, kind: 'CLOUD_SERVICE' }) }, {}]);
  expect(await toldNext(one)).toMatchObject([{ organizationId: organizationId(other) }]);
  const elsewhere = await createTestOrganization(server.services, tenants.platformAdmin, tenants.foreignRoot);
  await regenerateApiKey(world.as(world.foreignAdmin), keyInput(elsewhere));
  expect((await toldNext(foreign)).map((event) => event.organizationId)).not.toContain(organizationId(organization));
  for (const listener of [provider, viewer, one, foreign]) listener.hangUp();
});

test('the latest are told first, if asked for, and not once more', async ({ server, world, headersOf }) => {
  const admin = world.as(world.providerAdmin);
  await regenerateApiKey(admin, keyInput(world.organization));
  const headers = await headersOf(world.people.orgAdmin);
  const listener = await listen(server.url, headers, EVENTS, { types: ['api_key.regenerated'], last: 5 });
  expect(await toldNext(listener)).toHaveLength(1);
  await regenerateApiKey(admin, keyInput(world.organization));
  expect(await toldNext(listener)).toHaveLength(1);
  listener.hangUp();
});

test('what may not be seen elsewhere is not told here', async ({ server, world, headersOf }) => {
  const headers = await headersOf(world.people.providerViewer);
  const types = ['staff_member.created', 'webhook_endpoint.created', 'custom_role.created'];
  const listener = await listen(server.url, headers, EVENTS, { types, last: 100 });
  expect(await toldNext(listener)).toEqual([]);
  listener.hangUp();
});

test('of an organization out of sight there is nothing, and a type that is none is refused', async ({
  server,
  world,
  headersOf,
}) => {
  const headers = await headersOf(world.people.foreignAdmin);
  const hidden = { organizationId: organizationId(world.organization) };
  expect(await (await listen(server.url, headers, EVENTS, hidden)).rest()).toMatchObject([{ event: 'complete' }]);
  for (const variables of [{ types: ['no.such'] }, { last: 101 }, { last: -1 }]) {
    const listener = await listen(server.url, headers, EVENTS, variables);
    expect(codesIn(await listener.rest())).toEqual(['VALIDATION_FAILED']);
  }
});
