import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { AuditEventId, OrganizationId, ServiceProviderId } from '../ids.ts';
import { eventColumns, eventJoins } from './event.sql.ts';
import type { Event } from './event.ts';

/** The end of one root's chain. */
export interface ChainHead {
  readonly rootProviderId: ServiceProviderId;
  readonly sequence: number;
}

const listHeads = statement<ChainHead>(
  'event_tail.list_heads',
  `select root_provider_id as "rootProviderId", sequence::float8 as sequence from audit_chain
   where $1::uuid is null or root_provider_id = $1`,
);

/** Of one root, or of all. @param tx has the platform's scope */
export function findChainHeads(tx: Tx, rootProviderId: ServiceProviderId | null): Promise<ChainHead[]> {
  return tx.rows(listHeads, [rootProviderId]);
}

export interface TailLink extends ChainHead {
  readonly eventId: AuditEventId;
}

const listLinks = statement<TailLink>(
  'event_tail.list_links',
  `select l.root_provider_id as "rootProviderId", l.sequence::float8 as sequence, l.event_id as "eventId"
   from unnest($1::uuid[], $2::bigint[]) seen (root_provider_id, sequence)
   join audit_link l on l.root_provider_id = seen.root_provider_id and l.sequence > seen.sequence
     and l.sequence <= seen.sequence + $3
   order by l.root_provider_id, l.sequence limit $3`,
);

/** What came after these, in the order of each chain. @param tx has the platform's scope */
export function findLinksAfter(tx: Tx, seen: readonly ChainHead[], most: number): Promise<TailLink[]> {
  return tx.rows(listLinks, [seen.map((head) => head.rootProviderId), seen.map(({ sequence }) => sequence), most]);
}

const listEvents = statement<Event>(
  'event_tail.list_events',
  `select ${eventColumns} from unnest($1::uuid[], $2::uuid[]) with ordinality wanted (root_provider_id, id, position)
   join audit_event a on a.root_provider_id = wanted.root_provider_id and a.id = wanted.id
   ${eventJoins}
   where a.result = 'OK' order by wanted.position`,
);

/** Those of them that the transaction's scope shows, in their order. */
export function findEvents(tx: Tx, links: readonly TailLink[]): Promise<Event[]> {
  return tx.rows(listEvents, [links.map(({ rootProviderId }) => rootProviderId), links.map(({ eventId }) => eventId)]);
}

const listRecent = statement<Event>(
  'event_tail.list_recent',
  `select ${eventColumns} from audit_event a ${eventJoins}
   where a.result = 'OK' and a.action = any ($4::text[]) and ($5::uuid is null or a.organization_id = $5)
     and ($1::uuid is null or (a.root_provider_id = $1 and $2 = any (a.provider_path)))
     and ($3::uuid[] is null or a.organization_id = any ($3))
   order by a.at desc, a.id desc limit $6`,
  { isReplanned: true },
);

/** The latest that a scope shows, the oldest of them first. */
export async function findRecentEvents(
  tx: Tx,
  scope: Scope,
  actions: readonly string[],
  organizationId: OrganizationId | null,
  most: number,
): Promise<Event[]> {
  return (await tx.rows(listRecent, [...sightOf(scope), actions, organizationId, most])).reverse();
}
