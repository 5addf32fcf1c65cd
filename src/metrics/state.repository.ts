import { expiredSql, slotSource } from '../api-key/api-key.sql.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { KeyStates, ScheduledJobState } from './state.ts';

const expired = expiredSql('now()');
const disabled = 'd.organization_id is not null';

/** One pass over the fleet: whoever calls it has to do so seldom. */
const keyStates = statement<KeyStates>(
  'metrics.key_states',
  `select count(*) filter (where ${disabled})::int as disabled,
     count(*) filter (where not (${disabled}) and ${expired})::int as expired,
     count(*) filter (where not (${disabled} or ${expired}) and k.fingerprint is not null)::int as enabled,
     count(*) filter (where not (${disabled} or ${expired}) and k.fingerprint is null)::int as empty
   from ${slotSource}
   left join (select distinct root_provider_id, organization_id from disablement where kind = 'CLOUD_SERVICE') d
     on d.root_provider_id = k.root_provider_id and d.organization_id = k.organization_id
   where k.kind = 'CLOUD_SERVICE'`,
  { isReplanned: true },
);

/** @param tx sees everything */
export function countKeyStates(tx: Tx): Promise<KeyStates> {
  return tx.row(keyStates, []);
}

const scheduledJobs = statement<ScheduledJobState>(
  'metrics.scheduled_jobs',
  `select name, extract(epoch from succeeded_at)::float8 as "succeededAt" from scheduled_job
   where name = any ($1::text[]) order by name`,
);

/** @param names of those that this version knows: of others that once were, rows are left */
export function listScheduledJobs(tx: Tx, names: readonly string[]): Promise<ScheduledJobState[]> {
  return tx.rows(scheduledJobs, [names]);
}
