import { describe, expect } from 'vitest';
import { rotateSecrets } from '../../../src/key-rotation/rotate-secrets.service.ts';
import {
  countEndpointsInSight,
  listWebhookEndpoints,
  lookUpWebhookEndpoint,
} from '../../../src/webhook/list-webhook-endpoints.ts';
import { replayWebhookEvents, testWebhookEndpoint } from '../../../src/webhook/replay-webhook.service.ts';
import {
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  type UpdateWebhookEndpoint,
  updateWebhookEndpoint,
} from '../../../src/webhook/webhook-endpoint.service.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { test } from '../../support/key-world.ts';
import { expectListedByProvider } from '../../support/listed-by-provider.ts';
import { auditOf } from '../../support/rows.ts';
import { createEndpoint } from '../../support/webhooks.ts';

const URL = 'https://hooks.example.com/services/s3cretPath?token=s3cretQuery';
const nothingNew = {
  name: undefined,
  url: undefined,
  events: undefined,
  organizations: undefined,
  isEnabled: undefined,
};
const once = { idempotencyKey: null };
const refusedWith = (code: string) => expect.objectContaining({ code });

describe('an endpoint', () => {
  test('is a provider administrator’s of its own subtree: seen by no other, kept by no other', async ({ world }) => {
    const { reseller } = world.tenants;
    const admin = world.as(world.providerAdmin);
    const { ref } = await createEndpoint(admin, reseller, URL);
    for (const actor of [world.siblingAdmin, world.foreignAdmin, world.orgAdmin]) {
      const ctx = world.as(actor);
      const named = { webhookEndpoint: ref, ...once };
      expect(await lookUpWebhookEndpoint(ctx, ref)).toBeNull();
      const commands = [
        () => deleteWebhookEndpoint(ctx, named),
        () => testWebhookEndpoint(ctx, named),
        () => rotateWebhookSecret(ctx, { ...named, overlapHours: null }),
        () => updateWebhookEndpoint(ctx, { ...named, ...nothingNew, name: 'Theirs' }),
        () => replayWebhookEvents(ctx, { ...named, event: null, since: new Date(0), until: null }),
      ];
      for (const command of commands) await expect(command()).rejects.toEqual(refusedWith('NOT_FOUND'));
    }
    for (const actor of [world.providerSupport, world.providerViewer, world.platformSupport]) {
      const rename: UpdateWebhookEndpoint = { webhookEndpoint: ref, ...once, ...nothingNew, name: 'Theirs' };
      await expect(updateWebhookEndpoint(world.as(actor), rename)).rejects.toEqual(refusedWith('FORBIDDEN'));
      await expect(createEndpoint(world.as(actor), reseller, URL)).rejects.toEqual(refusedWith('FORBIDDEN'));
    }
    await expect(createEndpoint(world.as(world.foreignAdmin), reseller, URL)).rejects.toEqual(refusedWith('NOT_FOUND'));
    await expect(createEndpoint(world.as(world.orgAdmin), reseller, URL)).rejects.toEqual(refusedWith('FORBIDDEN'));
    expect(await lookUpWebhookEndpoint(world.as(world.parentAdmin), ref)).toMatchObject({ url: URL });
  });

  test('is listed with its provider, with those above, and with no other', async ({ world }) => {
    const { reseller, otherReseller } = world.tenants;
    const { ref } = await createEndpoint(world.as(world.providerAdmin), reseller, URL);
    const { ref: theirs } = await createEndpoint(world.as(world.siblingAdmin), otherReseller, URL);
    const lists = { list: listWebhookEndpoints, count: countEndpointsInSight };
    await expectListedByProvider(world, lists, [ref.webhookEndpointId, theirs.webhookEndpointId]);
  });

  test('is told of nothing that who chooses it may not see', async ({ world }) => {
    const { reseller } = world.tenants;
    const keysOnly = { ...world.providerAdmin, permissions: new Set(['apiKey:view', 'webhook:manage'] as const) };
    const { ref } = await createEndpoint(world.as(world.providerAdmin), reseller, URL, {
      events: ['staff_member.created'],
    });
    const ctx = world.as(keysOnly);
    const more = { events: ['api_key.added', 'staff_member.created'] };
    await expect(createEndpoint(ctx, reseller, URL, more)).rejects.toEqual(refusedWith('FORBIDDEN'));
    const moved: UpdateWebhookEndpoint = {
      webhookEndpoint: ref,
      ...once,
      ...nothingNew,
      url: 'https://other.example/',
    };
    await expect(updateWebhookEndpoint(ctx, moved)).rejects.toEqual(refusedWith('FORBIDDEN'));
  });

  test('is told of organizations of its provider only', async ({ world, keyward }) => {
    const { reseller, otherReseller, platformAdmin } = world.tenants;
    const admin = world.as(world.providerAdmin);
    const foreign = await createTestOrganization(keyward.services, platformAdmin, otherReseller);
    for (const organizations of [[foreign], [world.organization, null], [world.organization, foreign]]) {
      await expect(createEndpoint(admin, reseller, URL, { organizations })).rejects.toEqual(refusedWith('NOT_FOUND'));
    }
    const none = createEndpoint(admin, reseller, URL, { organizations: [] });
    await expect(none).rejects.toEqual(refusedWith('VALIDATION_FAILED'));
  });

  test('has a secret that is sealed, shown once, and outlives a rotation of the data keys', async ({
    world,
    keyward,
  }) => {
    const { reseller } = world.tenants;
    const admin = world.as(world.providerAdmin);
    const given = { idempotencyKey: 'the same', name: 'Same' };
    const { ref, secret } = await createEndpoint(admin, reseller, URL, given);
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    await expect(createEndpoint(admin, reseller, URL, given)).rejects.toThrow('a new endpoint has a secret');
    const rows = () =>
      keyward.database.query<{ text: string; version: number }>(
        `select encode(ciphertext, 'escape') as text, data_key_version as version from webhook_endpoint where id = $1`,
        [ref.webhookEndpointId],
      );
    const [before] = await rows();
    expect(before?.text).not.toContain(secret.slice(6));
    expect((await rotateSecrets(keyward.services)).unreadable).toEqual([]);
    const [after] = await rows();
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
    const rotated = await rotateWebhookSecret(admin, { webhookEndpoint: ref, overlapHours: 1, ...once });
    expect(rotated.secret?.expose()).not.toBe(secret);
  });

  test('leaves neither its secret nor the path of its URL in the trail', async ({ world, keyward }) => {
    const admin = world.as(world.providerAdmin);
    const secrets: string[] = [];
    const trail = await auditOf(keyward.database, async () => {
      const { ref, secret } = await createEndpoint(admin, world.tenants.reseller, URL);
      const rotated = await rotateWebhookSecret(admin, { webhookEndpoint: ref, overlapHours: null, ...once });
      secrets.push(secret, rotated.secret?.expose() ?? '');
      await deleteWebhookEndpoint(admin, { webhookEndpoint: ref, ...once });
    });
    expect(trail.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'webhook_endpoint.create OK',
      'webhook_endpoint.rotate_secret OK',
      'webhook_endpoint.delete OK',
    ]);
    const text = JSON.stringify(trail);
    for (const secret of [...secrets, 's3cretPath', 's3cretQuery']) expect(text).not.toContain(secret);
    expect(text).toContain('https://hooks.example.com');
  });

  test('is one of at most fifty', async ({ world, keyward }) => {
    const admin = world.as(world.providerAdmin);
    const { ref } = await createEndpoint(admin, world.tenants.reseller, URL);
    await keyward.database.query(
      `insert into webhook_endpoint (root_provider_id, id, provider_id, provider_path, name, url, events, ciphertext,
         data_key_version, cursor, created_at, created_by_name)
       select root_provider_id, gen_random_uuid(), provider_id, provider_path, name, url, events, ciphertext,
         data_key_version, cursor, created_at, created_by_name
       from webhook_endpoint, generate_series(1, 49) where id = $1`,
      [ref.webhookEndpointId],
    );
    await expect(createEndpoint(admin, world.tenants.reseller, URL)).rejects.toEqual(refusedWith('LIMIT_REACHED'));
  });
});
