import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { DataKey } from '../secrets/data-key.ts';
import type { Wrapped } from '../secrets/key-encryption-keys.ts';
import type { ProtectionFacts, ServerFacts } from './judge-database.ts';
import type { QueueFacts, ScheduleFacts } from './judge-jobs.ts';

const server = statement<ServerFacts>(
  'doctor.server',
  `select current_setting('server_version') as version, pg_is_in_recovery() as "isStandby",
     (select pg_encoding_to_char(encoding) from pg_database where datname = current_database()) as encoding,
     current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       - coalesce(current_setting('reserved_connections', true)::int, 0) as "mostConnections",
     (select sum(numbackends)::int from pg_stat_database) as connections`,
);

export function findServer(tx: Tx): Promise<ServerFacts> {
  return tx.row(server, []);
}

/** Tenant tables are those with the column that tenants are told apart by. */
const protection = statement<ProtectionFacts>(
  'doctor.protection',
  `select r.rolsuper as "isOwnerSuperuser", r.rolcreaterole as "ownerMayMakeRoles",
     array(
       select c.relname::text from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and not (c.relrowsecurity and c.relforcerowsecurity)
         and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'root_provider_id')
       order by 1) as "unprotectedTables",
     array(
       select c.relname::text from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relname in ('audit_event', 'audit_link')
         and (has_table_privilege('keyward_runtime', c.oid, 'update, delete, truncate')
           or has_any_column_privilege('keyward_runtime', c.oid, 'update'))
       order by 1) as "changeableHistory"
   from pg_roles r where r.rolname = current_user`,
);

/** @param tx of the tables' owner */
export function findProtection(tx: Tx): Promise<ProtectionFacts> {
  return tx.row(protection, []);
}

const role = statement<{ present: boolean }>(
  'doctor.role',
  'select exists (select from pg_roles where rolname = $1) as present',
);

export async function hasRole(tx: Tx, name: string): Promise<boolean> {
  return (await tx.row(role, [name])).present;
}

const clock = statement<{ nowMs: number }>(
  'doctor.clock',
  'select extract(epoch from clock_timestamp())::float8 * 1000 as "nowMs"',
);

/** By the clock of the database, in milliseconds since 1970. */
export async function readClock(tx: Tx): Promise<number> {
  return (await tx.row(clock, [])).nowMs;
}

const tenantsSeen = statement<{ seen: boolean }>(
  'doctor.tenants_seen',
  `select pg_has_role(current_user, 'keyward_runtime', 'usage') or not row_security_active('data_key') as seen`,
);

/** Of the platform's scope: the policies are those of the role that Keyward works as. */
export async function seesTenants(tx: Tx): Promise<boolean> {
  return (await tx.row(tenantsSeen, [])).seen;
}

export type DataKeyOfRoot = DataKey & { readonly rootProviderId: ServiceProviderId };

const dataKeys = statement<DataKeyOfRoot>(
  'doctor.data_keys',
  `select root_provider_id as "rootProviderId", purpose, version, key_encryption_key_id as "keyEncryptionKeyId", wrapped
   from data_key order by root_provider_id, purpose, version`,
);

/** @param tx sees all root providers */
export function findAllDataKeys(tx: Tx): Promise<DataKeyOfRoot[]> {
  return tx.rows(dataKeys, []);
}

const signingKeys = statement<Wrapped & { id: string }>(
  'doctor.signing_keys',
  `select id, key_encryption_key_id as "keyEncryptionKeyId", wrapped_private_key as wrapped from signing_key
   where wrapped_private_key is not null and key_encryption_key_id is not null order by id`,
);

export function findWrappedSigningKeys(tx: Tx): Promise<(Wrapped & { readonly id: string })[]> {
  return tx.rows(signingKeys, []);
}

const queueView = statement<{ present: boolean }>(
  'doctor.queue_view',
  `select to_regclass('graphile_worker.jobs') is not null as present`,
);
/** Waiting are those whose time has come and that nobody has begun. */
const queue = statement<QueueFacts>(
  'doctor.queue',
  `select count(*) filter (where is_waiting)::int as waiting,
     extract(epoch from now() - min(run_at) filter (where is_waiting))::float8 as "oldestSeconds",
     coalesce(array_agg(task_identifier order by id) filter (where has_failed), '{}') as "failedTasks"
   from (
     select id, task_identifier, run_at,
       locked_at is null and attempts < max_attempts and run_at <= now() as is_waiting,
       locked_at is null and attempts >= max_attempts and last_error is not null as has_failed
     from graphile_worker.jobs) job`,
);

/** Null before any server has made the queue. */
export async function findQueue(tx: Tx): Promise<QueueFacts | null> {
  const { present } = await tx.row(queueView, []);
  return present ? tx.row(queue, []) : null;
}

const scheduledJobs = statement<ScheduleFacts['jobs'][number]>(
  'doctor.scheduled_jobs',
  `select name, case when isfinite(queued_at) then greatest(0, extract(epoch from clock_timestamp() - queued_at))::float8 end
       as "queuedSeconds",
     coalesce(failed_at > coalesce(succeeded_at, '-infinity'), false) as "isFailing"
   from scheduled_job where name = any ($1::text[]) order by name`,
);
const served = statement<{ isServed: boolean }>(
  'doctor.served',
  `select exists (
     select from pg_stat_activity
     where datname = current_database() and application_name in ('keyward', 'keyward jobs') and pid <> pg_backend_pid()
   ) as "isServed"`,
);

/** @param tx on the only connection of this process @param names of the jobs that this version knows */
export async function findSchedule(tx: Tx, names: readonly string[]): Promise<ScheduleFacts> {
  const jobs = await tx.rows(scheduledJobs, [names]);
  return { jobs, ...(await tx.row(served, [])) };
}
