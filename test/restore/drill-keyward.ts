import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { keepSecret } from '../support/canary/places.ts';
import { freePort } from '../support/free-port.ts';
import { gatewayWith } from '../support/gateways.ts';
import { bearer, type Client, connect, type GraphQLAnswer } from '../support/graphql-client.ts';
import { type KeywardProcess, readCredentials, runKeyward, startKeyward } from '../support/keyward-process.ts';
import { send } from '../support/raw-http.ts';
import { askForToken, credentialsOf } from '../support/service-accounts.ts';
import type { BackedUpPostgres } from './backed-up-postgres.ts';

/** Keyward over the database, as an operator sets it up. */
export interface DrillKeyward {
  readonly env: Record<string, string>;
  run(args: readonly string[], more?: Record<string, string>): ReturnType<typeof runKeyward>;
  start(more?: Record<string, string>): Promise<KeywardProcess>;
  /** The administrator of the first provider. */
  signIn(server: Pick<KeywardProcess, 'url'>): Promise<Client>;
  /** What they see of the audit trail, a line an event. @param query such as `since=…` */
  exportTrail(server: Pick<KeywardProcess, 'url'>, query: string): Promise<string[]>;
}

export async function keywardOver({ ownerUrl }: Pick<BackedUpPostgres, 'ownerUrl'>, dataDir: string) {
  const keyEncryptionKey = randomBytes(32).toString('base64');
  keepSecret(keyEncryptionKey);
  const env: Record<string, string> = {
    DATABASE_URL: ownerUrl,
    KEYWARD_DATA_DIR: dataDir,
    KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey,
    KEYWARD_AUDIT_CHECKPOINT_FILE: join(dataDir, 'checkpoints.ndjson'),
    PORT: String(await freePort()),
  };
  const administrator = async () => {
    const { users } = await readCredentials(dataDir);
    const admin = users.find(({ role }) => role === 'PROVIDER_ADMIN');
    if (admin === undefined) throw new Error('the demo fleet has an administrator');
    return admin;
  };
  const keyward: DrillKeyward = {
    env,
    run: (args, more = {}) => runKeyward(args, { ...env, ...more }),
    start: (more = {}) => startKeyward({ ...env, ...more }),
    signIn: async ({ url }) => connect(url, await administrator()),
    exportTrail: async ({ url }, query) => {
      const headers = await bearer(url, await administrator());
      const { status, text } = await send(`${url}/audit/export?${query}`, { headers });
      if (status !== 200) throw new Error(`the export was refused: ${status}`);
      return text.trim().split('\n');
    },
  };
  return keyward;
}

/** Organizations whose keys work, by name. */
export async function findWorking(client: Client, count: number): Promise<string[]> {
  const answer = await client.query(
    'query ($first: Int!) { organizations(first: $first, filter: { apiKeyStatus: [ENABLED] }) { nodes { id } } }',
    { first: count },
  );
  return Array.from({ length: count }, (_, index) => String(answer.at(`organizations.nodes.${index}.id`)));
}

type KeyCommand = 'editApiKey' | 'regenerateApiKey' | 'deleteApiKey' | 'disableApiKey' | 'revealApiKey';

const inputOf: Partial<Record<KeyCommand, string>> = {
  editApiKey: 'EditApiKeyInput',
  disableApiKey: 'DisableApiKeyInput',
};

/** @returns the answer, and the key string in it */
export async function command(client: Client, name: KeyCommand, organizationId: string, more: object = {}) {
  const answer: GraphQLAnswer = await client.query(
    `mutation ($input: ${inputOf[name] ?? 'ApiKeyInput'}!) {
       ${name}(input: $input) { keyString apiKey { status } userErrors { code } } }`,
    { input: { organizationId, ...more } },
  );
  const keyString = answer.at(`${name}.keyString`);
  if (typeof keyString === 'string') keepSecret(keyString);
  return {
    keyString: typeof keyString === 'string' ? keyString : null,
    refusal: answer.at(`${name}.userErrors.0.code`) ?? answer.errors[0]?.message ?? null,
  };
}

/** Runs it, and fails when it is refused. @returns the key string */
export async function succeed(...args: Parameters<typeof command>): Promise<string | null> {
  const { keyString, refusal } = await command(...args);
  if (refusal !== null) throw new Error(`${args[1]} was refused: ${String(refusal)}`);
  return keyString;
}

export interface GatewayAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

export async function createGatewayAccount(client: Client): Promise<GatewayAccount> {
  const viewer = await client.query('{ viewer { serviceProvider { id } } }');
  const created = await client.query(
    `mutation ($input: CreateServiceAccountInput!) {
       createServiceAccount(input: $input) { clientSecret serviceAccount { clientId } userErrors { code } } }`,
    {
      input: {
        name: 'Gateway',
        permissions: ['gateway:verify'],
        serviceProviderId: viewer.at('viewer.serviceProvider.id'),
      },
    },
  );
  const clientSecret = String(created.at('createServiceAccount.clientSecret'));
  keepSecret(clientSecret);
  return { clientId: String(created.at('createServiceAccount.serviceAccount.clientId')), clientSecret };
}

/** What the server decides of a call with this string. */
export async function decisionsOf({ url }: Pick<KeywardProcess, 'url'>, account: GatewayAccount) {
  const { body: token } = await askForToken(url, credentialsOf(account));
  const gateway = gatewayWith(url, String(token['access_token']));
  return async (organization: string, key: string | null): Promise<string> => {
    const { status, body } = await gateway.verify({ organization, key });
    return status === 200 ? body.code : `${status} ${body.code}`;
  };
}

export interface PointInTime {
  /** As PostgreSQL writes it, with its offset. */
  readonly time: string;
  /** Of each table how many rows there were, and what they hashed to. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly hash: string | null }>>;
}

const QUIET = `select pg_current_snapshot()::text as snapshot, clock_timestamp()::text as time,
  not exists (select from audit_unsealed) as sealed`;

/** A moment at which nothing was being written, so that every commit lies clearly before it or after it. */
export async function noteQuietPoint(database: BackedUpPostgres): Promise<PointInTime> {
  for (;;) {
    const [before] = await database.query<{ snapshot: string; time: string; sealed: boolean }>(QUIET);
    const tables = await contentOf(database);
    const [point] = await database.query<{ snapshot: string; time: string }>(QUIET);
    const [after] = await database.query<{ snapshot: string }>(QUIET);
    const isQuiet = before?.snapshot === point?.snapshot && point?.snapshot === after?.snapshot;
    if (isQuiet && before?.sealed === true && point !== undefined) return { time: point.time, tables };
    await wait(50);
  }
}

/** Every table of the program and of its job queue. */
export async function contentOf(database: Pick<BackedUpPostgres, 'query'>): Promise<PointInTime['tables']> {
  const names = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'graphile_worker') order by 1`,
  );
  const tables: Record<string, { rows: number; hash: string | null }> = {};
  for (const { name } of names) {
    const [content] = await database.query<{ rows: number; hash: string | null }>(
      `select count(*)::int as rows, md5(string_agg(t::text, E'\\n' order by t::text)) as hash from ${name} t`,
    );
    if (content !== undefined) tables[name] = content;
  }
  return tables;
}

/** How long until what has just been committed is in the repository too, in seconds. */
export async function untilArchived(database: BackedUpPostgres): Promise<number> {
  const began = performance.now();
  const [last] = await database.query<{ file: string }>('select pg_walfile_name(pg_current_wal_insert_lsn()) as file');
  for (;;) {
    const [archiver] = await database.query<{ file: string | null }>(
      'select last_archived_wal as file from pg_stat_archiver',
    );
    if ((archiver?.file ?? '') >= (last?.file ?? '')) return (performance.now() - began) / 1000;
    await wait(200);
  }
}
