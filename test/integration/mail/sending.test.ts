import { test as base, describe, expect } from 'vitest';
import { disableApiKey, enableApiKey, regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import type { MailRecipientRef } from '../../../src/ids.ts';
import { lookUpMailRecipient } from '../../../src/mail/list-mail-recipients.ts';
import { sendMails } from '../../../src/mail/mail.worker.ts';
import { type UpdateMailRecipient, updateMailRecipient } from '../../../src/mail/mail-recipient.service.ts';
import { createTestOrganization, keyInput } from '../../support/fixtures.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { startMailServer } from '../../support/mail-server.ts';
import { createRecipient, mailOptions, PAUSE_MS } from '../../support/mails.ts';
import { readAudit } from '../../support/rows.ts';
import { openTestInstallation } from '../../support/test-installation.ts';
import { seal } from '../../support/webhooks.ts';

const test = base
  .extend('mails', async ({}, { onCleanup }) => {
    const mails = await startMailServer();
    onCleanup(() => mails[Symbol.asyncDispose]());
    return mails;
  })
  .extend('keyward', async ({ mails }, { onCleanup }) => {
    const keyward = await openTestInstallation({ mail: mailOptions(mails.url) });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

const HOUR_MS = 3600_000;

/** The minute's job, at some time after the start of the test. */
async function sendAt({ keyward }: KeyWorld, ms: number): Promise<number> {
  await seal(keyward.services);
  return sendMails(keyward.services, new Date(Date.now() + ms));
}

const regenerate = (world: KeyWorld, organization = world.organization) =>
  regenerateApiKey(world.as(world.providerAdmin), keyInput(organization));

const recipientOf = (world: KeyWorld, ref: MailRecipientRef) => lookUpMailRecipient(world.as(world.providerAdmin), ref);

/** Something of the trail over and over, as a large operation leaves it. */
async function writeEvents({ keyward }: KeyWorld, { organizationId }: { organizationId: string }, count: number) {
  await keyward.database.query(
    `with event as (
       insert into audit_event (root_provider_id, id, at, action, actor_name, provider_path, organization_id, target, result)
       select root_provider_id, gen_random_uuid(), now(), 'api_key.regenerate', 'Ada', provider_path, id, id, 'OK'
       from organization, generate_series(1, $2) where id = $1
       returning root_provider_id, id)
     insert into audit_unsealed (root_provider_id, event_id) select root_provider_id, id from event`,
    [organizationId, count],
  );
  await seal(keyward.services);
}

describe('a mail', () => {
  test('tells in plain words and in HTML of what its recipient has chosen, and of nothing before', async ({
    world,
    mails,
  }) => {
    await regenerate(world);
    await seal(world.keyward.services);
    const ref = await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
    expect(await sendAt(world, 0)).toBe(0);
    const { keyString } = await regenerate(world);
    await createTestOrganization(world.keyward.services, world.tenants.platformAdmin, world.tenants.reseller);
    expect(await sendAt(world, 0)).toBe(1);
    const [first] = mails.received;
    if (first === undefined) throw new Error('unreachable');
    const { mail, raw, to } = first;
    expect(to).toEqual(['on-call@msp.example']);
    expect(mail.from?.text).toBe('"Keyward" <keyward@msp.example>');
    expect(mail.subject).toMatch(/^Keyward: API key regenerated, Organization/);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('API key regenerated');
      expect(body).toContain('http://keyward.test/organizations/');
      expect(body).toContain('has chosen this address for Provider');
      expect(body).toContain('To get no more of these mails, ask the administrators');
    }
    expect(keyString).not.toBeNull();
    expect(raw + mail.text + mail.html).not.toContain(keyString?.expose());
    expect(await recipientOf(world, ref)).toMatchObject({ dueAt: null, lastSentAt: expect.any(Date), error: null });
    expect(await sendAt(world, 0)).toBe(0);
  });

  test('of 10,000 events is one, and the next comes a quarter of an hour later', async ({ world, mails }) => {
    await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
    await writeEvents(world, world.organization, 10_000);
    expect(await sendAt(world, 0)).toBe(1);
    expect(mails.received[0]?.mail.subject).toMatch(/^Keyward: 10000 events at Provider/);
    expect(mails.received[0]?.mail.text).toContain('and 9950 more: http://keyward.test/audit');
    expect(mails.received[0]?.raw.length).toBeLessThan(60_000);
    await regenerate(world);
    expect(await sendAt(world, PAUSE_MS - 60_000)).toBe(0);
    await regenerate(world);
    expect(await sendAt(world, PAUSE_MS + 60_000)).toBe(1);
    expect(mails.received[1]?.mail.subject).toMatch(/^Keyward: 2 events at/);
  }, 30_000);

  test('of the hour and of the day gathers what happens until then', async ({ world, mails }) => {
    const admin = world.as(world.providerAdmin);
    const address = (digest: string) => `${digest.toLowerCase()}@msp.example`;
    for (const digest of ['HOURLY', 'DAILY'] as const) {
      await createRecipient(admin, world.tenants.reseller, { digest, address: address(digest) });
    }
    for (let event = 0; event < 3; event++) await regenerate(world);
    expect(await sendAt(world, 0)).toBe(0);
    await regenerate(world);
    expect(await sendAt(world, HOUR_MS)).toBeGreaterThanOrEqual(1);
    await sendAt(world, 25 * HOUR_MS);
    expect(mails.received.map(({ to }) => to[0]).sort()).toEqual(['daily@msp.example', 'hourly@msp.example']);
    for (const { mail } of mails.received) expect(mail.subject).toMatch(/^Keyward: 4 events at/);
  });

  test('tells of the chosen organizations, of the own subtree, and no sibling of it', async ({ world, mails }) => {
    const { reseller, otherReseller, root, platformAdmin } = world.tenants;
    const { services } = world.keyward;
    const [other, sibling] = [
      await createTestOrganization(services, platformAdmin, reseller),
      await createTestOrganization(services, platformAdmin, otherReseller),
    ];
    await createRecipient(world.as(world.providerAdmin), reseller, {
      address: 'one@msp.example',
      organizations: [world.organization],
    });
    await createRecipient(world.as(world.providerAdmin), reseller, { address: 'all@msp.example' });
    await createRecipient(world.as(world.parentAdmin), root, { address: 'root@msp.example' });
    for (const organization of [world.organization, other]) await regenerate(world, organization);
    await regenerateApiKey(world.as(world.siblingAdmin), keyInput(sibling));
    expect(await sendAt(world, 0)).toBe(3);
    const told = mails.received.map(({ to, mail }) => [to[0], mail.text?.match(/by Provider|by \S/g)?.length]).sort();
    expect(told).toEqual([
      ['all@msp.example', 2],
      ['one@msp.example', 1],
      ['root@msp.example', 3],
    ]);
  });

  test('has no line that a name put there', async ({ world, mails }) => {
    await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
    await regenerate(world);
    const evil = 'Evil\r\nBcc: victim@example.com\r\n\r\n<script>';
    await world.keyward.database.query('update service_provider set name = $1', [evil]);
    await world.keyward.database.query('update organization set name = $1', [evil]);
    expect(await sendAt(world, 0)).toBe(1);
    const [{ to, mail } = { to: [], mail: null }] = mails.received;
    expect(to).toEqual(['on-call@msp.example']);
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(mail?.text).not.toMatch(/^Bcc/m);
    expect(mail?.html).not.toContain('<script');
  });
});

describe('when mail cannot be sent', () => {
  test('it is tried again, and tells of the same and then of the rest', async ({ world, mails }) => {
    const ref = await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
    mails.refused.set('on-call@msp.example', 451);
    await regenerate(world);
    expect(await sendAt(world, 0)).toBe(0);
    expect(await recipientOf(world, ref)).toMatchObject({
      attempts: 1,
      failingSince: expect.any(Date),
      error: 'The mail server refused it (451).',
    });
    await disableApiKey(world.as(world.providerAdmin), {
      ...keyInput(world.organization),
      reason: 'OTHER',
      note: 'now',
    });
    expect(await sendAt(world, 30_000)).toBe(0);
    mails.refused.clear();
    expect(await sendAt(world, 2 * 60_000)).toBe(1);
    expect(await sendAt(world, 60 * 60_000)).toBe(1);
    expect(mails.received.map(({ mail }) => mail.subject?.split(',')[0])).toEqual([
      'Keyward: API key regenerated',
      'Keyward: API key disabled',
    ]);
    expect(await recipientOf(world, ref)).toMatchObject({ attempts: 0, failingSince: null, error: null });
  });

  test('an address that is refused for three days is disabled, and that is an event; enabled, it begins anew', async ({
    world,
    mails,
  }) => {
    const admin = world.as(world.providerAdmin);
    const ref = await createRecipient(admin, world.tenants.reseller);
    mails.refused.set('on-call@msp.example', 550);
    await regenerate(world);
    for (let hour = 0; hour <= 76; hour += 4) await sendAt(world, hour * HOUR_MS);
    expect(await recipientOf(world, ref)).toMatchObject({ disabledReason: 'FAILING' });
    const rows = (await readAudit(world.keyward.database)).filter(({ action }) => action === 'mail_recipient.disable');
    expect(rows).toMatchObject([{ actor_name: 'System', after: { isEnabled: false, disabledReason: 'FAILING' } }]);
    mails.refused.clear();
    await regenerate(world);
    expect(await sendAt(world, 80 * HOUR_MS)).toBe(0);
    const nothingNew = { address: undefined, events: undefined, organizations: undefined, digest: undefined };
    const enable: UpdateMailRecipient = { mailRecipient: ref, idempotencyKey: null, ...nothingNew, isEnabled: true };
    await updateMailRecipient(admin, enable);
    expect(await sendAt(world, 81 * HOUR_MS)).toBe(0);
    await regenerate(world);
    expect(await sendAt(world, 82 * HOUR_MS)).toBe(1);
    expect(mails.received[0]?.mail.subject).toMatch(/^Keyward: API key regenerated,/);
  });

  test('a server that is away disables nobody, and loses nothing', async ({ world, mails }) => {
    const ref = await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
    const port = Number(new URL(mails.url).port);
    await mails[Symbol.asyncDispose]();
    await regenerate(world);
    for (let hour = 0; hour <= 100; hour += 4) await sendAt(world, hour * HOUR_MS);
    expect(await recipientOf(world, ref)).toMatchObject({
      disabledAt: null,
      error: 'The mail server could not be reached.',
    });
    await using again = await startMailServer(port);
    expect(await sendAt(world, 102 * HOUR_MS)).toBe(1);
    expect(again.received).toHaveLength(1);
  });

  test('without a mail server nothing is sent, and nothing fails', async () => {
    await using keyward = await openTestInstallation();
    expect(await sendMails(keyward.services, new Date())).toBe(0);
  });
});

test('five processes at once send each mail once', async ({ world, mails }) => {
  const addresses = Array.from({ length: 10 }, (_, index) => `number-${index}@msp.example`);
  for (const address of addresses) {
    await createRecipient(world.as(world.providerAdmin), world.tenants.reseller, { address });
  }
  await regenerate(world);
  await enableApiKey(world.as(world.providerAdmin), { ...keyInput(world.organization), note: 'x' }).catch(() => null);
  await seal(world.keyward.services);
  const now = new Date();
  const counts = await Promise.all(Array.from({ length: 5 }, () => sendMails(world.keyward.services, now)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
  expect(mails.received.map(({ to }) => to[0]).sort()).toEqual(addresses);
});

test('a clock that was a year ahead for a while holds no mail up', async ({ world, mails }) => {
  await createRecipient(world.as(world.providerAdmin), world.tenants.reseller, { digest: 'DAILY' });
  await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
  await regenerate(world);
  await sendAt(world, 365 * 24 * HOUR_MS);
  await regenerate(world);
  await sendAt(world, 0);
  await sendAt(world, 25 * HOUR_MS);
  await sendAt(world, 50 * HOUR_MS);
  expect(mails.received.length).toBeGreaterThanOrEqual(3);
});
