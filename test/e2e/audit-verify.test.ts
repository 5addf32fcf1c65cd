import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type Client, connect } from '../support/graphql-client.ts';
import { type KeywardProcess, runKeyward, startKeyward, temporaryDirectory } from '../support/keyward-process.ts';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';

interface Installed extends AsyncDisposable {
  readonly env: Record<string, string>;
  readonly database: TestDatabase;
  readonly checkpoints: string;
  start(): Promise<KeywardProcess>;
  signIn(server: KeywardProcess): Promise<Client>;
  verify(args?: readonly string[], env?: Record<string, string>): Promise<{ code: number | null; output: string }>;
}

/** An external database with an administrator, and a file for checkpoints. */
async function install(): Promise<Installed> {
  const cleanup = new AsyncDisposableStack();
  const database = cleanup.use(await cloneTestDatabase());
  const directory = cleanup.use(await temporaryDirectory());
  const checkpoints = join(directory.path, 'checkpoints.ndjson');
  const env = {
    DATABASE_URL: database.ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    KEYWARD_AUDIT_CHECKPOINT_FILE: checkpoints,
    PORT: String(await freePort()),
  };
  const { output } = await runKeyward(['create-admin', '--username', 'root@example.com'], env);
  const password = /Password:\s+(\S+)/.exec(output)?.[1] ?? '';
  return {
    env,
    database,
    checkpoints,
    start: () => startKeyward(env),
    signIn: ({ url }) => connect(url, { username: 'root@example.com', password }),
    verify: (args = [], more = {}) => runKeyward(['audit', 'verify', ...args], { ...env, ...more }),
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  };
}

const CREATE = 'mutation ($name: String!) { createServiceProvider(input: { name: $name }) { serviceProvider { id } } }';

/** Creates providers until the server is gone. @returns the ids of those that it said it had created */
async function createUntilGone(client: Client, prefix: string): Promise<string[]> {
  const created: string[] = [];
  for (let number = 0; ; number++) {
    const answer = await client.query(CREATE, { name: `${prefix} ${number}` }).catch(() => null);
    if (answer === null) return created;
    created.push(String(answer.at('createServiceProvider.serviceProvider.id')));
  }
}

describe('keyward audit verify', () => {
  test('finds every chain whole after servers were killed under load, and nothing that was answered is missing', {
    timeout: 120_000,
  }, async () => {
    await using keyward = await install();
    const created: string[] = [];
    for (const round of ['one', 'two']) {
      const server = await keyward.start();
      const client = await keyward.signIn(server);
      const load = Array.from({ length: 4 }, (_, index) => createUntilGone(client, `${round} ${index}`));
      // In the midst of it: some are sealed, others wait, others are not yet committed.
      const links = 'select count(*)::int as sealed from audit_link';
      const before = (await keyward.database.query<{ sealed: number }>(links))[0]?.sealed ?? 0;
      await expect
        .poll(async () => (await keyward.database.query<{ sealed: number }>(links))[0]?.sealed, {
          timeout: 20_000,
          interval: 20,
        })
        .toBeGreaterThan(before + 20);
      await server.stop('SIGKILL');
      created.push(...(await Promise.all(load)).flat());
      const beside = await keyward.verify();
      expect(beside).toMatchObject({ code: 0, output: expect.stringContaining(', 0 broken.') });
    }
    const last = await keyward.start();
    const waiting = () => keyward.database.query('select from audit_unsealed limit 1');
    await expect.poll(waiting, { timeout: 60_000, interval: 100 }).toEqual([]);
    await last.stop('SIGTERM');
    const { code, output } = await keyward.verify();
    expect([code, output]).toEqual([0, expect.stringContaining(', 0 broken.')]);
    expect(output).not.toContain('waiting');
    const [{ sealed } = { sealed: 0 }] = await keyward.database.query<{ sealed: number }>(
      `select count(*)::int as sealed from audit_event e join audit_link l using (root_provider_id)
       where l.event_id = e.id and e.action = 'service_provider.create' and e.result = 'OK'`,
    );
    expect(created.length).toBeGreaterThan(40);
    expect(sealed).toBeGreaterThanOrEqual(created.length);
  });

  test('names the row, and exits with 1, beside a server and without one', { timeout: 60_000 }, async () => {
    await using keyward = await install();
    const server = await keyward.start();
    const client = await keyward.signIn(server);
    for (const name of ['One', 'Two', 'Three']) await client.query(CREATE, { name });
    await expect
      .poll(() => keyward.database.query('select from audit_unsealed'), { timeout: 10_000, interval: 50 })
      .toHaveLength(0);
    expect(await keyward.verify()).toMatchObject({ code: 0, output: expect.stringMatching(/: ok, \d+ events/) });
    const [row] = await keyward.database.query<{ root: string; sequence: string; id: string }>(
      `update audit_event e set note = 'Nothing happened' from audit_link l
       where l.event_id = e.id and l.root_provider_id = e.root_provider_id and e.after like '%Two%'
       returning e.root_provider_id as root, l.sequence, e.id`,
    );
    const line = `${row?.root}: BROKEN at link ${row?.sequence}, event ${row?.id}: the event is not as it was sealed`;
    expect(await keyward.verify()).toMatchObject({ code: 1, output: expect.stringContaining(line) });
    await server.stop('SIGTERM');
    expect(await keyward.verify()).toMatchObject({ code: 1, output: expect.stringContaining('1 broken.') });
  });

  test('finds a trail that was set back to an older signed end, by the checkpoints of the server', {
    timeout: 120_000,
  }, async () => {
    await using keyward = await install();
    const { database, checkpoints } = keyward;
    const first = await keyward.start();
    await first.stop('SIGTERM');
    const older = await database.query<Record<string, string>>('select * from audit_chain');
    expect(older.length).toBeGreaterThan(0);
    const second = await keyward.start();
    await (await keyward.signIn(second)).query('{ viewer { role } }');
    await second.stop('SIGTERM');
    await database.query('delete from audit_event e using audit_link l where l.event_id = e.id and l.sequence > $1', [
      older[0]?.sequence,
    ]);
    await database.query('delete from audit_link where sequence > $1', [older[0]?.sequence]);
    await database.query('update audit_chain set sequence = $1, hash = $2, sealed_at = $3, signature = $4', [
      older[0]?.sequence,
      older[0]?.hash,
      older[0]?.sealed_at,
      older[0]?.signature,
    ]);
    const found = await keyward.verify();
    expect(found).toMatchObject({ code: 1, output: expect.stringContaining('the chain was cut off here') });
    // Somebody who knows of a restore to that time says so; whoever does not is told that it is cut.
    const until = new Date(older[0]?.sealed_at ?? 0).toISOString();
    const restored = await keyward.verify(['--until', until]);
    expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/\d+ of a later time were left out/) });
    expect(await keyward.verify(['--until', until.slice(0, -1)])).toMatchObject({
      code: 1,
      output: expect.stringContaining('Give a time with its offset'),
    });
    // With the file gone nothing tells, and that is said.
    const kept = await readFile(checkpoints, 'utf8');
    await rm(checkpoints);
    expect(await keyward.verify()).toMatchObject({
      code: 0,
      output: expect.stringContaining('no checkpoints to compare'),
    });
    const elsewhere = `${checkpoints}.kept`;
    await writeFile(elsewhere, kept);
    expect(await keyward.verify(['--checkpoints', elsewhere])).toMatchObject({ code: 1 });
    expect(await keyward.verify(['--checkpoints', `${elsewhere}.not`])).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^keyward: The file of checkpoints cannot be read/),
    });
  });

  test('says when it has no key to prove the signatures by', { timeout: 60_000 }, async () => {
    await using keyward = await install();
    const server = await keyward.start();
    await server.stop('SIGTERM');
    const without = await keyward.verify([], { KEYWARD_KEY_ENCRYPTION_KEY: '' });
    expect(without).toMatchObject({ code: 0, output: expect.stringContaining('There is no key encryption key') });
  });
});

test('a server that is stopped leaves nothing unsealed, and the end of each chain in the checkpoint file', {
  timeout: 60_000,
}, async () => {
  await using keyward = await install();
  const server = await keyward.start();
  await keyward.signIn(server);
  await server.stop('SIGTERM');
  expect(await keyward.database.query('select from audit_unsealed')).toHaveLength(0);
  const heads = await keyward.database.query<{ signature: string }>('select signature from audit_chain');
  const lines = (await readFile(keyward.checkpoints, 'utf8')).trimEnd().split('\n');
  expect(heads.length).toBeGreaterThan(0);
  for (const { signature } of heads) expect(lines.some((line) => line.includes(signature))).toBe(true);
});
