import { spawn, spawnSync } from 'node:child_process';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { chooseIdentity } from '../../src/database/postgres-account.ts';

export interface Pgbouncer extends AsyncDisposable {
  /** The same login and database as were given, through the pooler. */
  readonly connectionString: string;
}

const HOW_TO_INSTALL =
  'The tests need pgbouncer, which is not on the PATH: install it with "apt-get install pgbouncer" or "brew install pgbouncer", or name its program in KEYWARD_TEST_PGBOUNCER.';

/** @throws Error that says how to install it */
function findBinary(): string {
  const given = process.env['KEYWARD_TEST_PGBOUNCER'];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  const candidates = given === undefined ? folders.map((folder) => join(folder, 'pgbouncer')) : [given];
  const found = candidates.find((file) => spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found === undefined) throw new Error(HOW_TO_INSTALL);
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

/** A value in pgbouncer's connection strings. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** As Debian sets it up, but for transaction pooling, and for one login that whoever connects is. */
function configuration(target: URL, port: number, poolSize: number): string {
  const database = decodeURIComponent(target.pathname.slice(1));
  const server = [
    `host=${target.hostname}`,
    `port=${target.port || '5432'}`,
    `dbname=${quoted(database)}`,
    `user=${quoted(decodeURIComponent(target.username))}`,
    `password=${quoted(decodeURIComponent(target.password))}`,
  ];
  return `[databases]
${database} = ${server.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
`;
}

/** The distribution's pgbouncer in transaction mode in front of the database, on a free port. */
export async function startPgbouncer(connectionString: string, poolSize: number): Promise<Pgbouncer> {
  const binary = findBinary();
  const target = new URL(connectionString);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'keyward-pgbouncer-'));
  const file = join(folder, 'pgbouncer.ini');
  const [settings, log] = [configuration(target, port, poolSize), join(folder, 'log')];
  await writeFile(file, `${settings}logfile = ${log}\n`, { mode: 0o600 });
  // It refuses to run as root.
  const identity = process.getuid?.() === 0 ? chooseIdentity(null) : null;
  if (identity !== null) for (const path of [folder, file]) await chown(path, identity.uid, identity.gid);
  const child = spawn(binary, ['-q', file], { cwd: '/', stdio: 'ignore', ...identity });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const through = new URL(connectionString);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  try {
    await untilAnswering(through.href, ended);
  } catch (cause) {
    child.kill();
    throw new Error(`pgbouncer does not answer: ${await readFile(log, 'utf8').catch(() => 'it wrote no log')}`, {
      cause,
    });
  }
  return {
    connectionString: through.href,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const LONGEST_START_MS = 10_000;

async function untilAnswering(connectionString: string, ended: Promise<void>): Promise<void> {
  const gone = ended.then(() => 'GONE' as const);
  const deadline = performance.now() + LONGEST_START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      await client.end().catch(() => undefined);
      if (performance.now() > deadline) throw cause;
    }
    if ((await Promise.race([gone, wait(20)])) === 'GONE') throw new Error('it has ended');
  }
}
