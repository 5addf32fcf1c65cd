import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loginBody, lookAt, openSession, postLogin, sendRaw } from '../../support/api-sessions.ts';
import { freePort } from '../../support/free-port.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { startKeyward } from '../../support/keyward-process.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

test('a server that is killed loses no session that it has answered, and revives none', {
  timeout: 120_000,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey });
  const world = await createKeyWorld(keyward);
  const start = async () =>
    startKeyward({
      PORT: String(await freePort()),
      HOST: '127.0.0.1',
      DATABASE_URL: keyward.database.ownerUrl,
      KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey.toString('base64'),
      KEYWARD_TRUSTED_PROXIES: '127.0.0.1',
    });
  const first = await start();
  const ended = await openSession(first.url, world);
  expect((await sendRaw(first.url, { method: 'DELETE', headers: { JSessionID: ended } })).status).toBe(204);
  const used = await loginBody(world);
  const ids: string[] = [];
  for (let opened = 0; opened < 5; opened++) ids.push(await openSession(first.url, world));
  expect((await postLogin(first.url, used)).status).toBe(200);
  await first.stop('SIGKILL');

  const second = await start();
  const statuses: number[] = [];
  for (const id of [...ids, ended]) statuses.push((await lookAt(second.url, id)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 401]);
  expect((await postLogin(second.url, used)).status).toBe(400);
  expect(await second.stop('SIGTERM')).toBe(0);
  expect(`${first.output()}${second.output()}`).not.toContain('JSESSIONID');
});
