import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { credentialsOf, openGateway } from '../support/gateways.ts';
import { startHaproxy } from '../support/haproxy.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { type KeywardProcess, startKeyward } from '../support/keyward-process.ts';

import { send } from '../support/raw-http.ts';
import { SteadyLoad } from '../support/steady-load.ts';
import { cloneTestDatabase } from '../support/test-database.ts';
import { openInstallationOn } from '../support/test-installation.ts';

const CONNECTIONS = 50;
/** At least so many over the whole of it. `npm run test:restart` asks for many more. */
const REQUESTS = Number(process.env['KEYWARD_RESTART_REQUESTS'] ?? 2000);
const PHASES = 4;

test('each process is stopped by SIGTERM and started again under load, and no request fails', {
  timeout: 120_000 + REQUESTS * 10,
}, async () => {
  const database = await cloneTestDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const key = randomBytes(32);
  const env = (port: number) => ({
    DATABASE_URL: database.ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: key.toString('base64'),
    KEYWARD_STOP_DELAY_SECONDS: '3',
    KEYWARD_TRUSTED_PROXIES: '127.0.0.1',
    PORT: String(port),
  });
  const ports = [await freePort(), await freePort()] as const;
  const servers: [KeywardProcess, KeywardProcess] = [
    await startKeyward(env(ports[0])),
    await startKeyward(env(ports[1])),
  ];
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  });
  await using haproxy = await startHaproxy(ports);
  const call = await callOf();

  await using load = new SteadyLoad(CONNECTIONS, { ...call, url: `${haproxy.url}/v1/keys/verify` }, isValid);
  let wanted = 0;
  const someMore = () => {
    wanted = load.answered + REQUESTS / PHASES;
    return expect.poll(() => load.answered >= wanted, { timeout: 60_000 + REQUESTS * 10 }).toBe(true);
  };
  await someMore();
  for (const which of [0, 1] as const) {
    const stopped = servers[which].stop('SIGTERM');
    // It says so, and goes on answering for a while.
    await expect.poll(async () => (await send(`${servers[which].url}/readyz`)).status).toBe(503);
    expect((await send(`${servers[which].url}/healthz`)).status).toBe(200);
    expect(await stopped).toBe(0);
    await someMore();
    servers[which] = await startKeyward(env(ports[which]));
    // Until then the other one is the only one.
    await expect.poll(() => haproxy.statusOf(which === 0 ? 'one' : 'two')).toBe('UP');
  }
  await someMore();
  const { answered, failures } = await load.stop();
  console.info(`${answered} requests over two restarts; failed:`, Object.fromEntries(failures));
  expect([...failures]).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(REQUESTS);
  const [counted] = await database.query<{ used: string }>('select sum(used) as used from usage_counter');
  expect(Number(counted?.used)).toBe(answered);

  async function callOf() {
    await using installation = await openInstallationOn(database, { keyEncryptionKey: key });
    const world = await createKeyWorld(installation);
    const { services } = installation;
    const { token } = await openGateway({ url: haproxy.url, services }, world.providerAdmin, world.tenants.reseller);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return { headers, body: JSON.stringify(await credentialsOf(world)) };
  }
});

function isValid(status: number, body: string): boolean {
  return status === 200 && body.includes('"code":"VALID"');
}
