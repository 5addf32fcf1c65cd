import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { chooseIdentity, type Identity } from '../../src/database/postgres-account.ts';
import { keepForSearch } from '../support/canary/places.ts';
import { freePort } from '../support/free-port.ts';

const LONGEST_RECOVERY_MS = 120_000;

/** Who runs it: not root. */
export interface Account {
  readonly name: string;
  readonly identity: Identity | Record<string, never>;
}

export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** A PostgreSQL of the distribution, laid out as the distribution does it: settings in one folder, data in another. */
export interface DebianPostgres extends AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  readonly account: Account;
  readonly port: number;
  /** As a superuser, in the database of that name. */
  urlOf(database: string): string;
  /** Runs a program as the account that PostgreSQL has. */
  run(file: string, args: readonly string[]): Promise<Ran>;
  /** Resolves when it takes commands: after a restore, when it has come to its end. @returns in how many seconds */
  start(): Promise<number>;
  stop(): Promise<void>;
  /** The machine is gone, and with it what was on its disk. */
  destroy(): Promise<void>;
}

/** @throws Error that says how to install it */
async function findPrograms(): Promise<string> {
  const given = process.env['KEYWARD_TEST_POSTGRES_PROGRAMS'];
  if (given !== undefined) return given;
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const folders = versions.sort((a, b) => Number(a) - Number(b)).map((name) => `/usr/lib/postgresql/${name}/bin`);
  const found = folders.find((folder) => spawnSync(join(folder, 'postgres'), ['--version']).status === 0);
  if (found !== undefined) return found;
  throw new Error(
    'The drill needs PostgreSQL: install it with "apt-get install postgresql-15", or name the folder of its programs in KEYWARD_TEST_POSTGRES_PROGRAMS.',
  );
}

function accountOf(): Account {
  const identity = process.getuid?.() === 0 ? chooseIdentity(null) : {};
  const { stdout } = spawnSync('id', ['-un'], { ...identity, encoding: 'utf8' });
  return { name: stdout.trim(), identity };
}

/** @param password of the superuser, who is called as the account is */
export async function createDebianPostgres(password: string, settingsIn: (folder: string) => string) {
  const programs = await findPrograms();
  const account = accountOf();
  const folder = await mkdtemp(join(tmpdir(), 'keyward-restore-'));
  const own = async (path: string) => {
    if ('uid' in account.identity) await chown(path, account.identity.uid, account.identity.gid);
  };
  await own(folder);
  for (const name of ['etc', 'run', 'log']) {
    await mkdir(join(folder, name), { mode: 0o700 });
    await own(join(folder, name));
  }
  const run = (file: string, args: readonly string[]) => runAs(account, file, args);
  const dataDir = join(folder, 'data');
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  await own(join(folder, 'password'));
  const initdb = ['-D', dataDir, '--encoding=UTF8', '--locale=C', '--auth-local=peer', '--auth-host=scram-sha-256'];
  const { code, output } = await run(join(programs, 'initdb'), [...initdb, `--pwfile=${join(folder, 'password')}`]);
  if (code !== 0) throw new Error(`initdb failed: ${output}`);
  for (const name of ['pg_hba.conf', 'pg_ident.conf'])
    await run('mv', [join(dataDir, name), join(folder, 'etc', name)]);
  const port = await freePort();
  const file = join(folder, 'etc', 'postgresql.conf');
  await writeFile(file, `${placesOf(folder)}${settingsIn(folder)}`);
  await own(file);
  const cluster = clusterIn({ programs, account, folder, dataDir, port, password, run });
  return { ...cluster, [Symbol.asyncDispose]: () => cluster.destroy().then(() => remove(folder)) };
}

const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });

function placesOf(folder: string): string {
  return `data_directory = '${folder}/data'
hba_file = '${folder}/etc/pg_hba.conf'
ident_file = '${folder}/etc/pg_ident.conf'
unix_socket_directories = '${folder}/run'
listen_addresses = '127.0.0.1'
`;
}

interface Parts {
  readonly programs: string;
  readonly account: Account;
  readonly folder: string;
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  readonly run: DebianPostgres['run'];
}

/** Another one with the same settings, over data that were restored elsewhere. It ends with the first one's folder. */
export async function beside(first: DebianPostgres, dataDir: string, password: string): Promise<DebianPostgres> {
  const { account, folder, run } = first;
  return clusterIn({ programs: await findPrograms(), account, folder, dataDir, port: await freePort(), password, run });
}

function clusterIn({ programs, account, folder, dataDir, port, password, run }: Parts): DebianPostgres {
  let child: ChildProcess | null = null;
  const urlOf = (database: string) =>
    `postgres://${account.name}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const end = async (signal: NodeJS.Signals) => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const start = async () => {
    const began = performance.now();
    const log = await open(join(folder, 'log', `postgres-${port}`), 'a', 0o600);
    const args = ['-D', join(folder, 'etc'), '-p', String(port), '-c', `data_directory=${dataDir}`];
    const stdio = ['ignore', log.fd, log.fd] as const;
    child = spawn(join(programs, 'postgres'), args, {
      cwd: '/',
      env: ENVIRONMENT,
      stdio: [...stdio],
      ...account.identity,
    });
    await log.close();
    await untilWriting(urlOf('postgres'), child);
    return (performance.now() - began) / 1000;
  };
  const destroy = async () => {
    await end('SIGKILL');
    await remove(dataDir);
  };
  const stop = () => end('SIGINT');
  return { folder, dataDir, account, port, urlOf, run, start, stop, destroy, [Symbol.asyncDispose]: destroy };
}

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

async function runAs({ identity }: Account, file: string, args: readonly string[]): Promise<Ran> {
  const began = performance.now();
  const options = { cwd: '/', env: ENVIRONMENT, maxBuffer: 64 * 1024 * 1024, ...identity };
  const { code, output } = await promisify(execFile)(file, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code?: unknown; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : 1,
      output: `${error.stdout ?? ''}${error.stderr ?? ''}${typeof error.code === 'number' ? '' : String(error)}`,
    }),
  );
  keepForSearch(`output of ${basename(file)}`, output);
  return { code, output, seconds: (performance.now() - began) / 1000 };
}

/** A server that recovers answers before it has come to its end. */
async function untilWriting(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + LONGEST_RECOVERY_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
      throw new Error('PostgreSQL does not start: its log is in the folder log');
    }
    if (await isWriting(url)) return;
    await wait(50);
  }
}

async function isWriting(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ writing: boolean }>('select not pg_is_in_recovery() as writing');
    return rows[0]?.writing === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
