import type { TestDatabase } from './test-database.ts';

/** Every row of every table, as PostgreSQL writes it. Bytes are in hex. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/**
 * What a refused command may write: its audit row, which is then sealed, and its answer under an idempotency key. What
 * waits to be sent to webhooks, when a job was last run, and what it told, is the background's.
 */
export const RECORDS = [
  ...['audit_event', 'audit_unsealed', 'audit_link', 'audit_chain', 'idempotency_key'],
  ...['webhook_delivery', 'webhook_lane', 'scheduled_job', 'subscription_notice'],
];
/** Columns by which the background notes how far it is. */
const PROGRESS: Readonly<Record<string, string>> = {
  webhook_endpoint: `(to_jsonb(t) - 'cursor' - 'failing_since')`,
  mail_recipient: `(to_jsonb(t) - 'cursor' - 'due_at')`,
  usage_notice: `(to_jsonb(t) - 'told_at')`,
};

/** @param without tables to leave out */
export async function readRows(database: TestDatabase, without: readonly string[] = RECORDS): Promise<Rows> {
  const tables = await database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition order by relname`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !without.includes(name));
  const selects = names.map(
    (name) => `select '${name}' as name, ${PROGRESS[name] ?? 't'}::text as text from "${name}" t`,
  );
  const found = await database.query<{ name: string; text: string }>(
    `select * from (${selects.join(' union all ')}) row order by name, text collate "C"`,
  );
  const rows = Map.groupBy(found, ({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, (rows.get(name) ?? []).map(({ text }) => text)]));
}

export interface AuditRow {
  readonly root_provider_id: string;
  readonly id: string;
  readonly action: string;
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly actor_role: string | null;
  readonly provider_path: string[];
  readonly organization_id: string | null;
  readonly target: string | null;
  readonly result: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly note: string | null;
  readonly ip_address: string | null;
  readonly request_id: string | null;
}

/** The whole audit trail of an installation, in the order of its writing. */
export function readAudit(database: TestDatabase): Promise<AuditRow[]> {
  return database.query<AuditRow>(
    `select root_provider_id, id, action, actor_id, actor_name, actor_role, provider_path::text[], organization_id, target,
       result, before::jsonb as before, after::jsonb as after, note, ip_address, request_id
     from audit_event order by id`,
  );
}

/** The audit rows that `work` wrote. */
export async function auditOf(database: TestDatabase, work: () => Promise<unknown>): Promise<AuditRow[]> {
  const earlier = new Set((await readAudit(database)).map(({ id }) => id));
  await work();
  return (await readAudit(database)).filter(({ id }) => !earlier.has(id));
}
