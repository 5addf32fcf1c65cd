import { describe, expect } from 'vitest';
import {
  countRecipientsInSight,
  listMailRecipients,
  lookUpMailRecipient,
  mailSender,
} from '../../../src/mail/list-mail-recipients.ts';
import {
  deleteMailRecipient,
  type UpdateMailRecipient,
  updateMailRecipient,
} from '../../../src/mail/mail-recipient.service.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { test } from '../../support/key-world.ts';
import { expectListedByProvider } from '../../support/listed-by-provider.ts';
import { createRecipient } from '../../support/mails.ts';
import { auditOf } from '../../support/rows.ts';

const nothingNew = {
  address: undefined,
  events: undefined,
  organizations: undefined,
  digest: undefined,
  isEnabled: undefined,
};
const once = { idempotencyKey: null };
const refusedWith = (code: string) => expect.objectContaining({ code });

describe('a mail recipient', () => {
  test('is a provider administrator’s of its own subtree: seen by no other, kept by no other', async ({ world }) => {
    const { reseller } = world.tenants;
    const ref = await createRecipient(world.as(world.providerAdmin), reseller);
    const change: UpdateMailRecipient = { mailRecipient: ref, ...once, ...nothingNew, digest: 'DAILY' };
    for (const actor of [world.siblingAdmin, world.foreignAdmin, world.orgAdmin]) {
      const ctx = world.as(actor);
      expect(await lookUpMailRecipient(ctx, ref)).toBeNull();
      await expect(deleteMailRecipient(ctx, { mailRecipient: ref, ...once })).rejects.toEqual(refusedWith('NOT_FOUND'));
      await expect(updateMailRecipient(ctx, change)).rejects.toEqual(refusedWith('NOT_FOUND'));
    }
    for (const actor of [world.providerSupport, world.providerViewer, world.platformSupport]) {
      const ctx = world.as(actor);
      await expect(updateMailRecipient(ctx, change)).rejects.toEqual(refusedWith('FORBIDDEN'));
      await expect(createRecipient(ctx, reseller)).rejects.toEqual(refusedWith('FORBIDDEN'));
      await expect(listMailRecipients(ctx, null, { first: 10, after: null })).rejects.toEqual(refusedWith('FORBIDDEN'));
      expect(() => mailSender(ctx)).toThrow(refusedWith('FORBIDDEN'));
    }
    await expect(createRecipient(world.as(world.foreignAdmin), reseller)).rejects.toEqual(refusedWith('NOT_FOUND'));
    const seen = await listMailRecipients(world.as(world.parentAdmin), null, { first: 10, after: null });
    expect(seen.items).toMatchObject([
      { id: ref.mailRecipientId, address: 'on-call@msp.example', digest: 'IMMEDIATE' },
    ]);
    expect(mailSender(world.as(world.parentAdmin))).toBeNull();
  });

  test('is listed with its provider, with those above, and with no other', async ({ world }) => {
    const { reseller, otherReseller } = world.tenants;
    const ref = await createRecipient(world.as(world.providerAdmin), reseller);
    const theirs = await createRecipient(world.as(world.siblingAdmin), otherReseller);
    const lists = { list: listMailRecipients, count: countRecipientsInSight };
    await expectListedByProvider(world, lists, [ref.mailRecipientId, theirs.mailRecipientId]);
  });

  test('is told of nothing that who chooses it may not see', async ({ world }) => {
    const { reseller } = world.tenants;
    const keysOnly = { ...world.providerAdmin, permissions: new Set(['apiKey:view', 'webhook:manage'] as const) };
    const events = ['staff_member.created'];
    const ref = await createRecipient(world.as(world.providerAdmin), reseller, { events });
    const ctx = world.as(keysOnly);
    await expect(createRecipient(ctx, reseller, { events })).rejects.toEqual(refusedWith('FORBIDDEN'));
    const moved: UpdateMailRecipient = { mailRecipient: ref, ...once, ...nothingNew, address: 'me@msp.example' };
    await expect(updateMailRecipient(ctx, moved)).rejects.toEqual(refusedWith('FORBIDDEN'));
  });

  test('has one address, types that there are, and organizations of its provider', async ({ world, keyward }) => {
    const { reseller, otherReseller, platformAdmin } = world.tenants;
    const admin = world.as(world.providerAdmin);
    const foreign = await createTestOrganization(keyward.services, platformAdmin, otherReseller);
    const bad = [
      [{ address: 'a@b.example, c@d.example' }, 'VALIDATION_FAILED'],
      [{ address: 'a@b.example\r\nBcc: c@d.example' }, 'VALIDATION_FAILED'],
      [{ events: [] }, 'VALIDATION_FAILED'],
      [{ events: ['no.such'] }, 'VALIDATION_FAILED'],
      [{ organizations: [] }, 'VALIDATION_FAILED'],
      [{ organizations: [world.organization, foreign] }, 'NOT_FOUND'],
      [{ organizations: [null] }, 'NOT_FOUND'],
    ] as const;
    for (const [more, code] of bad) {
      await expect(createRecipient(admin, reseller, more)).rejects.toEqual(refusedWith(code));
    }
  });

  test('is changed and removed with a line in the trail each, and once under an idempotency key', async ({
    world,
    keyward,
  }) => {
    const admin = world.as(world.providerAdmin);
    const trail = await auditOf(keyward.database, async () => {
      const given = { idempotencyKey: 'the same' };
      const ref = await createRecipient(admin, world.tenants.reseller, given);
      expect(await createRecipient(admin, world.tenants.reseller, given)).toEqual(ref);
      await updateMailRecipient(admin, { mailRecipient: ref, ...once, ...nothingNew, isEnabled: false });
      await deleteMailRecipient(admin, { mailRecipient: ref, ...once });
      expect(await lookUpMailRecipient(admin, ref)).toBeNull();
    });
    expect(trail.map(({ action, result, after }) => [action, result, after?.isEnabled])).toEqual([
      ['mail_recipient.create', 'OK', true],
      ['mail_recipient.update', 'OK', false],
      ['mail_recipient.delete', 'OK', undefined],
    ]);
  });

  test('is one of at most 50', async ({ world }) => {
    const admin = world.as(world.providerAdmin);
    for (let made = 0; made < 50; made++) await createRecipient(admin, world.tenants.reseller);
    await expect(createRecipient(admin, world.tenants.reseller)).rejects.toEqual(refusedWith('LIMIT_REACHED'));
  });
});
