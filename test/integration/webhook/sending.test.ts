import { describe, expect, vi } from 'vitest';
import { disableApiKey, enableApiKey, regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import type { RequestContext } from '../../../src/context.ts';
import type { OrganizationRef, WebhookEndpointRef } from '../../../src/ids.ts';
import { listDeliveries, lookUpWebhookEndpoint } from '../../../src/webhook/list-webhook-endpoints.ts';
import { replayWebhookEvents, testWebhookEndpoint } from '../../../src/webhook/replay-webhook.service.ts';
import { rotateWebhookSecret, updateWebhookEndpoint } from '../../../src/webhook/webhook-endpoint.service.ts';
import { createTestOrganization, keyInput } from '../../support/fixtures.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { type Receiver, TAKEN, verified } from '../../support/webhook-receiver.ts';
import { test as webhookTest } from '../../support/webhook-world.ts';
import { createEndpoint, seal, startSending } from '../../support/webhooks.ts';

const test = webhookTest.extend('admin', ({ world }) => world.as(world.providerAdmin));

const HOUR_MS = 3600 * 1000;

/** Sends what is due, until the condition holds. */
async function sending(world: KeyWorld, receiver: Receiver, holds: () => unknown): Promise<void> {
  await seal(world.keyward.services);
  await using _ = startSending(world.keyward.services, receiver.host, 5000);
  await vi.waitFor(holds, { timeout: 15_000, interval: 25 });
}

const bodies = ({ received }: Receiver) => received.map(({ body }) => JSON.parse(body));
const everything = { first: 200, after: null };
const logOf = async (ctx: RequestContext, ref: WebhookEndpointRef) =>
  (await listDeliveries(ctx, ref, { status: null }, everything)).items;

/** As if so much time had passed since the last attempt. */
async function passTime({ keyward }: KeyWorld, { webhookEndpointId }: WebhookEndpointRef, ms: number): Promise<void> {
  const by = `interval '${ms} milliseconds'`;
  await keyward.database.query(
    `update webhook_lane set next_attempt_at = next_attempt_at - ${by} where endpoint_id = '${webhookEndpointId}'`,
  );
  await keyward.database.query(
    `update webhook_delivery set first_attempt_at = first_attempt_at - ${by} where endpoint_id = '${webhookEndpointId}'`,
  );
  await keyward.database.query(
    `update webhook_endpoint set failing_since = failing_since - ${by} where id = '${webhookEndpointId}'`,
  );
}

const regenerate = (ctx: RequestContext, organization: OrganizationRef) =>
  regenerateApiKey(ctx, keyInput(organization));

test('an endpoint is told what it has chosen, signed, and nothing of before', async ({ world, receiver, admin }) => {
  await regenerate(admin, world.organization);
  await seal(world.keyward.services);
  const { ref, secret } = await createEndpoint(admin, world.tenants.reseller, receiver.url, {
    events: ['api_key.disabled'],
  });
  const { keyString } = await regenerate(admin, world.organization);
  await disableApiKey(admin, { ...keyInput(world.organization), reason: 'OTHER', note: 'for now' });
  await enableApiKey(admin, { ...keyInput(world.organization), note: 'again' });
  await sending(world, receiver, () => expect(receiver.received).toHaveLength(1));
  const [request] = receiver.received;
  if (request === undefined) throw new Error('unreachable');
  expect(verified(secret, request)).toMatchObject({
    type: 'api_key.disabled',
    timestamp: admin.now.toISOString(),
    data: { actor: { displayName: world.providerAdmin.displayName }, note: 'OTHER: for now' },
  });
  expect(request.body).not.toContain(keyString?.expose());
  expect(() => verified('whsec_c29tZWJvZHkgZWxzZQ==', request)).toThrow('No matching signature');
  const settled = { status: 'DELIVERED', attempts: 1, responseStatus: 204, eventId: request.id };
  await sending(world, receiver, async () => expect(await logOf(admin, ref)).toMatchObject([settled]));
});

test('events of a subtree and of chosen organizations', async ({ world, receiver, admin }) => {
  const { tenants, keyward } = world;
  const other = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller);
  const sibling = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.otherReseller);
  const events = ['api_key.regenerated'];
  await createEndpoint(admin, tenants.reseller, `${receiver.url}/one`, { events, organizations: [world.organization] });
  await createEndpoint(world.as(world.parentAdmin), tenants.root, `${receiver.url}/root`, { events });
  await createEndpoint(world.as(world.foreignAdmin), tenants.foreignRoot, `${receiver.url}/foreign`, { events });
  const platform = world.as(world.platformAdmin);
  for (const organization of [world.organization, other, sibling]) await regenerate(platform, organization);
  await sending(world, receiver, () => expect(receiver.received).toHaveLength(4));
  const urls = receiver.received.map(({ url }) => url).sort();
  expect(urls).toEqual(['/hook/one', '/hook/root', '/hook/root', '/hook/root']);
});

test('a slow endpoint delays no other', async ({ world, receiver, admin }) => {
  const { tenants } = world;
  receiver.react((_, url) => (url === '/hook/slow' ? { kind: 'HANG' } : TAKEN));
  for (const name of ['slow', 'quick']) await createEndpoint(admin, tenants.reseller, `${receiver.url}/${name}`);
  for (let count = 0; count < 30; count++) await regenerate(admin, world.organization);
  const quick = () => receiver.received.filter(({ url }) => url === '/hook/quick');
  await sending(world, receiver, () => expect(quick()).toHaveLength(30));
  expect(receiver.received.filter(({ url }) => url === '/hook/slow').length).toBeLessThanOrEqual(3);
});

describe('what is not taken', () => {
  test('comes again, and what is behind it waits: of its organization alone', async ({ world, receiver, admin }) => {
    const { tenants, keyward } = world;
    const other = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller);
    const { ref } = await createEndpoint(admin, tenants.reseller, receiver.url);
    await regenerate(admin, world.organization);
    await regenerate(admin, world.organization);
    await regenerate(world.as(world.providerAdmin), other);
    await seal(keyward.services);
    const [first] = await keyward.database.query<{ id: string }>(
      `select event_id as id from audit_link l join audit_event e on e.id = l.event_id
       where e.organization_id = $1 and e.action = 'api_key.regenerate' order by l.sequence limit 1`,
      [world.organization.organizationId],
    );
    receiver.react((id) => (id === first?.id ? { kind: 'ANSWER', status: 503 } : TAKEN));
    await sending(world, receiver, async () =>
      expect(await logOf(admin, ref)).toMatchObject([
        { status: 'DELIVERED', organizationId: other.organizationId },
        { status: 'PENDING', attempts: 0 },
        { status: 'PENDING', attempts: 1, responseStatus: 503, error: 'it answered 503' },
      ]),
    );
    expect(receiver.received).toHaveLength(2);
    receiver.react(() => TAKEN);
    await passTime(world, ref, 7000);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(4));
    expect(bodies(receiver).every(({ type }) => type === 'api_key.regenerated')).toBe(true);
    expect((await lookUpWebhookEndpoint(admin, ref))?.failingSince).toBeNull();
  });

  test('is given up after three days, the endpoint with it, and others are told', async ({
    world,
    receiver,
    admin,
  }) => {
    const { reseller } = world.tenants;
    const broken = await createEndpoint(admin, reseller, `${receiver.url}/broken`);
    await createEndpoint(admin, reseller, `${receiver.url}/other`, { events: ['webhook_endpoint.disabled'] });
    receiver.react((_, url) => (url === '/hook/broken' ? { kind: 'BREAK' } : TAKEN));
    await regenerate(admin, world.organization);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(1));
    await passTime(world, broken.ref, 72 * HOUR_MS);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(2));
    expect(await lookUpWebhookEndpoint(admin, broken.ref)).toMatchObject({ disabledReason: 'FAILING' });
    expect(await logOf(admin, broken.ref)).toMatchObject([{ status: 'FAILED', attempts: 2, error: 'no answer' }]);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(3));
    expect(bodies(receiver).at(-1)).toMatchObject({
      type: 'webhook_endpoint.disabled',
      data: { actor: { displayName: 'System' }, after: { disabledReason: 'FAILING' } },
    });
  });

  test('410 disables at once; enabled again, it goes on with what waited', async ({ world, receiver, admin }) => {
    const { ref } = await createEndpoint(admin, world.tenants.reseller, receiver.url);
    receiver.react(() => ({ kind: 'ANSWER', status: 410 }));
    await regenerate(admin, world.organization);
    await sending(world, receiver, async () =>
      expect(await lookUpWebhookEndpoint(admin, ref)).toMatchObject({ disabledReason: 'GONE' }),
    );
    await regenerate(admin, world.organization); // told to nobody
    await seal(world.keyward.services);
    const unchanged = { name: undefined, url: undefined, events: undefined, organizations: undefined };
    const enabled = { webhookEndpoint: ref, ...unchanged, isEnabled: true, idempotencyKey: null };
    await updateWebhookEndpoint(admin, enabled);
    receiver.react(() => TAKEN);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(2));
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
  });

  test('a redirect is not followed', async ({ world, receiver, admin }) => {
    const { ref } = await createEndpoint(admin, world.tenants.reseller, receiver.url);
    receiver.react(() => ({ kind: 'ANSWER', status: 307, headers: { location: `${receiver.url}/elsewhere` } }));
    await regenerate(admin, world.organization);
    await sending(world, receiver, async () => expect(await logOf(admin, ref)).toMatchObject([{ attempts: 1 }]));
    expect(receiver.received.map(({ url }) => url)).toEqual(['/hook']);
  });
});

test('a rotated secret signs beside the one before it, for as long as was said', async ({ world, receiver, admin }) => {
  const { ref, secret: old } = await createEndpoint(admin, world.tenants.reseller, receiver.url);
  const rotate = async (overlapHours: number) => {
    const { secret } = await rotateWebhookSecret(admin, { webhookEndpoint: ref, overlapHours, idempotencyKey: null });
    return secret?.expose() ?? '';
  };
  const next = await rotate(1);
  const told = async () => {
    const earlier = receiver.received.length;
    await regenerate(admin, world.organization);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(earlier + 1));
    const request = receiver.received.at(-1);
    if (request === undefined) throw new Error('unreachable');
    return request;
  };
  const both = await told();
  for (const secret of [old, next]) expect(verified(secret, both)).toBeDefined();
  const last = await rotate(0);
  const alone = await told();
  expect(verified(last, alone)).toBeDefined();
  for (const secret of [old, next]) expect(() => verified(secret, alone)).toThrow('No matching signature');
});

test('a test goes to the one endpoint, whatever it has chosen', async ({ world, receiver, admin }) => {
  const { reseller } = world.tenants;
  const { ref } = await createEndpoint(admin, reseller, `${receiver.url}/one`, { organizations: [world.organization] });
  await createEndpoint(admin, reseller, `${receiver.url}/other`, { events: ['webhook_endpoint.tested'] });
  await testWebhookEndpoint(admin, { webhookEndpoint: ref, idempotencyKey: null });
  await sending(world, receiver, () => expect(receiver.received).toHaveLength(1));
  expect(receiver.received[0]?.url).toBe('/hook/one');
  expect(bodies(receiver)[0]).toMatchObject({ type: 'webhook_endpoint.tested', data: { organization: null } });
});

describe('a replay', () => {
  const replay = { event: null, since: null, until: null, idempotencyKey: null };

  test('of one event sends that one once more', async ({ world, receiver, admin }) => {
    const { ref } = await createEndpoint(admin, world.tenants.reseller, receiver.url);
    for (let count = 0; count < 3; count++) await regenerate(admin, world.organization);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(3));
    const [, second] = await logOf(admin, ref);
    if (second === undefined) throw new Error('unreachable');
    const event = { rootProviderId: ref.rootProviderId, id: second.eventId };
    const replayed = await replayWebhookEvents(admin, { ...replay, webhookEndpoint: ref, event });
    expect(replayed.count).toBe(1);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(4));
    expect(receiver.received[3]).toMatchObject({ id: second.eventId, body: receiver.received[1]?.body });
  });

  test('of a time span sends what happened then, sent before or not, in order', async ({ world, receiver, admin }) => {
    const since = new Date(admin.now.getTime() - HOUR_MS);
    await regenerate(admin, world.organization);
    await world.keyward.database.query(
      `update audit_event set at = at - interval '2 hours' where action = 'api_key.regenerate' and organization_id = $1`,
      [world.organization.organizationId],
    );
    await regenerate(admin, world.organization);
    await seal(world.keyward.services);
    const { ref } = await createEndpoint(admin, world.tenants.reseller, receiver.url);
    await regenerate(admin, world.organization);
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(1));
    const replayed = await replayWebhookEvents(admin, { ...replay, webhookEndpoint: ref, since });
    expect(replayed).toMatchObject({ count: 2 });
    await sending(world, receiver, () => expect(receiver.received).toHaveLength(3));
    const ids = receiver.received.slice(1).map(({ id }) => id);
    expect(ids).toEqual((await logOf(admin, ref)).map(({ eventId }) => eventId).reverse());
    const earlier = { ...replay, webhookEndpoint: ref, since: new Date(0), until: since };
    expect(await replayWebhookEvents(admin, earlier)).toMatchObject({ count: 1 });
  });
});

test('two processes at once send each event once, in order', async ({ world, receiver, admin }) => {
  const { keyward, tenants } = world;
  const { ref } = await createEndpoint(admin, tenants.reseller, receiver.url);
  for (let count = 0; count < 40; count++) await regenerate(admin, world.organization);
  await seal(keyward.services);
  await using _ = startSending(keyward.services, receiver.host);
  await sending(world, receiver, () => expect(receiver.received).toHaveLength(40));
  const inOrder = (await logOf(admin, ref)).map(({ eventId }) => eventId).reverse();
  expect(receiver.received.map(({ id }) => id)).toEqual(inOrder);
});
