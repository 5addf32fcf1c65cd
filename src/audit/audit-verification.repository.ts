import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import { chainedEventColumns } from './audit-chain.sql.ts';
import type { ChainedEvent } from './audit-chain.ts';
import type { ChainEntry } from './chain-check.ts';

const listRoots = statement<{ id: ServiceProviderId }>(
  'audit_verification.list_roots',
  `select root_provider_id as id from audit_event union select root_provider_id from audit_link
   union select root_provider_id from audit_chain union select root_provider_id from audit_unsealed order by id`,
);

/** Every root provider that has anything to do with the trail. */
export async function findAuditedRoots(tx: Tx): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRoots, [])).map(({ id }) => id);
}

interface EntryRow extends Omit<ChainEntry, 'event'>, ChainedEvent {
  readonly hasEvent: boolean;
}

const listEntries = statement<EntryRow>(
  'audit_verification.list_entries',
  `select l.sequence::float8 as sequence, l.event_id as "eventId", l.hash, e.id is not null as "hasEvent",
     ${chainedEventColumns}
   from audit_link l
   left join audit_event e on e.root_provider_id = l.root_provider_id and e.id = l.event_id
   where l.root_provider_id = $1 and l.sequence > $2 order by l.sequence limit $3`,
);

/** The links after a sequence, in their order, with what they link. */
export async function findChainEntries(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  after: number,
  most: number,
): Promise<ChainEntry[]> {
  const rows = await tx.rows(listEntries, [rootProviderId, after, most]);
  return rows.map(({ sequence, eventId, hash, hasEvent, ...event }) => {
    return { sequence, eventId, hash, event: hasEvent ? event : null };
  });
}

interface Stray {
  readonly id: string;
}

const firstUnchained = statement<Stray>(
  'audit_verification.find_first_unchained',
  `select e.id from audit_event e where e.root_provider_id = $1
     and not exists (select from audit_link l where l.root_provider_id = $1 and l.event_id = e.id)
     and not exists (select from audit_unsealed u where u.root_provider_id = $1 and u.event_id = e.id)
   order by e.at, e.id limit 1`,
);

/** The oldest event that is in no chain and does not wait to be put there; null when there is none. */
export async function findUnchainedEvent(tx: Tx, rootProviderId: ServiceProviderId): Promise<string | null> {
  return (await tx.rowOrNull(firstUnchained, [rootProviderId]))?.id ?? null;
}

const firstWaitingMissing = statement<Stray>(
  'audit_verification.find_first_waiting_missing',
  `select u.event_id as id from audit_unsealed u where u.root_provider_id = $1
     and not exists (select from audit_event e where e.root_provider_id = $1 and e.id = u.event_id)
   order by u.event_id limit 1`,
);

/** The first id that waits to be sealed and has no event any more; null when there is none. */
export async function findWaitingMissing(tx: Tx, rootProviderId: ServiceProviderId): Promise<string | null> {
  return (await tx.rowOrNull(firstWaitingMissing, [rootProviderId]))?.id ?? null;
}

const countOfWaiting = statement<{ waiting: number }>(
  'audit_verification.count_waiting',
  'select count(*)::float8 as waiting from audit_unsealed where root_provider_id = $1',
);

export async function countWaiting(tx: Tx, rootProviderId: ServiceProviderId): Promise<number> {
  return (await tx.row(countOfWaiting, [rootProviderId])).waiting;
}
