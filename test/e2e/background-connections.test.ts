import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { regenerateApiKey } from '../../src/api-key/api-key.service.ts';
import { createTestOrganization, keyInput } from '../support/fixtures.ts';
import { createKeyWorld, readSlot } from '../support/key-world.ts';
import { cloneTestDatabase } from '../support/test-database.ts';
import { openInstallationOn, startServerOn } from '../support/test-installation.ts';
import { startReceiver } from '../support/webhook-receiver.ts';
import { createEndpoint } from '../support/webhooks.ts';

const SOON_MS = 60_000;

test('sealing, webhooks and the start of subscriptions go on while requests have all their connections', async () => {
  await using receiver = await startReceiver();
  await using database = await cloneTestDatabase();
  const more = { keyEncryptionKey: randomBytes(32), allowedPrivateHosts: [receiver.host] };
  await using other = await openInstallationOn(database, more);
  const world = await createKeyWorld({ ...other, database });
  const { reseller, platformAdmin } = world.tenants;
  await createEndpoint(world.as(world.providerAdmin), reseller, receiver.url);
  const startsAt = new Date(Date.now() + SOON_MS);
  const organization = await createTestOrganization(other.services, platformAdmin, reseller, { startsAt });

  await using server = await startServerOn(database, { ...more, databasePoolSize: 2 });
  const { pool } = server.services.database;
  const held = [await pool.connect(), await pool.connect()];
  try {
    await regenerateApiKey(world.as(world.providerAdmin), keyInput(world.organization));
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 20_000);
    await database.query('update subscription set starts_at = $2 where organization_id = $1', [
      organization.organizationId,
      new Date(startsAt.getTime() - SOON_MS),
    ]);
    await vi.waitFor(
      async () => expect((await readSlot({ ...world, organization })).keyString).toMatch(/^[A-Za-z0-9]{12}$/),
      20_000,
    );
  } finally {
    for (const client of held) client.release();
  }
});
