import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { runKeyward, startKeyward, temporaryDirectory } from '../support/keyward-process.ts';
import { cloneTestDatabase } from '../support/test-database.ts';

test('keyward doctor finds all well beside a server with the built-in database, and after it', {
  timeout: 60_000,
}, async () => {
  await using directory = await temporaryDirectory();
  const env = { KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()) };
  const server = await startKeyward(env);
  const beside = await runKeyward(['doctor'], env);
  expect(beside).toMatchObject({ code: 0, stderr: '' });
  expect(beside.stdout).toMatch(/^ok +keys +The key encryption key opens all \d+ stored keys\.$/m);
  expect(beside.stdout).toMatch(/\nAll is well\.\n$/);
  await server.stop('SIGTERM');
  const after = await runKeyward(['doctor', '--json'], env);
  expect(after.code).toBe(0);
  const { healthy, findings } = JSON.parse(after.stdout) as { healthy: boolean; findings: { status: string }[] };
  expect([healthy, new Set(findings.map(({ status }) => status))]).toEqual([true, new Set(['OK'])]);
});

test('a problem is exit code 1, with what to do beneath it', async () => {
  await using database = await cloneTestDatabase();
  const key = randomBytes(32).toString('base64');
  const env = { DATABASE_URL: database.ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: key };
  await database.query('alter table api_key no force row level security');
  const sick = await runKeyward(['doctor'], env);
  expect(sick).toMatchObject({ code: 1, stderr: '' });
  expect(sick.stdout).toMatch(/^PROBLEM +roles +.*api_key.*\n +→ For each run "ALTER TABLE/m);
  expect(sick.stdout).not.toContain(key);
  const misconfigured = await runKeyward(['doctor', '--json'], { ...env, PORT: 'four thousand' });
  expect(misconfigured.code).toBe(1);
  expect(JSON.parse(misconfigured.stdout)).toMatchObject({
    healthy: false,
    findings: [{ check: 'configuration', status: 'PROBLEM' }, ...Array(8).fill({ status: 'NOT_CHECKED' })],
  });
});
