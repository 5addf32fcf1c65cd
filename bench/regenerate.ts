// Regenerate per second: the whole way through HTTP, GraphQL, rules, encryption and audit, against pgbench running the same
// SQL statements, recorded from one regenerate, on the same PostgreSQL with the same number of connections.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { escapeLiteral } from 'pg';
import { regenerateApiKey } from '../src/api-key/api-key.service.ts';
import { encodeGlobalId } from '../src/graphql/global-id.ts';
import type { OrganizationRef } from '../src/ids.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { median } from './support/load.ts';
import { type RecordedStatement, recordStatements } from './support/recorder.ts';

const CONNECTIONS = 8;
const ORGANIZATIONS = 64;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

await using installation = await openBenchInstallation(ORGANIZATIONS);
const { ctx, organizations } = installation;
await using keyward = await installation.startServer();

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return String(value);
  if (value instanceof Date) return escapeLiteral(value.toISOString());
  if (Buffer.isBuffer(value)) return escapeLiteral(`\\x${value.toString('hex')}`);
  if (Array.isArray(value)) return escapeLiteral(`{${value.join(',')}}`);
  return escapeLiteral(String(value));
}

/** As pgbench can run it again and again: whatever version the slot is at, and with a new id for each audit row. */
function toScript(statements: readonly RecordedStatement[]): string {
  const lines = statements.map(({ text, values }) => {
    const repeatable = text.replace(/and version = \$\d+/, 'and version = version');
    return repeatable.replace(/\$(\d+)/g, (_, position: string) => {
      const isAuditId = text.includes('audit_event.insert') && position === '2';
      return isAuditId ? 'gen_random_uuid()' : literal(values[Number(position) - 1]);
    });
  });
  return lines.map((line) => `${line.replaceAll(/\s*\n\s*/g, ' ').replace(/\/\*.*?\*\/ /, '')};`).join('\n');
}

async function writeScripts(directory: string): Promise<string[]> {
  const files: string[] = [];
  for (const organization of organizations) {
    const input = { organization, kind: 'CLOUD_SERVICE' as const, expectedVersion: null, idempotencyKey: null };
    const statements = await recordStatements(() => regenerateApiKey({ ...ctx, now: new Date() }, input));
    const file = join(directory, `${organization.organizationId}.sql`);
    await writeFile(file, toScript(statements));
    files.push(file);
  }
  return files;
}

/** As the role that the application works as, so under the same row-level security. */
async function pgbenchPerSecond(files: readonly string[]): Promise<number> {
  const url = installation.runtimeUrl;
  const args = ['-n', '-M', 'prepared', '-c', String(CONNECTIONS), '-j', '1', '-T', String(ROUND_SECONDS)];
  const scripts = files.flatMap((file) => ['-f', file]);
  const { stdout } = await promisify(execFile)('pgbench', [...args, ...scripts, url]).catch((error: Error) => {
    throw new Error('pgbench (of the PostgreSQL client programs) must be on the PATH', { cause: error });
  });
  const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (tps === undefined) throw new Error('pgbench told no figure');
  return Number(tps);
}

const mutation =
  'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { keyString userErrors { code } } }';

async function keywardPerSecond(authorization: string): Promise<number> {
  const endsAt = performance.now() + ROUND_SECONDS * 1000;
  const startedAt = performance.now();
  let done = 0;
  const client = async (own: readonly OrganizationRef[]) => {
    for (let turn = 0; performance.now() < endsAt; turn++) {
      const ref = own[turn % own.length];
      if (ref === undefined) throw new Error('a client without an organization');
      const organizationId = encodeGlobalId('Organization', ref.rootProviderId, ref.organizationId);
      const response = await fetch(`${keyward.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: mutation, variables: { input: { organizationId } } }),
      });
      const text = await response.text();
      if (!text.includes('"keyString":"')) throw new Error('a regenerate was refused');
      done++;
    }
  };
  const share = ORGANIZATIONS / CONNECTIONS;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => client(organizations.slice(index * share, (index + 1) * share))),
  );
  return done / ((performance.now() - startedAt) / 1000);
}

const authorization = await installation.signIn(keyward.url);

const directory = await mkdtemp(join(tmpdir(), 'keyward-pgbench-'));
try {
  const files = await writeScripts(directory);
  const rates: { ours: number; floor: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const rate = { ours: await keywardPerSecond(authorization), floor: await pgbenchPerSecond(files) };
    if (round > 0) rates.push(rate); // the first warms up
  }
  const ratio = median(rates.map((rate) => rate.ours / rate.floor));
  process.stdout.write(
    `regenerate: Keyward ${median(rates.map((rate) => rate.ours)).toFixed(0)}/s, pgbench with the same statements ` +
      `${median(rates.map((rate) => rate.floor)).toFixed(0)}/s, ratio ${ratio.toFixed(2)} (aim 0.5)\n`,
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
