import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { keyInput } from '../../support/fixtures.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { type MailServer, startMailServer } from '../../support/mail-server.ts';
import { createRecipient, MAIL_FROM } from '../../support/mails.ts';
import { cloneTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { openInstallationOn } from '../../support/test-installation.ts';
import { seal } from '../../support/webhooks.ts';

const CHILD = new URL('mail-child.ts', import.meta.url).pathname;
const KILLS = 3;
const WAIT = { timeout: 20_000, interval: 25 };

async function startChild(database: TestDatabase, mails: MailServer, key: Buffer): Promise<ChildProcess> {
  const env = {
    DATABASE_URL: database.ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: key.toString('base64'),
    KEYWARD_SMTP_URL: mails.url,
    KEYWARD_MAIL_FROM: MAIL_FROM,
  };
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no output');
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'close').then(() => Promise.reject(new Error('it ended'))),
  ]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
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
    await kill(child);
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
  await kill(last);
  expect(mails.received).toHaveLength(KILLS + 1);
  expect(new Set(mails.received.map(({ mail }) => mail.messageId)).size).toBe(1);
  expect(new Set(mails.received.map(({ mail }) => mail.text)).size).toBe(1);
  expect(mails.received[0]?.mail.subject).toMatch(/^Keyward: API key regenerated,/);
});
