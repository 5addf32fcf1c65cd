import type { Tx } from '../database/database.ts';
import { type Scope, sightOf, type TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { fleetConditions, refsSql } from '../fleet/fleet.sql.ts';
import { type ResolvedFilter, WHOLE_FLEET } from '../fleet/fleet.ts';
import type { BulkOperationId, OrganizationRef } from '../ids.ts';
import type { BulkOutcome } from './bulk-operation.ts';
import type { BulkItem, BulkOperation, BulkResult } from './bulk-operation-row.ts';

/** Which operation they are of: not a row yet when its items are made. */
export interface Owner extends TenantRow {
  readonly id: string;
}

/**
 * The organizations that match right now, in lock order.
 * @param most one more than this is not looked for
 * @returns how many there are
 */
export function insertItemsByFilter(
  tx: Tx,
  owner: Owner,
  { scope, filter, now, most }: { scope: Scope; filter: ResolvedFilter; now: Date; most: number },
): Promise<number> {
  const conditions = fleetConditions(scope, filter, now);
  const refs = refsSql(conditions, most + 1);
  const id = `$${conditions.values.push(owner.id)}`;
  const insert = statement<never>(
    `bulk_item.insert_${conditions.code}`,
    `insert into bulk_item (root_provider_id, operation_id, position, provider_path, organization_id)
     select o.root_provider_id, ${id}::uuid, row_number() over (order by o.root_provider_id, o.id), o.provider_path, o.id
     from (${refs}) o`,
  );
  return tx.count(insert, conditions.values);
}

/** An id as it was given, and what it names if it is one at all. */
export interface GivenId {
  readonly text: string;
  readonly ref: OrganizationRef | null;
}

/** What is told of an id that names nothing. */
export interface Missing {
  readonly code: string;
  readonly message: string;
}

/** The organizations named, each once, in lock order; after them the ids that name nothing, which are refused at once. */
export function insertItemsByIds(
  tx: Tx,
  owner: Owner,
  { scope, ids, now, missing }: { scope: Scope; ids: readonly GivenId[]; now: Date; missing: Missing },
): Promise<number> {
  const conditions = fleetConditions(scope, { ...WHOLE_FLEET, group: null }, now);
  const add = (value: unknown) => `$${conditions.values.push(value)}`;
  const [roots, organizations, texts] = [
    add(ids.map(({ ref }) => ref?.rootProviderId ?? null)),
    add(ids.map(({ ref }) => ref?.organizationId ?? null)),
    add(ids.map(({ text }) => text)),
  ];
  const [id, root, path, home] = [owner.id, owner.rootProviderId, owner.providerPath, owner.organizationId].map(add);
  const [code, message] = [add(missing.code), add(missing.message)];
  const isInSight = conditions.where;
  const insert = statement<never>(
    `bulk_item.insert_ids_${conditions.code}`,
    `insert into bulk_item (root_provider_id, operation_id, position, provider_path, organization_id, given_id, outcome,
       code, message)
     select coalesce(o.root_provider_id, ${root}::uuid), ${id}::uuid,
       row_number() over (order by o.root_provider_id, o.id, g.position), coalesce(o.provider_path, ${path}::uuid[]),
       coalesce(o.id, ${home}::uuid), case when o.id is null then g.given end,
       case when o.id is null then 'REFUSED'::bulk_outcome end, case when o.id is null then ${code} end,
       case when o.id is null then ${message} end
     from unnest(${roots}::uuid[], ${organizations}::uuid[], ${texts}::text[])
         with ordinality g (root_provider_id, id, given, position)
       left join organization o on o.root_provider_id = g.root_provider_id and o.id = g.id and ${isInSight}`,
  );
  return tx.count(insert, conditions.values);
}

const next = statement<BulkItem>(
  'bulk_item.next',
  `select root_provider_id as "rootProviderId", position,
     case when given_id is null then organization_id end as "organizationId", given_id as "givenId"
   from bulk_item where operation_id = $1 and position > $2 order by position limit $3`,
);

/** The next ones after a position, in lock order. */
export function findNextItems(tx: Tx, { id }: BulkOperation, after: number, most: number): Promise<BulkItem[]> {
  return tx.rows(next, [id, after, most]);
}

const countSame = statement<{ count: number }>(
  'bulk_item.count_same',
  `select count(*)::int as count from bulk_item one
   join bulk_item other on other.root_provider_id = one.root_provider_id
     and coalesce(other.given_id, other.organization_id::text) = coalesce(one.given_id, one.organization_id::text)
   where one.operation_id = $1 and other.operation_id = $2`,
);

/** How many organizations, and ids that name none, two operations have in common. */
export async function countSameItems(tx: Tx, one: BulkOperationId, other: BulkOperationId): Promise<number> {
  return (await tx.row(countSame, [one, other])).count;
}

/** How an item ended that was not changed. */
export interface ItemEnd {
  readonly item: BulkItem;
  readonly outcome: Exclude<BulkOutcome, 'CHANGED'>;
  readonly code: string | null;
  readonly message: string | null;
}

const writeOutcomes = statement<never>(
  'bulk_item.write_outcomes',
  `update bulk_item i set outcome = e.outcome, code = e.code, message = e.message
   from unnest($2::uuid[], $3::int[], $4::bulk_outcome[], $5::text[], $6::text[])
     e (root_provider_id, position, outcome, code, message)
   where i.operation_id = $1 and i.root_provider_id = e.root_provider_id and i.position = e.position`,
);

/** Those that were changed are not written again: that follows from how far the operation is. */
export async function writeItemEnds(tx: Tx, { id }: BulkOperation, ends: readonly ItemEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const written = await tx.count(writeOutcomes, [
    id,
    ends.map(({ item }) => item.rootProviderId),
    ends.map(({ item }) => item.position),
    ends.map(({ outcome }) => outcome),
    ends.map(({ code }) => code),
    ends.map(({ message }) => message),
  ]);
  if (written !== ends.length) throw new Error('an item of an operation is gone');
}

/**
 * What has no outcome of its own and was gone through was changed: $2 is how far that is known. $4 to $6 are what the viewer
 * sees: the first line of isolation.
 */
const result = `select * from (
    select root_provider_id as "rootProviderId", position,
      case when given_id is null then organization_id end as "organizationId", given_id as "givenId",
      coalesce(outcome, case when position <= $2 then 'CHANGED'::bulk_outcome end) as outcome, code, message
    from bulk_item
    where operation_id = $1 and ($4::uuid is null or root_provider_id = $4) and ($5::uuid is null or $5 = any (provider_path))
      and ($6::uuid[] is null or organization_id = any ($6))) r
  where outcome is not null and ($3::bulk_outcome is null or outcome = $3)`;

const resultPage = statement<BulkResult>(
  'bulk_item.result_page',
  `${result} and position > $7 order by position limit $8`,
);

/** Which results are meant. */
export interface Known {
  /** Up to which position the rest was changed. */
  readonly changedThrough: number;
  /** Null: whatever it is. */
  readonly outcome: BulkOutcome | null;
}

/** In lock order, from a position on. */
export function findResultPage(
  tx: Tx,
  scope: Scope,
  { id }: BulkOperation,
  { changedThrough, outcome, after, most }: Known & { readonly after: number; readonly most: number },
): Promise<BulkResult[]> {
  return tx.rows(resultPage, [id, changedThrough, outcome, ...sightOf(scope), after, most]);
}

const resultCount = statement<{ count: number }>(
  'bulk_item.result_count',
  `select count(*)::int as count from (${result}) counted`,
);

export async function countResults(
  tx: Tx,
  scope: Scope,
  { id }: BulkOperation,
  { changedThrough, outcome }: Known,
): Promise<number> {
  return (await tx.row(resultCount, [id, changedThrough, outcome, ...sightOf(scope)])).count;
}
