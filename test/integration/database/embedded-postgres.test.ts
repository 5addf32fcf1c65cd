import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { test as base, describe, expect } from 'vitest';
import { findRunningPostgres, startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';
import { SetupError } from '../../../src/setup-error.ts';

const childScript = fileURLToPath(new URL('./embedded-postgres-child.ts', import.meta.url));

/** Removed after the test. Its parent is closed to other users, as a clone below /root is. */
const test = base.extend('dataDir', async ({}, { onCleanup }) => {
  const parent = await mkdtemp(join(tmpdir(), 'keyward-test-'));
  onCleanup(() => rm(parent, { recursive: true, force: true }));
  return join(parent, 'data');
});

async function query<Row extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function startChild(dataDir: string): Promise<{ child: ChildProcess; connectionString: string }> {
  const child = spawn(process.execPath, [childScript, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const connectionString of createInterface({ input: child.stdout })) return { child, connectionString };
  throw new Error('The child ended before its database was ready');
}

async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Resolves when the server has ended the session. */
async function holdSession(connectionString: string): Promise<{ ended: Promise<void> }> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // the server says that it shuts down
  const ended = new Promise<void>((done) => client.once('end', () => done()));
  await client.connect();
  return { ended };
}

describe('embedded Postgres', () => {
  test('keeps its data over a restart, on another port', async ({ dataDir }) => {
    const first = await startEmbeddedPostgres(dataDir);
    await query(first.connectionString, "CREATE TABLE note AS SELECT 'kept' AS text");
    await first.stop();
    const second = await startEmbeddedPostgres(dataDir);
    try {
      expect(await query(second.connectionString, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    } finally {
      await second.stop();
    }
  });

  test('is durable, speaks UTF-8, and listens on the loopback address only', async ({ dataDir }) => {
    const postgres = await startEmbeddedPostgres(dataDir, { settings: { work_mem: '5MB' } });
    try {
      const names =
        "'fsync','synchronous_commit','listen_addresses','unix_socket_directories','server_encoding','work_mem'";
      const sql = `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name IN (${names}) ORDER BY name`;
      expect(await query(postgres.connectionString, sql)).toEqual([
        { name: 'fsync', value: 'on' },
        { name: 'listen_addresses', value: '127.0.0.1' },
        { name: 'server_encoding', value: 'UTF8' },
        { name: 'synchronous_commit', value: 'on' },
        { name: 'unix_socket_directories', value: '' },
        { name: 'work_mem', value: '5MB' },
      ]);
    } finally {
      await postgres.stop();
    }
  });

  test('keeps its password to its owner, and out of the log', async ({ dataDir }) => {
    const postgres = await startEmbeddedPostgres(dataDir);
    await postgres.stop();
    const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim();
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    expect(postgres.connectionString).toContain(password);
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(password);
  });

  test.for([
    ['closed to others', 0o700],
    ['open', 0o755],
  ] as const)('starts twice in a folder that is %s', async ([, mode], { dataDir }) => {
    await mkdir(dataDir);
    await chmod(join(dataDir, '..'), mode);
    await chmod(dataDir, mode);
    for (const expected of [1, 2]) {
      const postgres = await startEmbeddedPostgres(dataDir);
      expect(await query(postgres.connectionString, `SELECT ${expected} AS n`)).toEqual([{ n: expected }]);
      await postgres.stop();
    }
  });

  test('shuts down cleanly when its process is killed, and starts again', async ({ dataDir }) => {
    const { child, connectionString } = await startChild(dataDir);
    await query(connectionString, 'CREATE TABLE note (text text)');
    const session = await holdSession(connectionString);
    await killHard(child);
    await session.ended;
    const next = await startEmbeddedPostgres(dataDir); // waits for the shutdown to be complete
    try {
      expect(await query(next.connectionString, 'SELECT * FROM note')).toEqual([]);
    } finally {
      await next.stop();
    }
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('received fast shutdown request');
    expect(log).not.toContain('was not properly shut down');
  });

  test('refuses a directory that a live Keyward uses, and names that process', async ({ dataDir }) => {
    const { child } = await startChild(dataDir);
    try {
      const refusal = startEmbeddedPostgres(dataDir);
      await expect(refusal).rejects.toThrow(SetupError);
      await expect(refusal).rejects.toThrow(`process ${child.pid}`);
    } finally {
      await killHard(child);
    }
    const next = await startEmbeddedPostgres(dataDir);
    await next.stop();
  });

  test('is found by who comes beside its Keyward, who is told when it only starts', async ({ dataDir }) => {
    expect(await findRunningPostgres(dataDir)).toBeNull();
    const postgres = await startEmbeddedPostgres(dataDir);
    expect(await findRunningPostgres(dataDir)).toBe(postgres.connectionString);
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    await rename(pidFile, `${pidFile}.aside`); // as before PostgreSQL has written it
    await expect(findRunningPostgres(dataDir)).rejects.toThrow(/just starting or stopping its database: wait/);
    await rename(`${pidFile}.aside`, pidFile);
    await postgres.stop();
  });

  test('gives the directory to one of two that start at once', async ({ dataDir }) => {
    const results = await Promise.allSettled([startEmbeddedPostgres(dataDir), startEmbeddedPostgres(dataDir)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const result of results) if (result.status === 'fulfilled') await result.value.stop();
  });

  test('survives a creation that was cut short', async ({ dataDir }) => {
    await mkdir(join(dataDir, 'postgres.new-cut', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.new-cut', 'PG_VERSION'), '18\n');
    const postgres = await startEmbeddedPostgres(dataDir);
    await postgres.stop();
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log']);
  });

  test('is not misled by files whose process ids now mean other processes', async ({ dataDir }) => {
    const first = await startEmbeddedPostgres(dataDir);
    await first.stop();
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n`);
    await writeFile(join(dataDir, 'keyward.pid'), `${process.pid}\nstarted at another time\n`);
    const second = await startEmbeddedPostgres(dataDir);
    await second.stop();
  });

  test('says what to do about a directory that cannot be', async ({ dataDir }) => {
    await writeFile(dataDir, 'a file');
    await expect(startEmbeddedPostgres(join(dataDir, 'below'))).rejects.toThrow(
      /^Cannot write in .*choose another data directory\.$/,
    );
  });

  test('says what to do about settings that the server refuses', async ({ dataDir }) => {
    const start = startEmbeddedPostgres(dataDir, { settings: { shared_buffers: 'much' } });
    await expect(start).rejects.toThrow(SetupError);
    await expect(start).rejects.toThrow(/shared_buffers/);
  });
});
