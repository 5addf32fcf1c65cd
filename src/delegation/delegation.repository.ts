import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ActorId, DelegationRef, ServiceProviderId } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { type Delegation, type DelegationSide, type DelegationStatus, delegationStatuses } from './delegation.ts';

const columns = `d.root_provider_id as "rootProviderId", d.id, d.provider_id as "providerId",
  d.provider_path as "providerPath", null as "organizationId", d.provider_name as "providerName",
  d.organization_ids as "organizationIds", d.organization_provider_ids as "organizationProviderIds", d.role,
  d.grantee_root_provider_id as "granteeRootProviderId", d.grantee_provider_id as "granteeProviderId",
  d.grantee_provider_name as "granteeProviderName", d.note, d.created_at as "createdAt",
  d.created_by_id as "createdById", d.created_by_name as "createdByName", d.expires_at as "expiresAt",
  d.accepted_at as "acceptedAt", d.accepted_by_id as "acceptedById", d.accepted_by_name as "acceptedByName",
  d.ended_at as "endedAt", d.ended_by_id as "endedById", d.ended_by_name as "endedByName"`;

const find = statement<Delegation>(
  'delegation.find',
  `select ${columns} from delegation d where d.root_provider_id = $1 and d.id = $2`,
);

export function findDelegation(tx: Tx, ref: DelegationRef): Promise<Delegation | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.delegationId]);
}

const lock = statement<Delegation>(
  'delegation.lock',
  `select ${columns} from delegation d where d.root_provider_id = $1 and d.id = $2 for update`,
);

export function lockDelegation(tx: Tx, ref: DelegationRef): Promise<Delegation | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.delegationId]);
}

const insert = statement<never>(
  'delegation.insert',
  `insert into delegation (root_provider_id, id, provider_id, provider_path, provider_name, organization_ids,
     organization_provider_ids, role, grantee_root_provider_id, grantee_provider_id, note, created_at, created_by_id,
     created_by_name, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
);

/** One that waits to be accepted. What it lends, to whom and until when never changes. */
export async function insertDelegation(tx: Tx, delegation: Delegation): Promise<void> {
  await tx.count(insert, [
    delegation.rootProviderId,
    delegation.id,
    delegation.providerId,
    delegation.providerPath,
    delegation.providerName,
    delegation.organizationIds,
    delegation.organizationProviderIds,
    delegation.role,
    delegation.granteeRootProviderId,
    delegation.granteeProviderId,
    delegation.note,
    delegation.createdAt,
    delegation.createdById,
    delegation.createdByName,
    delegation.expiresAt,
  ]);
}

/** Who did it, and when. */
export interface Mark {
  readonly at: Date;
  readonly byId: ActorId | null;
  readonly byName: string;
}

const accept = statement<never>(
  'delegation.accept',
  `update delegation set grantee_provider_name = $3, accepted_at = $4, accepted_by_id = $5, accepted_by_name = $6
   where root_provider_id = $1 and id = $2 and accepted_at is null and ended_at is null`,
);

/** Of a locked row. @throws Error when it is accepted or ended */
export async function writeAcceptance(
  tx: Tx,
  { rootProviderId, id }: Delegation,
  granteeProviderName: string,
  { at, byId, byName }: Mark,
): Promise<void> {
  const written = await tx.count(accept, [rootProviderId, id, granteeProviderName, at, byId, byName]);
  if (written !== 1) throw new Error('a locked delegation was accepted or ended meanwhile');
}

const end = statement<never>(
  'delegation.end',
  `update delegation set ended_at = $3, ended_by_id = $4, ended_by_name = $5
   where root_provider_id = $1 and id = $2 and ended_at is null`,
);

/** Of a locked row. @throws Error when it is ended */
export async function writeEnd(tx: Tx, { rootProviderId, id }: Delegation, { at, byId, byName }: Mark): Promise<void> {
  const written = await tx.count(end, [rootProviderId, id, at, byId, byName]);
  if (written !== 1) throw new Error('a locked delegation was ended meanwhile');
}

/** Whose list it is: a provider's, or everybody's. */
export interface Viewer {
  readonly rootProviderId: ServiceProviderId;
  readonly providerId: ServiceProviderId;
}

export interface DelegationFilter {
  readonly side: DelegationSide | null;
  readonly isActive: boolean | null;
  readonly status: DelegationStatus | null;
}

/** The first line of isolation ($1, $2: the viewer's provider, null for the platform); row-level security is the second. */
const received = '(d.grantee_root_provider_id = $1 and d.grantee_provider_id = $2)';
const inSight = `($1::uuid is null or ${received} or (d.root_provider_id = $1 and $2::uuid = any (d.provider_path)))`;

/** The twin of `delegationStatus` ($5: now). */
const status = `case when d.ended_at is not null then 'ENDED' when d.expires_at <= $5 then 'EXPIRED'
  when d.accepted_at is null then 'PENDING' else 'ACTIVE' end`;

/** The first is the twin of `sideOf`. */
const matches = `($3::text is null or $3 = case when ${received} then 'RECEIVED' else 'GRANTED' end)
  and ${status} = any ($4::text[])`;

function valuesOf(viewer: Viewer | null, { side, isActive, status }: DelegationFilter, now: Date): unknown[] {
  const statuses = delegationStatuses.filter(
    (each) => (status === null || each === status) && (isActive === null || (each === 'ACTIVE') === isActive),
  );
  return [viewer?.rootProviderId ?? null, viewer?.providerId ?? null, side, statuses, now];
}

const page = statement<Delegation>(
  'delegation.page',
  `select ${columns} from delegation d
   where ${inSight} and ${matches} and ($6::timestamptz is null or (d.created_at, d.id) < ($6, $7::uuid))
   order by d.created_at desc, d.id desc limit $8`,
);

/** One longer than asked for; the newest first. @param viewer null: the platform */
export function findDelegationPage(
  tx: Tx,
  viewer: Viewer | null,
  filter: DelegationFilter,
  now: Date,
  { first, after }: PageRequest,
): Promise<Delegation[]> {
  return tx.rows(page, [...valuesOf(viewer, filter, now), after?.value ?? null, after?.id ?? null, first + 1]);
}

const count = statement<{ count: number }>(
  'delegation.count',
  `select count(*)::int as count from delegation d where ${inSight} and ${matches}`,
);

export async function countDelegations(
  tx: Tx,
  viewer: Viewer | null,
  filter: DelegationFilter,
  now: Date,
): Promise<number> {
  return (await tx.row(count, valuesOf(viewer, filter, now))).count;
}
