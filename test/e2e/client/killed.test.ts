import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { KeywardClient } from '../../../clients/node/src/keyward-client.ts';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { clientOptions, Wire } from '../../support/client-world.ts';
import { DataPlaneProcess } from '../../support/data-plane-process.ts';
import { keyInput } from '../../support/fixtures.ts';
import { createTestGateway } from '../../support/gateway-client.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { cloneTestDatabase } from '../../support/test-database.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

const KILLS = 3;
const CALLERS = 4;

test('when Keyward is killed and the key rotated meanwhile, calls wait, and go on once it is back', {
  timeout: 60_000,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using database = await cloneTestDatabase();
  await using keyward = await openInstallationOn(database, { keyEncryptionKey });
  const world = await createKeyWorld({ ...keyward, database });
  await using dataPlane = await DataPlaneProcess.start(database, keyEncryptionKey);
  const site = { ...keyward, database, url: dataPlane.url };
  const { credentials } = await createTestGateway(site, world);
  await using api = await startGuardedApi(dataPlane.url, credentials);
  const urls = { baseUrl: api.url, keywardUrl: dataPlane.url };
  const client = new KeywardClient({
    ...(await clientOptions(keyward.services, world, urls)),
    fetch: new Wire().fetch,
    pollMs: 50,
  });
  const statuses = new Set<number | string>();
  let finished = 0;
  let isOver = false;
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver) {
      const outcome = client.fetch('/orders').then(({ status }) => status);
      const status = await outcome.catch((error: Error) => error.message);
      statuses.add(status);
      finished += 1;
      if (status !== 200) isOver = true; // what fails at once would be all that is ever done
    }
  });
  const goesOn = async () => {
    const before = finished;
    await vi.waitFor(() => expect(finished).toBeGreaterThan(before + 2 * CALLERS), { timeout: 20_000 });
  };
  await goesOn();
  for (let kill = 0; kill < KILLS; kill++) {
    const unanswered = api.answered.get(503) ?? 0;
    await dataPlane.kill();
    await regenerateApiKey(world.as(world.providerAdmin), keyInput(world.organization));
    await vi.waitFor(() => expect(api.answered.get(503) ?? 0).toBeGreaterThan(unanswered));
    await dataPlane.start();
    await goesOn();
  }
  isOver = true;
  await Promise.all(callers);
  expect([...statuses]).toEqual([200]);
  await client.close();
});
