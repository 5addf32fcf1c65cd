import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { keyInput } from '../../support/fixtures.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { environmentOf, type KillableProcess, startKillable } from '../../support/killable-process.ts';
import { type MailServer, startMailServer } from '../../support/mail-server.ts';
import { createRecipient, MAIL_FROM } from '../../support/mails.ts';
import { cloneTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { openInstallationOn } from '../../support/test-installation.ts';
import { seal } from '../../support/webhooks.ts';

const CHILD = new URL('mail-child.ts', import.meta.url);
const KILLS = 3;
const WAIT = { timeout: 20_000, interval: 25 };

function startChild(database: TestDatabase, mails: MailServer, key: Buffer): Promise<KillableProcess> {
  const env = { ...environmentOf(database, key), KEYWARD_SMTP_URL: mails.url, KEYWARD_MAIL_FROM: MAIL_FROM };
  return startKillable(CHILD, env);
}

test(`a mail comes, and is known to be the same, though ${KILLS} processes are killed while they send it`, {
  timeout: 90_000,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using mails = await startMailServer();
  await using database = await cloneTestDatabase();
  await using keyward = await openInstallationOn(database, { keyEncryptionKey });
  const world = await createKeyWorld({ ...keyward, database });
  await createRecipient(world.as(world.providerAdmin), world.tenants.reseller);
  const regenerate = async () => {
    await regenerateApiKey(world.as(world.providerAdmin), keyInput(world.organization));
    await seal(keyward.services);
  };
  await regenerate();
  const release = mails.hold(); // it has the mail, and does not say so
  for (let killed = 1; killed <= KILLS; killed++) {
    const child = await startChild(database, mails, keyEncryptionKey);
    await vi.waitFor(() => expect(mails.received).toHaveLength(killed), WAIT);
    await child.kill();
    await regenerate(); // the next mail's, not this one's
    // As if the lease had run out.
    const [claimed] = await database.query<{ claim: string }>('select claim from mail_recipient');
    expect(claimed?.claim).not.toBeNull();
    await database.query('update mail_recipient set claimed_until = now()');
  }
  release();
  const last = await startChild(database, mails, keyEncryptionKey);
  await vi.waitFor(async () => {
    const [row] = await database.query<{ claim: string | null; sent: Date | null }>(
      'select claim, last_sent_at as sent from mail_recipient',
    );
    expect(row).toEqual({ claim: null, sent: expect.any(Date) });
  }, WAIT);
  await last.kill();
  expect(mails.received).toHaveLength(KILLS + 1);
  expect(new Set(mails.received.map(({ mail }) => mail.messageId)).size).toBe(1);
  expect(new Set(mails.received.map(({ mail }) => mail.text)).size).toBe(1);
  expect(mails.received[0]?.mail.subject).toMatch(/^Keyward: API key regenerated,/);
});
