import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import { chainedEventColumns } from './audit-chain.sql.ts';
import type { ChainedEvent } from './audit-chain.ts';
import type { AuditHeadRow } from './audit-head.ts';

const listRoots = statement<{ id: ServiceProviderId }>(
  'audit_chain.list_roots_to_seal',
  `select root_provider_id as id from audit_unsealed
   union select root_provider_id from audit_chain where $1 and signature is null`,
);

/** The roots with events that are in no chain yet, and where `signs` is true those whose head is not signed. */
export async function findRootsToSeal(tx: Tx, signs: boolean): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRoots, [signs])).map(({ id }) => id);
}

/** Ids of events are UUIDs of version 7: the first 48 bits are the milliseconds since 1970 when it was made. */
const oldestUnsealed = statement<{ seconds: number }>(
  'audit_chain.find_oldest_unsealed',
  `select extract(epoch from now())::float8 - ('x' || left(replace(event_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0::float8
     as seconds
   from audit_unsealed order by event_id limit 1`,
);

/** How long the oldest event waits to be put into its chain, in seconds; 0 when none does. @param tx sees all tenants */
export async function findOldestUnsealed(tx: Tx): Promise<number> {
  return (await tx.rowOrNull(oldestUnsealed, []))?.seconds ?? 0;
}

const lock = statement<{ locked: boolean }>(
  'audit_chain.try_lock',
  `select pg_try_advisory_xact_lock(hashtext('keyward.audit_chain'), hashtext($1)) as locked`,
);

/** Until the transaction ends nobody else seals this chain; false when somebody else does so now. */
export async function tryLockChain(tx: Tx, rootProviderId: ServiceProviderId): Promise<boolean> {
  return (await tx.row(lock, [rootProviderId])).locked;
}

const selectHead = statement<AuditHeadRow>(
  'audit_chain.find_head',
  `select root_provider_id as "rootProviderId", sequence::float8 as sequence, hash, signature,
     least(greatest(sealed_at, '0001-01-01 00:00Z'), '9999-12-31 00:00Z') as "sealedAt"
   from audit_chain where root_provider_id = $1`,
);

/** Null while nothing is sealed. A time that nobody seals at, such as infinity, is given as one that can be told. */
export function findHead(tx: Tx, rootProviderId: ServiceProviderId): Promise<AuditHeadRow | null> {
  return tx.rowOrNull(selectHead, [rootProviderId]);
}

const listUnsealed = statement<ChainedEvent>(
  'audit_chain.list_unsealed',
  `select ${chainedEventColumns} from audit_event e
   join (select event_id from audit_unsealed where root_provider_id = $1 order by event_id limit $2) u on u.event_id = e.id
   where e.root_provider_id = $1 order by e.at, e.id`,
);

/** The oldest of those that wait, by their ids. */
export function findUnsealedEvents(tx: Tx, rootProviderId: ServiceProviderId, most: number): Promise<ChainedEvent[]> {
  return tx.rows(listUnsealed, [rootProviderId, most]);
}

const insertMany = statement<never>(
  'audit_chain.insert_links',
  `insert into audit_link (root_provider_id, sequence, event_id, hash)
   select $1, $2::bigint + position, event_id, hash
   from unnest($3::uuid[], $4::bytea[]) with ordinality as link (event_id, hash, position)`,
);

export interface NewLink {
  readonly eventId: string;
  readonly hash: Buffer;
}

/** @param after sequence of the link that these come after */
export async function insertLinks(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  after: number,
  links: readonly NewLink[],
): Promise<void> {
  const values = [rootProviderId, after, links.map(({ eventId }) => eventId), links.map(({ hash }) => hash)];
  await tx.count(insertMany, values);
}

const deleteMany = statement<never>(
  'audit_chain.delete_unsealed',
  'delete from audit_unsealed where root_provider_id = $1 and event_id = any ($2::uuid[])',
);

export function deleteUnsealed(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  eventIds: readonly string[],
): Promise<number> {
  return tx.count(deleteMany, [rootProviderId, eventIds]);
}

const upsertHead = statement<never>(
  'audit_chain.save_head',
  `insert into audit_chain (root_provider_id, sequence, hash, sealed_at, signature) values ($1, $2, $3, $4, $5)
   on conflict (root_provider_id) do update
   set sequence = excluded.sequence, hash = excluded.hash, sealed_at = excluded.sealed_at, signature = excluded.signature
   where audit_chain.sequence = $6`,
);

/** @returns whether the head was still at `previous` */
export async function saveHead(tx: Tx, head: AuditHeadRow, previous: number): Promise<boolean> {
  const { rootProviderId, sequence, hash, sealedAt, signature } = head;
  return (await tx.count(upsertHead, [rootProviderId, sequence, hash, sealedAt, signature, previous])) === 1;
}
