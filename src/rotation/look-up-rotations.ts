import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import { dueAt, type RotationState, rotationStateAt } from '../api-key/key-age.ts';
import { findOverlaps } from '../api-key/overlap.repository.ts';
import type { Overlap } from '../api-key/overlap.ts';
import type { RequestContext } from '../context.ts';
import { inSight, PLATFORM_SCOPE } from '../database/scope.ts';
import { findRotationPolicies } from './rotation-policy.repository.ts';
import type { RotationMode, RotationPolicy } from './rotation-policy.ts';
import { plannedAt } from './rotation-window.ts';
import { findRotatedSlots } from './slot-rotation.repository.ts';

/** When a key is to be rotated, as whoever may see the key is told. */
export interface KeyRotation extends ApiKeyRef {
  /** Null when it is out of the viewer's sight: rules that others made for them hold all the same. */
  readonly policy: RotationPolicy | null;
  readonly mode: RotationMode;
  readonly dueAt: Date;
  readonly state: RotationState;
  readonly plannedAt: Date;
}

/** Of slots in sight that have one, ended or not. */
export function lookUpOverlaps(
  { actor, database }: Pick<RequestContext, 'actor' | 'database'>,
  refs: readonly ApiKeyRef[],
): Promise<(ApiKeyRef & { readonly overlap: Overlap })[]> {
  return database.read(actor.scope, (tx) => findOverlaps(tx, refs));
}

/** Of slots in sight; nothing of those that no policy holds for, or that hold no string. */
export async function lookUpRotations(
  { actor, database, now }: Pick<RequestContext, 'actor' | 'database' | 'now'>,
  refs: readonly ApiKeyRef[],
): Promise<KeyRotation[]> {
  const slots = await database.read(actor.scope, (tx) => findRotatedSlots(tx, refs));
  if (slots.length === 0) return [];
  const policyRefs = slots.map(({ rootProviderId, policyId }) => ({ rootProviderId, rotationPolicyId: policyId }));
  const policies = await database.read(PLATFORM_SCOPE, (tx) => findRotationPolicies(tx, policyRefs));
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  return slots.flatMap(({ modifiedAt, rootProviderId, organizationId, kind, ...slot }) => {
    const policy = byId.get(slot.policyId);
    if (policy === undefined) return [];
    const due = dueAt(slot, modifiedAt);
    return [
      {
        ...{ rootProviderId, organizationId, kind, dueAt: due, mode: policy.mode },
        policy: inSight(actor.scope, policy) ? policy : null,
        state: rotationStateAt(slot, modifiedAt, now),
        plannedAt: plannedAt(policy.window, due > now ? due : now),
      },
    ];
  });
}
