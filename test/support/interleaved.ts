import { randomInt } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Services } from '../../src/context.ts';
import type { Scope } from '../../src/database/scope.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { canariesIn, unfold } from './canary.ts';
import type { TestServer } from './test-installation.ts';
import type { Tenant } from './twenty-tenants.ts';

interface Ask {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** What a complete answer must hold besides nothing foreign. */
  readonly holds: string | null;
}

const ORGANIZATION =
  'id name externalId subscription { plan } apiKey { id maskedKey fingerprint lastModifiedBy { displayName } } serviceProvider { id name }';
const PAYLOAD = `{ keyString organization { ${ORGANIZATION} } userErrors { code message } }`;

type Kind = (tenant: Tenant, other: Tenant) => Ask;

const id = ({ organization: { rootProviderId, organizationId } }: Tenant) =>
  encodeGlobalId('Organization', rootProviderId, organizationId);
const providerId = ({ provider: { rootProviderId, serviceProviderId } }: Tenant) =>
  encodeGlobalId('ServiceProvider', rootProviderId, serviceProviderId);
const keyCommand =
  (name: string, type: string, more: Record<string, unknown> = {}): Kind =>
  (tenant) => ({
    query: `mutation ($input: ${type}!) { ${name}(input: $input) ${PAYLOAD} }`,
    variables: { input: { organizationId: id(tenant), ...more } },
    holds: null,
  });

/** Reads and commands of every kind; some are refused by a rule, some by an index, some for being foreign. */
const kinds: readonly Kind[] = [
  (tenant) => ({
    query: `{ organizations(first: 5) { totalCount nodes { ${ORGANIZATION} } } }`,
    variables: {},
    holds: tenant.ownCanary,
  }),
  (tenant) => ({
    query: `query ($id: ID!) { organization(id: $id) { ${ORGANIZATION} } }`,
    variables: { id: id(tenant) },
    holds: tenant.ownCanary,
  }),
  (_, other) => ({
    query: `query ($id: ID!) { node(id: $id) { id ... on Organization { ${ORGANIZATION} } } }`,
    variables: { id: id(other) },
    holds: null,
  }),
  (tenant) => ({
    query: '{ serviceProviders { totalCount nodes { id name resellers { totalCount } } } }',
    variables: {},
    holds: tenant.ownCanary,
  }),
  (tenant) => ({
    query: '{ viewer { displayName serviceProvider { name } } }',
    variables: {},
    holds: tenant.ownCanary,
  }),
  () => ({
    query: '{ auditEvents(first: 3) { nodes { id action after actor { displayName } organization { name } } } }',
    variables: {},
    holds: '"action":"',
  }),
  keyCommand('regenerateApiKey', 'ApiKeyInput'),
  keyCommand('revealApiKey', 'ApiKeyInput'),
  keyCommand('disableApiKey', 'DisableApiKeyInput', { reason: 'SECURITY_INCIDENT', kind: 'SANDBOX_SUBMISSION' }),
  keyCommand('enableApiKey', 'EnableApiKeyInput', { note: 'as agreed', kind: 'SANDBOX_SUBMISSION' }),
  keyCommand('editApiKey', 'EditApiKeyInput', { newKey: 'too short' }),
  (_, other) => keyCommand('regenerateApiKey', 'ApiKeyInput')(other, other),
  (tenant) => ({
    query: `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { ${ORGANIZATION} } userErrors { code message } } }`,
    variables: { input: { serviceProviderId: providerId(tenant), name: tenant.organizationName } },
    holds: 'DUPLICATE_NAME',
  }),
];

const failing = { name: 'test.fails', text: 'select 1 / (select 0) as nothing' };
const names = { name: 'test.names', text: 'select name from organization' };

/** Work on the same pool that ends in the middle. Tells the names that it saw before. */
const broken: readonly ((database: Services['database'], scope: Scope) => Promise<string>)[] = [
  (database, scope) =>
    database.withTransaction(scope, async (tx) => {
      throw new Error(JSON.stringify(await tx.rows(names, [])));
    }),
  (database, scope) =>
    database.withTransaction(scope, async (tx) => {
      const seen = await tx.rows(names, []);
      await tx.rows(failing, []).catch(() => undefined);
      return JSON.stringify(seen); // and the commit finds out
    }),
  (database, scope) => database.read(scope, (tx) => tx.rows(failing, []).then(String)),
  (database, scope) =>
    database.readWithPrisma(scope, async (prisma) => {
      throw new Error(JSON.stringify(await prisma.organization.findMany({ select: { name: true } })));
    }),
];

export interface Outcome {
  readonly requests: number;
  /** Answered, and with what the tenant asked for. */
  readonly complete: number;
  /** Given up by the client before the answer. */
  readonly disconnected: number;
  /** Transactions that ended by an error of the work or of a statement. */
  readonly broken: number;
  /** Answered with an error of the server, because its connection to the database was cut or its statement cancelled. */
  readonly failed: number;
  /** Whatever somebody was told of another tenant. */
  readonly foreign: string[];
  /** Answers that lack what they should hold. */
  readonly lacking: string[];
}

const AT_ONCE = 40;

/** Requests of all tenants at once. `url` and the pool are the server's own, whatever stands behind them. */
export async function interleave(server: TestServer, tenants: readonly Tenant[], requests: number): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const counts = { complete: 0, disconnected: 0, broken: 0, failed: 0 };
  const [foreign, lacking]: [string[], string[]] = [[], []];
  const pick = () => tenants[randomInt(tenants.length)] as Tenant;
  const judge = (tenant: Tenant, what: string, text: string) => {
    const { texts, roots } = unfold(text);
    const strangers = texts.flatMap(canariesIn).filter((word) => !tenant.canaries.has(word));
    const elsewhere = [...roots].filter((root) => root !== tenant.provider.rootProviderId && !/^0/.test(root));
    if (strangers.length + elsewhere.length > 0) foreign.push(`${what}: ${[...strangers, ...elsewhere].join(' ')}`);
  };
  const one = async (index: number): Promise<void> => {
    const tenant = pick();
    if (index % 25 === 7) {
      const work = broken[Math.floor(index / 25) % broken.length];
      const told = await work?.(server.services.database, tenant.scope).catch(String);
      counts.broken++;
      return judge(tenant, 'broken off', told ?? '');
    }
    if (index % 400 === 13) await disturb(server, index);
    const ask = kinds[index % kinds.length]?.(tenant, pick());
    if (ask === undefined) return;
    const answer = await post(agent, server.url, ask, tenant.headers, index % 8 === 5 ? randomInt(12) : null);
    if (answer === null) {
      counts.disconnected++;
      return;
    }
    judge(tenant, ask.query, answer.text);
    if (answer.status >= 500 || answer.text.includes('"INTERNAL"')) counts.failed++;
    else if (ask.holds !== null && !answer.text.includes(ask.holds)) lacking.push(`${ask.query}: no ${ask.holds}`);
    else counts.complete++;
  };
  const limit = pLimit(AT_ONCE);
  await Promise.all(Array.from({ length: requests }, (_, index) => limit(() => one(index))));
  agent.destroy();
  return { requests, ...counts, foreign, lacking };
}

/** Cancels a statement, or cuts a connection, of the program. */
async function disturb({ database }: TestServer, index: number): Promise<void> {
  const how = index % 800 === 13 ? 'pg_terminate_backend' : 'pg_cancel_backend';
  await database.query(
    `select ${how}(pid) from (select pid from pg_stat_activity
       where datname = current_database() and usename like 'keyward_app%' order by random() limit 1) victim`,
  );
}

/** Null when the client hung up first. @param hangUpAfterMs null: waits for the answer */
function post(
  agent: Agent,
  url: string,
  { query, variables }: Ask,
  headers: Readonly<Record<string, string>>,
  hangUpAfterMs: number | null,
): Promise<{ status: number; text: string } | null> {
  const body = JSON.stringify({ query, variables });
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}/graphql`,
      { agent, method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(null));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    call.on('error', (error) => (hangUpAfterMs === null ? reject(error) : resolve(null)));
    call.end(body);
    if (hangUpAfterMs !== null) {
      void wait(hangUpAfterMs).then(() => {
        call.destroy();
        resolve(null);
      });
    }
  });
}
