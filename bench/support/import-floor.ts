import pg from 'pg';
import { newId, type ServiceProviderRef } from '../../src/ids.ts';
import { type RecordedStatement, recordStatements } from './recorder.ts';

const WRITES =
  /\/\* (import\.insert_(rows|organizations|subscriptions|slots)|audit_event\.insert_many|import\.insert_operation) /;

/**
 * Runs an import, takes the organizations out again, and writes the same rows once more: by the bare statements, on one
 * connection, in the same two transactions.
 * @param ownerUrl may delete what the application may not
 * @returns seconds of both
 */
export async function againstBareSql(
  { ownerUrl, runtimeUrl }: { readonly ownerUrl: string; readonly runtimeUrl: string },
  provider: ServiceProviderRef,
  work: () => Promise<number>,
): Promise<{ readonly ours: number; readonly floor: number }> {
  let ours = 0;
  const recorded = await recordStatements(async () => {
    ours = await work();
  });
  await takeOut(ownerUrl, provider);
  const transactions = repeatable(recorded);
  const floor = await withClient(runtimeUrl, async (client) => {
    const startedAt = performance.now();
    for (const { begin, statements } of transactions) {
      await client.query(begin);
      for (const { text, values } of statements) await client.query(text, [...values]);
      await client.query('commit');
    }
    return (performance.now() - startedAt) / 1000;
  });
  return { ours, floor };
}

/**
 * Deletes the organizations of a provider that nothing else belongs to, as only the owner can; the audit trail still tells of
 * them. Nobody looks for what refers to them: of so many that takes longer than the import.
 */
export function takeOut(ownerUrl: string, { serviceProviderId }: ServiceProviderRef): Promise<void> {
  return withClient(ownerUrl, async (client) => {
    const ofProvider = `organization_id in (select id from organization where provider_id = '${serviceProviderId}')`;
    await client.query(`set session_replication_role = replica; delete from api_key where ${ofProvider}; delete from subscription where ${ofProvider};
      delete from organization where provider_id = '${serviceProviderId}'`);
    await client.query('vacuum analyze organization, subscription, api_key');
  });
}

/** What took the file in, and what wrote its organizations; as it can be run once more. */
function repeatable(recorded: readonly RecordedStatement[]) {
  const begin = recorded.find(({ text }) => text.startsWith('begin;'))?.text;
  const taken = recorded.findIndex(({ text }) => text.includes('/* import.insert_operation '));
  const operationId = recorded[taken]?.values[1];
  if (begin === undefined || operationId === undefined) throw new Error('nothing was recorded');
  const anew = newId();
  const again = ({ text, values }: RecordedStatement): RecordedStatement => ({
    text,
    values: values.map((value, index) => {
      if (value === operationId) return anew;
      const isEventIds = text.includes('audit_event.insert_many') && index === 1 && Array.isArray(value);
      return isEventIds ? value.map(() => newId()) : value;
    }),
  });
  const writesOf = (statements: readonly RecordedStatement[]) => ({
    begin,
    statements: statements.filter(({ text }) => WRITES.test(text)).map(again),
  });
  return [writesOf(recorded.slice(0, taken + 1)), writesOf(recorded.slice(taken + 1))];
}

async function withClient<Result>(connectionString: string, use: (client: pg.Client) => Promise<Result>) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return use(client).finally(() => client.end());
}
