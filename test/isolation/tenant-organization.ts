import { lockSlot } from '../../src/api-key/api-key.repository.ts';
import { disableApiKey, editApiKey, regenerateApiKey } from '../../src/api-key/api-key.service.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { Role } from '../../src/identity/permissions.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { canary } from '../support/canary.ts';
import { contextOf, createStaff, keyInput, type TestStaff, YEAR_MS } from '../support/fixtures.ts';
import type { TestInstallation } from '../support/test-installation.ts';

export type Installation = Pick<TestInstallation, 'services' | 'database'>;

/** A text that nothing else says. */
export const say = (what: string): string => `${what} ${canary()}`;

export interface Maker {
  readonly keyward: Installation;
  readonly platformAdmin: TestStaff;
  /** Of the tenant's own provider. */
  readonly operator: TestStaff;
  readonly provider: ServiceProviderRef;
  readonly grantee: ServiceProviderRef;
}

/** Somebody of the tenant, with a canary for a name. */
export async function createNamedStaff(
  { services, database }: Installation,
  role: Role,
  place: ServiceProviderRef | OrganizationRef,
): Promise<TestStaff> {
  const staff = await createStaff(services, role, place);
  const [displayName, username] = [say('Somebody'), `${canary()}@keyward.test`];
  await database.query(
    `update staff_member set display_name = $3, username = $4, username_folded = $4, last_login_at = now()
     where root_provider_id = $1 and id = $2`,
    [staff.member.rootProviderId, staff.member.id, displayName, username],
  );
  return {
    ...staff,
    username,
    actor: { ...staff.actor, displayName },
    member: { ...staff.member, displayName, username },
  };
}

/** With a subscription and a key in one slot, and a disablement of the other, all by people of its own provider. */
export async function createTenantOrganization(maker: Maker, callThreshold: number): Promise<OrganizationRef> {
  const { keyward, platformAdmin, operator, provider } = maker;
  const { services } = keyward;
  const platform = contextOf(services, platformAdmin.actor);
  const organization = await createOrganization(platform, {
    serviceProvider: provider,
    name: say('Organization'),
    externalId: canary(),
    idempotencyKey: null,
  });
  await applySubscription(platform, {
    organization,
    plan: say('Plan'),
    startsAt: null,
    endsAt: new Date(platform.now.getTime() + YEAR_MS),
    callThreshold,
    thresholdPeriod: 'DAY',
    idempotencyKey: null,
  });
  const ctx = contextOf(services, operator.actor);
  await regenerateApiKey(ctx, keyInput(organization));
  const disabled = { ...keyInput(organization, 'SANDBOX_SUBMISSION'), reason: 'OTHER' as const };
  await disableApiKey(ctx, { ...disabled, note: say('Note') });
  return organization;
}

/** Another organization with the same string, so that there is a group of those who share it. */
export async function createTwin(maker: Maker, keyString: string): Promise<void> {
  const organization = await createTenantOrganization(maker, 7_200_000);
  const ctx = contextOf(maker.keyward.services, maker.operator.actor);
  await editApiKey(ctx, { ...keyInput(organization), newKey: new Secret(keyString) });
}

export async function keyStringOf({ services }: Installation, organization: OrganizationRef): Promise<string> {
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const slot = await lockSlot(tx, { ...organization, kind: 'CLOUD_SERVICE' });
    const keyString = slot === null ? null : await openKeyString(services, tx, slot);
    if (keyString === null) throw new Error('the organization has no key');
    return keyString.expose();
  });
}
