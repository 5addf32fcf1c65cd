import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { SetupError } from '../setup-error.ts';
import { isDataDirectoryLocked, lockDataDirectory } from './data-directory-lock.ts';
import { withOwnConnection } from './own-connection.ts';
import { chooseAccount, chooseIdentity, type Identity, type PostgresAccount } from './postgres-account.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { initializeCluster, launchServer, type PostgresServer, waitForPreviousServer } from './postgres-server.ts';

/** A real PostgreSQL 18 that lives and dies with this process. */
export interface EmbeddedPostgres {
  /** For the superuser `keyward`, who owns the database `keyward`. Holds the password. */
  readonly connectionString: string;
  /** Fast shutdown: open transactions roll back, committed ones are on disk. Resolves when the server is gone. */
  stop(): Promise<void>;
}

const databaseName = 'keyward';

interface DataPaths {
  readonly dataDir: string;
  readonly cluster: string;
  readonly password: string;
  readonly log: string;
}

function pathsIn(dataDir: string): DataPaths {
  return {
    dataDir,
    cluster: join(dataDir, 'postgres'),
    password: join(dataDir, 'postgres-password'),
    log: join(dataDir, 'postgres.log'),
  };
}

const isRoot = (): boolean => process.getuid?.() === 0;

async function ownerOf(path: string): Promise<Identity | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

async function readPassword(paths: DataPaths, clusterExists: boolean): Promise<string> {
  const found = (await readFile(paths.password, 'utf8').catch(() => '')).trim();
  if (found !== '') return found;
  if (clusterExists) {
    throw new SetupError(
      `Cannot read ${paths.password}, the password of the database beside it: restore the file, or run Keyward as the user who owns ${paths.dataDir}.`,
    );
  }
  const password = randomBytes(24).toString('hex');
  await writeFile(paths.password, `${password}\n`, { mode: 0o600 });
  return password;
}

async function handOver(folder: string, { uid, gid }: Identity): Promise<void> {
  try {
    await chown(folder, uid, gid);
  } catch (cause) {
    throw new SetupError(
      `PostgreSQL does not run as root, and ${folder} cannot be handed to the user with id ${uid}: start Keyward as an ordinary user.`,
      { cause },
    );
  }
}

/** A cluster appears under its name only when it is complete; what a killed attempt left behind is removed. */
async function createCluster(
  paths: DataPaths,
  binaries: PostgresBinaries,
  identity: Identity | null,
  password: string,
): Promise<void> {
  const draftPrefix = 'postgres.new-';
  for (const name of await readdir(paths.dataDir)) {
    if (name.startsWith(draftPrefix))
      await rm(join(paths.dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
  const draft = join(paths.dataDir, `${draftPrefix}${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  if (identity !== null) await handOver(draft, identity);
  await initializeCluster(chooseAccount(identity, binaries, draft), binaries, draft, password);
  await rename(draft, paths.cluster);
}

/** Connecting shows that the server answers and that the password fits; the database is missing on the first start. */
async function ensureDatabase(connectionString: string, maintenanceString: string): Promise<void> {
  try {
    await withOwnConnection(connectionString, async () => undefined);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '3D000') throw error;
    await withOwnConnection(maintenanceString, (client) => client.query(`CREATE DATABASE ${databaseName}`));
  }
}

async function prepareDataDirectory(paths: DataPaths): Promise<void> {
  try {
    // Another user's server must pass through a directory that root makes; what is inside has its own mode.
    await mkdir(paths.dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    await writeFile(paths.log, '', { flag: 'a', mode: 0o600 });
    await chmod(paths.log, 0o600);
  } catch (cause) {
    throw new SetupError(
      `Cannot write in ${paths.dataDir}: run Keyward as the user who owns it, or choose another data directory.`,
      { cause },
    );
  }
}

function address(password: string, port: number, database: string): string {
  return `postgres://keyward:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

async function connectTo(server: PostgresServer, password: string, paths: DataPaths): Promise<string> {
  const addressOf = (database: string): string => address(password, server.port, database);
  try {
    await ensureDatabase(addressOf(databaseName), addressOf('postgres'));
    return addressOf(databaseName);
  } catch (cause) {
    const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
    const reason =
      code === '28P01'
        ? `${paths.password} does not hold its password: restore that file`
        : `see ${paths.log}, then start again`;
    throw new SetupError(`The built-in PostgreSQL in ${paths.cluster} refuses connections: ${reason}.`, { cause });
  }
}

async function start(
  paths: DataPaths,
  settings: Record<string, string>,
): Promise<{ server: PostgresServer; connectionString: string }> {
  const binaries = await findPostgresBinaries();
  const owner = await ownerOf(paths.cluster);
  const password = await readPassword(paths, owner !== null);
  const identity = isRoot() ? chooseIdentity(owner) : null;
  if (owner === null) await createCluster(paths, binaries, identity, password);
  else await waitForPreviousServer(paths.cluster);
  const account: PostgresAccount = chooseAccount(identity, binaries, paths.cluster);
  const server = await launchServer({ account, binaries, cluster: paths.cluster, log: paths.log, settings });
  try {
    return { server, connectionString: await connectTo(server, password, paths) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Starts the PostgreSQL that comes with Keyward on a free port of 127.0.0.1, with its data in `<dataDir>/postgres`.
 * It stops by itself when this process ends, even by SIGKILL. `settings` are server settings by name.
 * @throws SetupError with one line that says what to do
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: { settings?: Record<string, string> } = {},
): Promise<EmbeddedPostgres> {
  const paths = pathsIn(resolve(dataDir));
  await prepareDataDirectory(paths);
  const lock = await lockDataDirectory(paths.dataDir);
  try {
    const { server, connectionString } = await start(paths, options.settings ?? {});
    let stopped: Promise<void> | undefined;
    return { connectionString, stop: () => (stopped ??= server.stop().finally(() => lock.release())) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The connection string of the PostgreSQL that another live Keyward runs in this directory; null when none does.
 * @throws SetupError while that Keyward starts or stops it
 */
export async function findRunningPostgres(dataDir: string): Promise<string | null> {
  const paths = pathsIn(resolve(dataDir));
  if (!(await isDataDirectoryLocked(paths.dataDir))) return null;
  const [, , , port = ''] = (await readFile(join(paths.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  if (port === '') {
    throw new SetupError(
      `The server in ${dataDir} is just starting or stopping its database: wait a moment, then try again.`,
    );
  }
  return address(await readPassword(paths, true), Number(port), databaseName);
}

/** Whether there is a database in this directory: the first start makes it. */
export async function hasEmbeddedPostgres(dataDir: string): Promise<boolean> {
  return (await ownerOf(pathsIn(resolve(dataDir)).cluster)) !== null;
}
