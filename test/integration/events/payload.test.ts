import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { disableApiKey, enableApiKey, regenerateApiKey, revealApiKey } from '../../../src/api-key/api-key.service.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import type { Event } from '../../../src/events/event.ts';
import { payloadOf } from '../../../src/events/event-payload.type.ts';
import { schemaOf } from '../../../src/events/event-schema.ts';
import { findRecentEvents } from '../../../src/events/event-tail.repository.ts';
import { actionsOf, eventTypeOf, eventTypes } from '../../../src/events/event-type.ts';
import { tellSubscriptionEnds } from '../../../src/notice/tell-subscription-ends.service.ts';
import { tellThresholds } from '../../../src/notice/tell-thresholds.service.ts';
import { createOrganizationGroup } from '../../../src/organization-group/organization-group.service.ts';
import { createServiceAccount } from '../../../src/service-account/service-account.service.ts';
import { setApprovalAbove } from '../../../src/service-provider/set-approval-above.service.ts';
import { createCustomRole } from '../../../src/staff/custom-role.service.ts';
import { cancelSubscription, renewSubscription } from '../../../src/subscription/subscription.service.ts';
import { rotateWebhookSecret } from '../../../src/webhook/webhook-endpoint.service.ts';
import { keyInput, uniqueName, YEAR_MS } from '../../support/fixtures.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { createRecipient } from '../../support/mails.ts';
import { sync, syncInput } from '../../support/sync.ts';
import { insertUsage } from '../../support/tenant-rows/data-plane.ts';
import { openTestInstallation } from '../../support/test-installation.ts';
import { createEndpoint } from '../../support/webhooks.ts';

/** A little of everything. @returns what must be in no event */
async function live(world: KeyWorld): Promise<string[]> {
  const { organization, tenants } = world;
  const admin = world.as(world.providerAdmin);
  const { reseller: serviceProvider } = tenants;
  const once = { idempotencyKey: null };
  const { keyString } = await regenerateApiKey(admin, keyInput(organization));
  const revealed = await revealApiKey(admin, keyInput(organization));
  await disableApiKey(admin, { ...keyInput(organization), reason: 'OTHER', note: 'for now' });
  await enableApiKey(admin, { ...keyInput(organization), note: 'again' });
  const newKey = 'synced000001';
  await sync(admin, syncInput([organization], { newKey }));
  await createOrganizationGroup(admin, {
    ...once,
    serviceProvider,
    name: 'All',
    members: [organization],
    filter: null,
  });
  await createCustomRole(admin, { ...once, serviceProvider, name: uniqueName('Role'), permissions: ['apiKey:view'] });
  await setApprovalAbove(admin, { ...once, serviceProvider, approvalAbove: 5 });
  const account = { ...once, serviceProvider, organization: null, name: 'Robot', permissions: ['apiKey:view'] };
  const { clientSecret } = await createServiceAccount(admin, account);
  const { ref, secret } = await createEndpoint(admin, serviceProvider, 'https://hooks.example.com/p4th-that-is-secret');
  const rotated = await rotateWebhookSecret(admin, { ...once, webhookEndpoint: ref, overlapHours: 1 });
  const endsAt = new Date(admin.now.getTime() + 2 * YEAR_MS);
  await renewSubscription(admin, { ...once, organization, endsAt, expectedVersion: null });
  await createRecipient(admin, serviceProvider);
  await notice(world, endsAt);
  await cancelSubscription(admin, { ...once, organization, expectedVersion: null });
  const told = [keyString, revealed.keyString, clientSecret, rotated.secret].map((text) => text?.expose() ?? '');
  return [...told, newKey, secret, 'p4th-that-is-secret'];
}

/** What the clock tells of. */
async function notice({ keyward: { services, database }, organization }: KeyWorld, endsAt: Date): Promise<void> {
  await tellSubscriptionEnds(services, new Date(endsAt.getTime() - 1000));
  await tellSubscriptionEnds(services, endsAt);
  await insertUsage(database, organization);
  await database.query(
    `insert into usage_notice (root_provider_id, organization_id, kind, provider_path, window_start, percent, used, threshold, at)
     select root_provider_id, organization_id, kind, provider_path, window_start, 100, 10, 10, at from usage_notice`,
  );
  await database.query('update usage_notice set told_at = null');
  expect(await tellThresholds(services, endsAt)).toBe(2);
}

test('whatever happens is told as its JSON schema says, whole, and without a secret', async () => {
  await using keyward = await openTestInstallation();
  const world = await createKeyWorld(keyward);
  const secrets = await live(world);
  const actions = actionsOf(eventTypes).map(({ action }) => action);
  const events = await keyward.services.database.read(PLATFORM_SCOPE, (tx) =>
    findRecentEvents(tx, PLATFORM_SCOPE, actions, null, 1000),
  );
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const seen = new Set<string>();
  for (const event of events) {
    const type = eventTypeOf(event.action);
    if (type === null) throw new Error('unreachable');
    seen.add(type);
    const url = `https://keyward.test/events/schemas/${type}`;
    const validate = ajv.getSchema(url) ?? ajv.compile(schemaOf(type, url));
    const text = payloadOf(event, type);
    const body = JSON.parse(text);
    expect([type, validate(body), validate.errors]).toEqual([type, true, null]);
    expect([type, statesIn(body.data)]).toEqual([type, statesIn(kept(event))]);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
  expect(seen.size).toBeGreaterThan(16);
  const notices = [
    'subscription.ending',
    'subscription.ended',
    'api_key.threshold_warning',
    'api_key.threshold_reached',
  ];
  for (const type of notices) expect(seen).toContain(type);
  expect(secrets.every((secret) => secret.length >= 12)).toBe(true);
});

function kept({ before, after }: Event) {
  return { before: JSON.parse(before ?? 'null'), after: JSON.parse(after ?? 'null') };
}

function statesIn({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  return { before, after };
}

test('every type has a schema that is one', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  for (const type of eventTypes) expect(ajv.compile(schemaOf(type, `https://keyward.test/${type}`))).toBeDefined();
});
