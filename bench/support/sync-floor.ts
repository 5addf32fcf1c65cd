import pg from 'pg';
import { runBulkOperation } from '../../src/bulk-operation/run-bulk-operation.service.ts';
import { syncApiKey } from '../../src/bulk-operation/sync-api-key.service.ts';
import type { RequestContext } from '../../src/context.ts';
import { WHOLE_FLEET } from '../../src/fleet/fleet.ts';
import { newId, type ServiceProviderRef } from '../../src/ids.ts';
import { secondsOf } from './load.ts';
import { type RecordedStatement, recordStatements } from './recorder.ts';

/** A new string in all organizations of the provider, all or nothing. */
export async function syncWhole(ctx: RequestContext, provider: ServiceProviderRef): Promise<void> {
  const filter = { ...WHOLE_FLEET, serviceProvider: provider };
  const input = {
    organizations: null,
    filter,
    newKey: null,
    newKeyFrom: null,
    atomicity: 'ALL_OR_NOTHING',
    dryRun: false,
    checkedBy: null,
  } as const;
  const { operation } = await syncApiKey(ctx, { ...input, idempotencyKey: null });
  await runBulkOperation(ctx, operation);
}

/**
 * Runs a sync, and then writes the same rows once more: by the bare statements, on one connection, in the same two
 * transactions.
 * @returns seconds of both
 */
export async function syncAgainstBareSql(
  runtimeUrl: string,
  ctx: RequestContext,
  provider: ServiceProviderRef,
): Promise<{ readonly ours: number; readonly floor: number }> {
  let ours = 0;
  const recorded = await recordStatements(async () => {
    ours = await secondsOf(() => syncWhole(ctx, provider));
  });
  const writes = repeatable(recorded);
  const client = new pg.Client({ connectionString: runtimeUrl });
  client.on('error', () => undefined); // what ended the run has been told already
  await client.connect();
  const floor = await secondsOf(() => replay(client, writes)).finally(() => client.end());
  return { ours, floor };
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
