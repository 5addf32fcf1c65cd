import type { OverlapTerms } from '../../src/api-key/overlap.ts';
import { regenerateAction } from '../../src/bulk-operation/regenerate-action.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { OrganizationGroupRef, OrganizationRef, RotationPolicyRef, ServiceProviderRef } from '../../src/ids.ts';
import type { GivenPlace } from '../../src/rotation/policy-place.ts';
import { createRotationPolicy } from '../../src/rotation/rotation-policy.service.ts';
import { newTermsFor, type RotationTerms } from '../../src/rotation/rotation-policy.ts';
import { setOverlapAllowed } from '../../src/service-provider/set-overlap-allowed.service.ts';
import { type KeyWorld, readSlot } from './key-world.ts';

type Place = ServiceProviderRef | OrganizationGroupRef | OrganizationRef;

export function placeOfPolicy(place: Place): GivenPlace {
  const none = { serviceProvider: null, group: null, organization: null };
  if ('organizationGroupId' in place) return { ...none, group: place };
  return 'organizationId' in place ? { ...none, organization: place } : { ...none, serviceProvider: place };
}

/** An automatic one of 30 days, unless it is said otherwise. */
export function policyTerms(more: Partial<RotationTerms> = {}): RotationTerms {
  const maximumAgeDays = more.maximumAgeDays ?? 30;
  return { name: 'Monthly', mode: 'AUTOMATIC', ...newTermsFor(maximumAgeDays), maximumAgeDays, ...more };
}

export function createPolicy(
  world: KeyWorld,
  place: Place,
  more: Partial<RotationTerms> = {},
  { actor = world.platformAdmin, now = new Date() }: { actor?: Actor; now?: Date } = {},
): Promise<RotationPolicyRef> {
  const given = { place: placeOfPolicy(place), terms: policyTerms(more), idempotencyKey: null };
  return createRotationPolicy(world.as(actor, now), given);
}

export async function allowOverlap(world: KeyWorld, serviceProvider: ServiceProviderRef, minutes = 1440) {
  const given = { serviceProvider, overlapAllowedMinutes: minutes, idempotencyKey: null };
  await setOverlapAllowed(world.as(world.platformAdmin), given);
}

/** Gives the organization's key another string, and the old one so long beside it. @returns the old and the new one */
export async function rotateWithOverlap(
  world: KeyWorld,
  overlap: OverlapTerms = { minutes: 60, graceMinutes: 15 },
  now = new Date(),
): Promise<{ readonly before: string; readonly after: string }> {
  const { services } = world.keyward;
  const { keyString: before } = await readSlot(world);
  const ctx = world.as(world.platformAdmin, now);
  await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const { decided, write } = await regenerateAction(ctx, 'CLOUD_SERVICE', { overlap }).decide(
      tx,
      [{ ...world.organization, position: 1, givenId: null }],
      'LOCK',
    );
    if (decided[0]?.decision.outcome !== 'CHANGED') throw new Error(JSON.stringify(decided[0]?.decision));
    await write();
  });
  const { keyString: after } = await readSlot(world);
  if (before === null || after === null) throw new Error('the slot is empty');
  return { before, after };
}
