import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { keepSecret } from '../support/canary/places.ts';
import { beside, createDebianPostgres, type DebianPostgres } from './debian-postgres.ts';

const OPS = new URL('../../ops/backup/', import.meta.url);
const STANZA = '--stanza=keyward';

/** A database of Keyward's own with backups, set up by the files of `ops/backup/`. */
export interface BackedUpPostgres extends AsyncDisposable {
  readonly postgres: DebianPostgres;
  readonly repository: string;
  /** For Keyward: the owner of the database, and nothing more. */
  readonly ownerUrl: string;
  /** As a superuser, who sees everything. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs it as an operator types it, and fails when it does. @returns what it printed, and for how long it ran */
  pgbackrest(...args: readonly string[]): Promise<{ output: string; seconds: number }>;
  /** The command of `keyward-backup.cron` that holds this. */
  runCron(part: string): Promise<{ output: string; seconds: number }>;
  /** The archive as it is, restored elsewhere to its end. It archives nothing itself. */
  restoreBeside(): Promise<{ readonly postgres: DebianPostgres; readonly ownerUrl: string }>;
}

/** What `file` of `ops/backup/` says, with other values instead of some. Each must be there. */
async function filledIn(file: string, values: readonly (readonly [string, string])[]): Promise<string> {
  let text = await readFile(new URL(file, OPS), 'utf8');
  for (const [given, own] of values) {
    if (!text.includes(given)) throw new Error(`${file} does not say ${given}`);
    text = text.replaceAll(given, own);
  }
  return text;
}

export async function createBackedUpPostgres(): Promise<BackedUpPostgres> {
  await using cleanup = new AsyncDisposableStack();
  const [superuserPassword, ownerPassword, cipherPass] = [random(), random(), random()];
  const settings = await readFile(new URL('postgresql.conf', OPS), 'utf8');
  const postgres = cleanup.use(
    await createDebianPostgres(superuserPassword, (folder) =>
      settings.replace('pgbackrest --', `pgbackrest --config=${folder}/etc/pgbackrest.conf --`),
    ),
  );
  const { folder } = postgres;
  const repository = join(folder, 'repository');
  const configuration = await filledIn('pgbackrest.conf', [
    ['/var/lib/pgbackrest', repository],
    ['CHANGE-ME', cipherPass],
    ['/var/log/pgbackrest', join(folder, 'log')],
    ['/tmp/pgbackrest', join(folder, 'run')],
    ['/var/spool/pgbackrest', join(folder, 'spool')],
    ['/var/lib/postgresql/15/main', postgres.dataDir],
    ['/var/run/postgresql', join(folder, 'run')],
    ['5432', String(postgres.port)],
  ]);
  await postgres.run('mkdir', [repository]);
  await writeFile(join(folder, 'etc', 'pgbackrest.conf'), configuration, { mode: 0o644 });
  await postgres.start();
  const owner = new URL(postgres.urlOf('keyward'));
  owner.username = 'keyward';
  owner.password = ownerPassword;
  await once(postgres.urlOf('postgres'), `create role keyward login createrole password '${ownerPassword}'`);
  await once(postgres.urlOf('postgres'), 'create database keyward owner keyward');
  const pgbackrest = async (...args: readonly string[]) => {
    const all = [`--config=${join(folder, 'etc', 'pgbackrest.conf')}`, STANZA, ...args];
    const { code, output, seconds } = await postgres.run('pgbackrest', all);
    if (code !== 0) throw new Error(`pgbackrest ${args.join(' ')} ended with ${code}: ${output}`);
    return { output, seconds };
  };
  await pgbackrest('stanza-create');
  await pgbackrest('check');
  const kept = cleanup.move();
  return {
    postgres,
    repository,
    ownerUrl: owner.href,
    query: (sql, values) => once(postgres.urlOf('keyward'), sql, values),
    pgbackrest,
    runCron: async (part) => {
      const lines = (await readFile(new URL('keyward-backup.cron', OPS), 'utf8')).split('\n');
      const [, command] = lines.find((line) => line.includes(part))?.split(`pgbackrest ${STANZA} `) ?? [];
      if (command === undefined) throw new Error(`keyward-backup.cron does not say ${part}`);
      return pgbackrest(...command.split(' '));
    },
    restoreBeside: async () => {
      const dataDir = join(folder, 'elsewhere');
      await pgbackrest(`--pg1-path=${dataDir}`, '--archive-mode=off', '--target-timeline=current', 'restore');
      const other = await beside(postgres, dataDir, superuserPassword);
      const url = new URL(owner);
      url.port = String(other.port);
      return { postgres: other, ownerUrl: url.href };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function random(): string {
  const secret = randomBytes(24).toString('hex');
  keepSecret(secret);
  return secret;
}

/** On a connection of its own: the server is killed and comes back. */
async function once<Row extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
