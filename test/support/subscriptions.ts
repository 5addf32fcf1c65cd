import type { OrganizationRef } from '../../src/ids.ts';
import type { ApplySubscription } from '../../src/subscription/subscription.service.ts';
import { createTestOrganization, YEAR_MS } from './fixtures.ts';
import type { KeyWorld } from './key-world.ts';

export function offer(organization: OrganizationRef | null, more: Partial<ApplySubscription> = {}): ApplySubscription {
  const endsAt = new Date(Date.now() + YEAR_MS);
  return {
    organization,
    plan: 'API',
    startsAt: null,
    endsAt,
    callThreshold: null,
    thresholdPeriod: null,
    idempotencyKey: null,
    ...more,
  };
}

export const change = (organization: OrganizationRef | null) => ({
  organization,
  expectedVersion: null,
  idempotencyKey: null,
});

export interface SubscriptionRow {
  readonly plan: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly superseded_at: Date | null;
  readonly previous_ended_at: Date | null;
  readonly provisioned_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly version: number;
}

export function readSubscriptions(world: KeyWorld): Promise<SubscriptionRow[]> {
  const sql = 'select * from subscription where organization_id = $1 order by created_at, id';
  return world.keyward.database.query<SubscriptionRow>(sql, [world.organization.organizationId]);
}

/** The same tenants with an organization that never had a subscription. */
export async function withFreshOrganization(world: KeyWorld): Promise<KeyWorld> {
  const { tenants, keyward } = world;
  return {
    ...world,
    organization: await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, null),
  };
}
