import { expect, test } from 'vitest';
import { startKeyward } from '../support/keyward-process.ts';
import { send } from '../support/raw-http.ts';
import { SteadyLoad } from '../support/steady-load.ts';
import { isValid, openTwoBehindHaproxy } from '../support/two-behind-haproxy.ts';

const CONNECTIONS = 50;
/** At least so many over the whole of it. `npm run test:restart` asks for many more. */
const REQUESTS = Number(process.env['KEYWARD_RESTART_REQUESTS'] ?? 2000);
const PHASES = 4;

test('each process is stopped by SIGTERM and started again under load, and no request fails', {
  timeout: 120_000 + REQUESTS * 10,
}, async () => {
  const { database, env, servers, haproxy, decision } = await openTwoBehindHaproxy();
  await using load = new SteadyLoad(CONNECTIONS, decision, isValid);
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
    servers[which] = await startKeyward(env[which]);
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
});
