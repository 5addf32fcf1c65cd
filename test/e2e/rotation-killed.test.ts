import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { growFleet } from '../../src/seed/grow-fleet.ts';
import { seedDemo } from '../../src/seed/seed-demo.ts';
import { runKeyward, spawnKeyward, temporaryDirectory } from '../support/keyward-process.ts';
import { countByVersion, KEY, readDataKeys, readSlotsUnsealed, readStrings } from '../support/rotation-world.ts';
import { openTestInstallation, type TestInstallation } from '../support/test-installation.ts';

const ORGANIZATIONS = 2_000;
const NEW_KEY = randomBytes(32);

async function seed({ services, database }: TestInstallation): Promise<void> {
  await using directory = await temporaryDirectory();
  const now = new Date();
  const credentialsFile = join(directory.path, 'demo-credentials.json');
  await seedDemo(services, { now, url: 'http://localhost:4000', credentialsFile });
  await growFleet(services, { organizations: ORGANIZATIONS, now });
  await database.query('analyze');
}

/** Holds the last slot of all: no rotation comes to its end meanwhile, however fast it is. */
async function holdLastSlot(ownerUrl: string): Promise<AsyncDisposable> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query('begin');
  await owner.query(
    `select from api_key where ciphertext is not null
     order by root_provider_id desc, organization_id desc, kind desc limit 1 for update`,
  );
  return { [Symbol.asyncDispose]: () => owner.end() };
}

/** Lets a rotation seal at least so many secrets, and ends its process as a power cut would. */
async function killInMidRun(env: { DATABASE_URL: string }, secrets: number): Promise<string> {
  await using _ = await holdLastSlot(env.DATABASE_URL);
  const { child, output } = spawnKeyward(['secrets', 'rotate'], env);
  const ended = once(child, 'close');
  child.stdout?.on('data', () => {
    const sealed = [...output().matchAll(/, (\d+) secrets/g)].map(([, count]) => Number(count));
    if (Math.max(...sealed) >= secrets) child.kill('SIGKILL');
  });
  await ended;
  expect({ signal: child.signalCode, output: output() }).toMatchObject({ signal: 'SIGKILL' });
  return output();
}

test('a rotation that is killed, again and again, is taken up where it was, and then the old key can be thrown away', {
  timeout: 120_000,
}, async () => {
  // Knows the new key already, as every server must before anything is wrapped by it.
  await using keyward = await openTestInstallation({ keyEncryptionKey: KEY, previousKeyEncryptionKey: NEW_KEY });
  const { services, database } = keyward;
  await seed(keyward);
  const [strings, slots] = [await readStrings(database, services), await readSlotsUnsealed(database)];
  const newKey = { DATABASE_URL: database.ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: NEW_KEY.toString('base64') };
  const both = { ...newKey, KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY: KEY.toString('base64') };

  expect((await runKeyward(['secrets', 'rotate'], newKey)).code).toBe(1);
  for (const [time, secrets] of [500, 0, 0].entries()) {
    const output = await killInMidRun(both, secrets);
    expect(output.includes('Going on with the rotation')).toBe(time > 0);
    const versions = await countByVersion(database);
    expect(Object.keys(versions)).toEqual(['1', '2']);
    expect(await readStrings(database, services)).toEqual(strings);
  }
  const { code, output } = await runKeyward(['secrets', 'rotate'], both);
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('Going on with the rotation') });

  expect(await countByVersion(database)).toEqual({ 2: strings.length });
  const keys = await readDataKeys(database);
  expect(new Set(keys.map(({ root, purpose }) => root + purpose)).size).toBe(keys.length);
  const runs = await database.query('select finished_at is not null as ended, resealed from data_key_rotation');
  expect(runs).toEqual([{ ended: true, resealed: strings.length }]);
  const audit = await database.query(`select result from audit_event where action = 'secrets.rotate'`);
  expect(audit).toEqual([{ result: 'OK' }]);
  expect(await readStrings(database, services)).toEqual(strings);
  expect(await readSlotsUnsealed(database)).toEqual(slots);
  expect((await runKeyward(['migrate'], newKey)).code).toBe(0);
  const oldKey = { ...newKey, KEYWARD_KEY_ENCRYPTION_KEY: KEY.toString('base64') };
  expect((await runKeyward(['migrate'], oldKey)).code).toBe(1);
});
