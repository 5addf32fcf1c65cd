// One string in many organizations: the whole sync (target, rules, encryption, audit, outcomes) against the bare SQL statements
// that write the same rows, recorded from it and run again on the same PostgreSQL by one connection, in the same transactions.
import pg from 'pg';
import { regenerateApiKey } from '../src/api-key/api-key.service.ts';
import { runBulkOperation } from '../src/bulk-operation/run-bulk-operation.service.ts';
import { syncApiKey } from '../src/bulk-operation/sync-api-key.service.ts';
import type { RequestContext } from '../src/context.ts';
import { WHOLE_FLEET } from '../src/fleet/fleet.ts';
import { newId, type ServiceProviderRef } from '../src/ids.ts';
import { contextOf, createStaff } from '../test/support/fixtures.ts';
import { insertKeyedFleet } from '../test/support/keyed-fleet.ts';
import { type BenchInstallation, openBenchInstallation } from './support/bench-installation.ts';
import { median } from './support/load.ts';
import { type RecordedStatement, recordStatements } from './support/recorder.ts';
import { listPage, watch } from './support/watch.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const FEW = Number(process.env['BENCH_ORGANIZATIONS'] ?? 10_000);
const MANY = FEW * 10;

async function syncWhole(ctx: RequestContext, provider: ServiceProviderRef): Promise<void> {
  const filter = { ...WHOLE_FLEET, serviceProvider: provider };
  const input = {
    organizations: null,
    filter,
    newKey: null,
    newKeyFrom: null,
    atomicity: 'ALL_OR_NOTHING',
    dryRun: false,
  } as const;
  const { operation } = await syncApiKey(ctx, { ...input, idempotencyKey: null });
  await runBulkOperation(ctx, operation);
}

const WRITES = /\/\* (api_key\.write_strings|audit_event\.insert_many|bulk_item\.insert\w*|bulk_operation\.insert) /;

/** What was written, in its two transactions: the target, and then everything else. */
interface Writes {
  readonly begin: string;
  readonly transactions: readonly (readonly RecordedStatement[])[];
}

/** The statements that write, as they can be run once more. */
function repeatable(recorded: readonly RecordedStatement[]): Writes {
  const begin = recorded.find(({ text }) => text.startsWith('begin;'))?.text;
  const start = recorded.findIndex(({ text }) => text.includes('/* bulk_operation.insert '));
  const operationId = recorded[start]?.values[1];
  if (begin === undefined || operationId === undefined) throw new Error('nothing was recorded');
  const anew = newId();
  const repeated = ({ text, values }: RecordedStatement): RecordedStatement => ({
    text: text.replace('and k.version = w.version', ''),
    values: values.map((value, index) => {
      if (value === operationId) return anew;
      const isAuditIds = text.includes('audit_event.insert_many') && index === 1 && Array.isArray(value);
      return isAuditIds ? value.map(() => newId()) : value;
    }),
  });
  const writesOf = (statements: readonly RecordedStatement[]) =>
    statements.filter(({ text }) => WRITES.test(text)).map(repeated);
  return { begin, transactions: [writesOf(recorded.slice(0, start + 1)), writesOf(recorded.slice(start + 1))] };
}

async function replay(client: pg.Client, { begin, transactions }: Writes): Promise<void> {
  for (const statements of transactions) {
    await client.query(begin);
    for (const { text, values } of statements) await client.query(text, [...values]);
    await client.query('commit');
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

async function fleetOf(installation: BenchInstallation, name: string, size: number) {
  const { createServiceProvider } = await import('../src/service-provider/service-provider.service.ts');
  const { services, ownerUrl } = installation;
  const platform = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
  const asPlatform = contextOf(services, platform.actor);
  const provider = await createServiceProvider(asPlatform, { name, parent: null, baseUrl: null, idempotencyKey: null });
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 });
  const [first] = await insertKeyedFleet(
    services,
    (sql, values) => owner.query(sql, [...(values ?? [])]),
    provider,
    size,
  );
  await owner.end();
  const admin = await createStaff(services, 'PROVIDER_ADMIN', provider);
  if (first === undefined) throw new Error('a fleet has organizations');
  return { provider, first, ctx: () => contextOf(services, admin.actor) };
}

await using installation = await openBenchInstallation(0);
const few = await fleetOf(installation, 'Few', FEW);
const client = new pg.Client({ connectionString: installation.runtimeUrl });
client.on('error', () => undefined); // what ended the run has been told already
await client.connect();
const rounds: { ours: number; floor: number }[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  let ours = 0;
  const recorded = await recordStatements(async () => {
    ours = await secondsOf(() => syncWhole(few.ctx(), few.provider));
  });
  const writes = repeatable(recorded);
  const floor = await secondsOf(() => replay(client, writes));
  if (round > 0) rounds.push({ ours, floor }); // the first warms up
}
await client.end();
const oursFew = median(rounds.map(({ ours }) => ours));
process.stdout.write(
  `sync of ${FEW}: Keyward ${oursFew.toFixed(2)} s, the same rows by bare SQL ${median(rounds.map(({ floor }) => floor)).toFixed(2)} s, ` +
    `ratio ${median(rounds.map(({ ours, floor }) => ours / floor)).toFixed(2)} (aim 1.5)\n`,
);

const many = await fleetOf(installation, 'Many', MANY);
await syncWhole(few.ctx(), few.provider);
const key = { organization: few.first, kind: 'CLOUD_SERVICE', expectedVersion: null, idempotencyKey: null } as const;
let oursMany = 0;
// Now and then a new key for one organization that the sync is not about.
const { growthMb, requests, p50Ms, p99Ms } = await watch(
  (turn) => (turn % 4 === 3 ? regenerateApiKey(few.ctx(), key) : listPage(few.ctx())),
  async () => {
    oursMany = await secondsOf(() => syncWhole(many.ctx(), many.provider));
  },
);
process.stdout.write(
  `sync of ${MANY}: ${oursMany.toFixed(2)} s, ${(oursMany / oursFew).toFixed(1)} times as long (aim 12), memory ` +
    `+${growthMb.toFixed(0)} MB (aim 150), ${requests} requests of others meanwhile: p50 ${p50Ms.toFixed(1)} ms, ` +
    `p99 ${p99Ms.toFixed(1)} ms (aim 100)\n`,
);
