import { type SlotRow, toSlot } from '../api-key/api-key.sql.ts';
import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { SubscriptionId } from '../ids.ts';
import { type PageRequest, toPage } from '../page.ts';
import type { ThresholdPeriod } from '../subscription/subscription.ts';
import type { Organization } from '../organization/organization.ts';
import type { FleetFilter, FleetItem, FleetOrder, FleetPage } from './fleet.ts';
import { countSql, fleetConditions, pageSql } from './fleet.sql.ts';

interface FleetRow extends SlotRow, Omit<Organization, 'createdAt' | 'providerPath' | 'rootProviderId' | 'organizationId'> {
  readonly organizationCreatedAt: Date;
  readonly subscriptionId: SubscriptionId | null;
  readonly plan: string | null;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
  readonly subscriptionVersion: number | null;
  readonly orderValue: string;
}

/** One page of the organizations in sight, each with its subscription and its `CLOUD_SERVICE` slot. One statement. */
export async function findFleetPage(
  tx: Tx,
  scope: Scope,
  filter: FleetFilter,
  order: FleetOrder,
  page: PageRequest,
  now: Date,
): Promise<FleetPage> {
  const conditions = fleetConditions(scope, filter, now);
  const sql = pageSql(conditions, order, page.after, page.first + 1);
  const name = `fleet.page_${order.field}_${order.direction}_${conditions.code}`;
  const rows = await tx.rows(statement<FleetRow>(name, sql), conditions.values);
  return toPage(rows.map(toFleetItem), page);
}

export async function countFleet(tx: Tx, scope: Scope, filter: FleetFilter, now: Date): Promise<number> {
  const conditions = fleetConditions(scope, filter, now);
  const sql = statement<{ count: number }>(`fleet.count_${conditions.code}`, countSql(conditions));
  return (await tx.row(sql, conditions.values)).count;
}

function toFleetItem(row: FleetRow): FleetItem {
  const { rootProviderId, organizationId, providerPath } = row;
  return {
    organization: {
      rootProviderId,
      organizationId,
      providerPath,
      providerId: row.providerId,
      name: row.name,
      externalId: row.externalId,
      createdAt: row.organizationCreatedAt,
    },
    subscription: toSubscription(row),
    apiKey: toSlot({
      rootProviderId,
      organizationId,
      providerPath,
      kind: row.kind,
      version: row.version,
      fingerprint: row.fingerprint,
      lastFour: row.lastFour,
      createdAt: row.createdAt,
      lastModifiedAt: row.lastModifiedAt,
      lastModifiedById: row.lastModifiedById,
      lastModifiedByName: row.lastModifiedByName,
      disabledBy: row.disabledBy,
      startsAt: row.startsAt,
      endsAt: row.endsAt,
      previousEndedAt: row.previousEndedAt,
    }),
    orderValue: row.orderValue,
  };
}

function toSubscription(row: FleetRow): FleetItem['subscription'] {
  const { subscriptionId: id, plan, startsAt, endsAt, subscriptionVersion: version } = row;
  if (id === null || plan === null || startsAt === null || endsAt === null || version === null) return null;
  const { rootProviderId, organizationId, providerPath, callThreshold, thresholdPeriod, previousEndedAt } = row;
  const place = { rootProviderId, organizationId, providerPath };
  return { ...place, id, plan, startsAt, endsAt, callThreshold, thresholdPeriod, previousEndedAt, version };
}
