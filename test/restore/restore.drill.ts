import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepForSearch } from '../support/canary/places.ts';
import type { Client } from '../support/graphql-client.ts';
import { type KeywardProcess, temporaryDirectory } from '../support/keyward-process.ts';
import { send } from '../support/raw-http.ts';
import { type BackedUpPostgres, createBackedUpPostgres } from './backed-up-postgres.ts';
import {
  command,
  contentOf,
  createGatewayAccount,
  type DrillKeyward,
  decisionsOf,
  findWorking,
  type GatewayAccount,
  keywardOver,
  noteQuietPoint,
  type PointInTime,
  succeed,
  untilArchived,
} from './drill-keyward.ts';
import { filesThatHold } from './files-that-hold.ts';

const DELETED_BY_MISTAKE = 20;
/** The demo fleet has 300, and is grown to so many. */
const ORGANIZATIONS = Number(process.env['KEYWARD_RESTORE_ORGANIZATIONS'] ?? 300);

/** What was so at the point in time, and what was done after it. */
interface Life {
  readonly point: PointInTime;
  readonly gateway: GatewayAccount;
  readonly edited: { readonly organization: string; readonly before: string; readonly at: string };
  readonly regenerated: { readonly organization: string; readonly before: string; readonly at: string };
  readonly disabled: { readonly organization: string; readonly at: string };
  readonly deleted: string;
  /** Their keys worked then. */
  readonly deletedByMistake: readonly string[];
  readonly disabledLater: { readonly organization: string; readonly at: string };
}

test('a lost database is restored to a point in time, and nothing opens a key string without the key encryption key', {
  timeout: 600_000 + ORGANIZATIONS * 20,
}, async () => {
  const database = await createBackedUpPostgres();
  onTestFinished(() => database[Symbol.asyncDispose]());
  await using directory = await temporaryDirectory();
  const keyward = await keywardOver(database, directory.path);
  const told: Record<string, string> = {};

  const life = await liveUntilTheMistake(database, keyward, told);
  await database.postgres.destroy();

  const restored = await database.pgbackrest(
    '--type=time',
    `--target=${life.point.time}`,
    '--target-action=promote',
    'restore',
  );
  const recovered = await database.postgres.start();
  expect(await contentOf(database)).toEqual(life.point.tables);
  const rows = Object.values(life.point.tables).reduce((sum, table) => sum + table.rows, 0);
  told['compared'] =
    `${Object.keys(life.point.tables).length} tables, ${rows} rows: as they were at ${life.point.time}`;

  await judgeTheTrail(keyward, life);
  await tryWithoutTheKey(keyward, life);
  const beforeKeyward = performance.now();
  const newCheckpoints = { KEYWARD_AUDIT_CHECKPOINT_FILE: join(directory.path, 'checkpoints-2.ndjson') };
  const server = await keyward.start(newCheckpoints);
  expect(await send(`${server.url}/readyz`)).toMatchObject({ status: 200 });
  const started = (performance.now() - beforeKeyward) / 1000;
  told['back'] =
    `after ${(restored.seconds + recovered + started).toFixed(1)} s: restored in ${restored.seconds.toFixed(1)} s, recovered in ${recovered.toFixed(1)} s, Keyward ready in ${started.toFixed(1)} s`;
  const strings = await useTheRestored(server, keyward, life);
  await server.stop('SIGTERM');
  await judgeTheTrailAfterwards(keyward, life, newCheckpoints);

  told['lost commands, read from the archive'] = await readWhatWasLost(database, keyward, life);
  await searchForStrings(database, strings, told);
  await spoilTheBackup(database);
  for (const [what, figure] of Object.entries(told)) console.info(`${what}: ${figure}`);
});

async function liveUntilTheMistake(
  database: BackedUpPostgres,
  keyward: DrillKeyward,
  told: Record<string, string>,
): Promise<Life> {
  expect(await keyward.run(['seed', '--organizations', String(ORGANIZATIONS)])).toMatchObject({ code: 0 });
  const server = await keyward.start();
  const admin = await keyward.signIn(server);
  const gateway = await createGatewayAccount(admin);
  const [one, two, three, four, five, ...others] = await findWorking(admin, 5 + DELETED_BY_MISTAKE);
  if (!one || !two || !three || !four || !five) throw new Error('the demo fleet has keys that work');
  const string = async (organization: string) => String(await succeed(admin, 'revealApiKey', organization));
  const [before, second] = [await string(one), await string(two)];

  // Commands go on while the backup is made.
  const backup = database.runCron('--type=full backup');
  await succeed(admin, 'editApiKey', one, { newKey: randomBytes(6).toString('hex') });
  const full = await backup;
  told['full backup'] = `${full.seconds.toFixed(1)} s of a database of ${await sizeOf(database)}`;
  const regenerated = String(await succeed(admin, 'regenerateApiKey', two));
  await succeed(admin, 'disableApiKey', three, { reason: 'NON_PAYMENT' });
  await succeed(admin, 'deleteApiKey', four);
  const life = {
    gateway,
    edited: { organization: one, before, at: await string(one) },
    regenerated: { organization: two, before: second, at: regenerated },
    disabled: { organization: three, at: await string(three) },
    deleted: four,
    deletedByMistake: others,
    disabledLater: { organization: five, at: await string(five) },
    point: await noteQuietPoint(database),
  };

  for (const organization of others) await succeed(admin, 'deleteApiKey', organization);
  await succeed(admin, 'disableApiKey', five, { reason: 'SECURITY_INCIDENT' });
  told['lost at most'] =
    `what was done in the last ${(await untilArchived(database)).toFixed(1)} s: until then a commit was in the archive`;
  await server.stop('SIGTERM'); // which seals the trail, and writes the last checkpoints
  await database.query('select pg_switch_wal()');
  await untilArchived(database);
  return life;
}

async function sizeOf(database: BackedUpPostgres): Promise<string> {
  const [size] = await database.query<{ text: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as text',
  );
  return size?.text ?? '';
}

/** Checkpoints of what was done later must not be taken for a forgery, and are not passed over in silence either. */
async function judgeTheTrail(keyward: DrillKeyward, { point }: Life): Promise<void> {
  const all = await keyward.run(['audit', 'verify']);
  expect([all.code, all.output]).toEqual([1, expect.stringContaining('the chain was cut off here: it went on')]);
  const until = await keyward.run(['audit', 'verify', '--until', point.time]);
  expect([until.code, until.output]).toEqual([0, expect.stringContaining(', 0 broken.')]);
  expect(until.output).toMatch(/[1-9]\d* checkpoints compared\.\n[1-9]\d* of a later time were left out\./);
}

async function tryWithoutTheKey(keyward: DrillKeyward, life: Life): Promise<void> {
  const wrong = await keyward.run(['serve'], { KEYWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') });
  expect(wrong).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^keyward: The key encryption key is not the one that this database was set up with/),
  });
  const none = { KEYWARD_KEY_ENCRYPTION_KEY: '', KEYWARD_AUDIT_CHECKPOINT_FILE: '' };
  const doctor = await keyward.run(['doctor'], none);
  expect([doctor.code, doctor.output]).toEqual([
    1,
    expect.stringContaining('It is not in the backups of the database'),
  ]);
  const server = await keyward.start(none);
  const ready = await send(`${server.url}/readyz`);
  expect([ready.status, ready.text]).toEqual([200, expect.stringContaining('"keyEncryptionKey":"missing"')]);
  const admin = await keyward.signIn(server);
  for (const organization of [life.edited.organization, ...life.deletedByMistake]) {
    expect(await command(admin, 'revealApiKey', organization)).toEqual({
      keyString: null,
      refusal: 'SECRETS_UNAVAILABLE',
    });
  }
  const decide = await decisionsOf(server, life.gateway);
  expect(await decide(life.edited.organization, life.edited.at)).toMatch(/^503 /);
  const list = await admin.query('{ organizations { totalCount nodes { name apiKey { status } } } }');
  expect(list.errors).toEqual([]);
  expect(await server.stop('SIGTERM')).toBe(0);
}

/** @returns every key string that there is */
async function useTheRestored(server: KeywardProcess, keyward: DrillKeyward, life: Life): Promise<string[]> {
  const admin = await keyward.signIn(server);
  const decide = await decisionsOf(server, life.gateway);
  const { edited, regenerated, disabled, deleted, disabledLater } = life;
  expect(await succeed(admin, 'revealApiKey', edited.organization)).toBe(edited.at);
  expect(await decide(edited.organization, edited.at)).toBe('VALID');
  expect(await decide(edited.organization, edited.before)).toBe('NOT_FOUND');
  expect(await decide(regenerated.organization, regenerated.at)).toBe('VALID');
  expect(await decide(regenerated.organization, regenerated.before)).toBe('NOT_FOUND');
  expect(await decide(disabled.organization, disabled.at)).toBe('DISABLED');
  expect((await command(admin, 'revealApiKey', deleted)).refusal).toBe('KEY_NOT_FOUND');
  // What was revoked after the point works again: docs/backup.md says how that is made good before anybody is let in.
  expect(await decide(disabledLater.organization, disabledLater.at)).toBe('VALID');
  const { code, output } = await keyward.run(['doctor']);
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/The key encryption key opens all ([7-9]|\d\d) stored keys/),
  ]);
  return stringsOf(admin, life);
}

async function stringsOf(admin: Client, { edited, regenerated, deletedByMistake }: Life): Promise<string[]> {
  const restored: string[] = [];
  for (const organization of deletedByMistake) {
    restored.push(String(await succeed(admin, 'revealApiKey', organization)));
  }
  return [edited.before, edited.at, regenerated.before, regenerated.at, ...restored];
}

/** The restored trail went on: it has a file of checkpoints of its own, and the old one is kept as it is. */
async function judgeTheTrailAfterwards(keyward: DrillKeyward, { point }: Life, own: Record<string, string>) {
  const current = await keyward.run(['audit', 'verify'], own);
  expect([current.code, current.output]).toEqual([0, expect.stringContaining(', 0 broken.')]);
  expect(current.output).not.toContain('no checkpoints');
  expect(await keyward.run(['audit', 'verify', '--until', point.time])).toMatchObject({ code: 0 });
  expect(await keyward.run(['audit', 'verify'])).toMatchObject({ code: 1 });
}

/** The same archive, restored to its end beside the other: it has what was done after the point in time. */
async function readWhatWasLost(database: BackedUpPostgres, keyward: DrillKeyward, life: Life): Promise<string> {
  const { postgres: beside, ownerUrl } = await database.restoreBeside();
  await beside.start();
  const env = { DATABASE_URL: ownerUrl, KEYWARD_AUDIT_CHECKPOINT_FILE: '' };
  const server = await keyward.start(env);
  const since = encodeURIComponent(new Date(life.point.time.replace(/\+00$/, 'Z')).toISOString());
  const trail = await keyward.exportTrail(server, `since=${since}&action=api_key.delete&action=api_key.disable`);
  await server.stop('SIGTERM');
  const old = { ...env, KEYWARD_AUDIT_CHECKPOINT_FILE: keyward.env['KEYWARD_AUDIT_CHECKPOINT_FILE'] ?? '' };
  const whole = await keyward.run(['audit', 'verify'], old);
  expect([whole.code, whole.output]).toEqual([0, expect.stringContaining(', 0 broken.')]);
  await beside.destroy();
  expect(trail).toHaveLength(DELETED_BY_MISTAKE + 1);
  return `${trail.length} of ${DELETED_BY_MISTAKE + 1}`;
}

/** cron mails what is printed: nothing while all of it can be read, and which backup cannot be. */
async function spoilTheBackup(database: BackedUpPostgres): Promise<void> {
  expect((await database.runCron('verify')).output).toBe('');
  const backups = join(database.repository, 'backup');
  const files = await readdir(backups, { recursive: true });
  const table = files.find((file) => /\/base\/\d+\/1247\.zst$/.test(file));
  if (table === undefined) throw new Error('no backup holds the catalog of types');
  const content = await readFile(join(backups, table));
  const middle = Math.floor(content.length / 2);
  content.fill(0, middle, middle + 16);
  await writeFile(join(backups, table), content);
  const { output } = await database.runCron('verify');
  expect(output).toMatch(/status: error\n +backup: .*status: invalid[^\n]*\n +checksum invalid: 1/);
}

async function searchForStrings(database: BackedUpPostgres, strings: readonly string[], told: Record<string, string>) {
  const { folder, dataDir, account } = database.postgres;
  await database.postgres.stop();
  expect(strings.length).toBeGreaterThanOrEqual(4 + DELETED_BY_MISTAKE);
  const searched = await filesThatHold([dataDir, join(folder, 'log'), database.repository], strings);
  expect(searched.holding).toEqual([]);
  // It finds what is there: the account's name is in the database's files.
  expect((await filesThatHold([dataDir], [account.name])).holding).not.toEqual([]);
  told['searched for key strings'] = `${searched.files} files, ${(searched.bytes / 1e6).toFixed(0)} MB: none`;
  keepForSearch('log of PostgreSQL', await readFile(join(folder, 'log', `postgres-${database.postgres.port}`), 'utf8'));
}
