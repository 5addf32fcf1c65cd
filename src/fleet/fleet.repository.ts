import { type SlotViewRow, toSlotView } from '../api-key/api-key.sql.ts';
import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { SubscriptionId } from '../ids.ts';
import type { OrganizationView } from '../organization/organization.ts';
import { toPage } from '../page.ts';
import type { ThresholdPeriod } from '../subscription/subscription.ts';
import { countSql, fleetConditions, pageSql } from './fleet.sql.ts';
import type { FleetItem, FleetPage, Parents, ResolvedFilter, ResolvedQuery } from './fleet.ts';

interface FleetRow extends SlotViewRow, Omit<OrganizationView, 'createdAt'> {
  readonly organizationCreatedAt: Date;
  readonly subscriptionId: SubscriptionId | null;
  readonly plan: string | null;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
  readonly subscriptionVersion: number | null;
  /** Under which of the parents, from 1; absent in a list of its own. */
  readonly parentPosition?: number;
}

interface CountRow {
  readonly count: number;
  readonly parentPosition?: number;
}

/**
 * One page of the organizations in sight, each with its subscription and its `CLOUD_SERVICE` slot; or one page under
 * each of the parents. One statement either way.
 */
export async function findFleetPages(
  tx: Tx,
  scope: Scope,
  parents: Parents,
  { filter, order, page }: ResolvedQuery,
  now: Date,
): Promise<FleetPage[]> {
  const conditions = fleetConditions(scope, filter, now);
  const sql = pageSql(conditions, parents, order, page);
  const name = `fleet.page_${order.field}_${order.direction}_${conditions.code}`;
  const rows = await tx.rows(statement<FleetRow>(name, sql), conditions.values);
  return perParent(rows, parents).map((own) => toPage(own.map(toFleetItem), page));
}

export async function countFleets(
  tx: Tx,
  scope: Scope,
  parents: Parents,
  filter: ResolvedFilter,
  now: Date,
): Promise<number[]> {
  const conditions = fleetConditions(scope, filter, now);
  const sql = countSql(conditions, parents);
  const rows = await tx.rows(statement<CountRow>(`fleet.count_${conditions.code}`, sql), conditions.values);
  return perParent(rows, parents).map((own) => own[0]?.count ?? 0);
}

function perParent<Row extends { readonly parentPosition?: number }>(rows: Row[], parents: Parents): Row[][] {
  if (parents === null) return [rows];
  const byPosition = Map.groupBy(rows, (row) => row.parentPosition);
  return parents.map((_, index) => byPosition.get(index + 1) ?? []);
}

function toFleetItem(row: FleetRow): FleetItem {
  const { rootProviderId, organizationId, providerId, name, externalId, organizationCreatedAt: createdAt } = row;
  return {
    organization: { rootProviderId, organizationId, providerId, name, externalId, createdAt },
    subscription: toSubscription(row),
    apiKey: toSlotView(row, rootProviderId, organizationId, 'CLOUD_SERVICE'),
  };
}

function toSubscription(row: FleetRow): FleetItem['subscription'] {
  const { subscriptionId: id, plan, startsAt, endsAt, subscriptionVersion: version } = row;
  if (id === null || plan === null || startsAt === null || endsAt === null || version === null) return null;
  const { rootProviderId, callThreshold, thresholdPeriod, cancelledAt, previousEndedAt } = row;
  return {
    rootProviderId,
    id,
    plan,
    startsAt,
    endsAt,
    callThreshold,
    thresholdPeriod,
    cancelledAt,
    previousEndedAt,
    version,
  };
}
