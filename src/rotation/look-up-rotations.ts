import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import { dueAt, type RotationState, rotationStateAt } from '../api-key/key-age.ts';
import { findOverlaps } from '../api-key/overlap.repository.ts';
import type { Overlap } from '../api-key/overlap.ts';
import type { RequestContext } from '../context.ts';
import { inSight, PLATFORM_SCOPE, type Scope } from '../database/scope.ts';
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
  const policiesIn = async (scope: Scope) => {
    const found = await database.read(scope, (tx) => findRotationPolicies(tx, policyRefs));
    return new Map(found.map((policy) => [policy.id, policy]));
  };
  const [rules, shownPolicies] = await Promise.all([policiesIn(PLATFORM_SCOPE), policiesIn(actor.scope)]);
  return slots.flatMap(({ modifiedAt, rootProviderId, organizationId, kind, ...slot }) => {
    const policy = rules.get(slot.policyId);
    if (policy === undefined) return [];
    const shown = shownPolicies.get(slot.policyId);
    const due = dueAt(slot, modifiedAt);
    return [
      {
        ...{ rootProviderId, organizationId, kind, dueAt: due, mode: policy.mode },
        policy: shown !== undefined && inSight(actor.scope, shown) ? shown : null,
        state: rotationStateAt(slot, modifiedAt, now),
        plannedAt: plannedAt(policy.window, due > now ? due : now),
      },
    ];
  });
}
