import type { ApiKeyKind, StoredDisablementReason } from '../api-key/api-key.ts';
import { inSight, type TenantRow } from '../database/scope.ts';
import type { ErrorCode } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import { knownPermissions } from '../identity/permissions.ts';
import type { ActorId, BulkOperationId, OrganizationId, RotationPolicyId, ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { Approval } from './approval.ts';
import type { BulkOperationKind, BulkOperationStatus, BulkOutcome, SyncAtomicity, Tally } from './bulk-operation.ts';
import type { RotationTerms } from './rotation-terms.ts';

/** An operation with its place among the tenants: that of whoever started it. */
export interface BulkOperation extends TenantRow, Tally, Approval {
  readonly id: BulkOperationId;
  readonly kind: BulkOperationKind;
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  readonly status: BulkOperationStatus;
  readonly createdById: ActorId | null;
  readonly createdByName: string;
  readonly onBehalfOf: string | null;
  /** What whoever started it under a delegation had been lent; null: they did so in their own right. */
  readonly lentIds: readonly OrganizationId[] | null;
  /** Null of an import: it does what its file says. */
  readonly command: BulkCommand | null;
  readonly total: number;
  /** Position of the last organization that was gone through. */
  readonly doneThrough: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  /** Why it failed, when that was nothing that one of its organizations says. */
  readonly failure: string | null;
  /** Planned: nothing is begun before. */
  readonly runAt: Date | null;
  /** When the window of its rotation policy closes: nothing is begun after. */
  readonly runUntil: Date | null;
  /** That asked for it. */
  readonly rotationPolicyId: RotationPolicyId | null;
}

/** What was asked for, as it is kept: without any secret. */
export type BulkCommand =
  | ({
      readonly kind: 'SYNC_API_KEY';
      /** Of the string, under the keys of the operation's own root. */
      readonly fingerprint: Fingerprint;
    } & RotationTerms)
  | StringlessCommand;

/** Those that need nothing else to be run. */
export type StringlessCommand =
  | {
      readonly kind: 'DISABLE_API_KEY';
      readonly keyKind: ApiKeyKind;
      readonly reason: StoredDisablementReason;
      readonly note: string | null;
    }
  | { readonly kind: 'ENABLE_API_KEY'; readonly keyKind: ApiKeyKind; readonly note: string }
  | ({ readonly kind: 'REGENERATE_API_KEY'; readonly keyKind: ApiKeyKind } & RotationTerms)
  /** `endsAt` in RFC 3339, UTC. */
  | { readonly kind: 'RENEW_SUBSCRIPTION'; readonly endsAt: string };

/**
 * The staff of an organization see none, though one that somebody started under a delegation is kept at an organization: what
 * is done to many is told to those who may do it. Nor does another borrower, who was not lent all that it could be about.
 */
export function seesOperation(
  { authority, scope }: Pick<Actor, 'authority' | 'scope'>,
  operation: Pick<BulkOperation, keyof TenantRow | 'lentIds'>,
): boolean {
  if (authority === 'ORGANIZATION' || !inSight(scope, operation)) return false;
  if (scope.level !== 'ORGANIZATION') return true;
  const lent = new Set(scope.organizationIds);
  return operation.lentIds?.every((id) => lent.has(id)) === true;
}

/** One organization of an operation, in lock order. */
export interface BulkItem {
  /** The organization's root; for an id that names nothing, the operation's. */
  readonly rootProviderId: ServiceProviderId;
  readonly position: number;
  readonly organizationId: OrganizationId | null;
  /** An id, as it was given, that names nothing in sight. */
  readonly givenId: string | null;
}

/** An organization with how it ended. */
export interface BulkResult extends BulkItem {
  readonly outcome: BulkOutcome;
  readonly code: ErrorCode | null;
  readonly message: string | null;
}

/** An actor as an operation keeps it: who started it also acts when it is run later. */
export type KeptActor = Omit<Actor, 'permissions'> & { readonly permissions: readonly string[] };

export function keepActor(actor: Actor): KeptActor {
  return { ...actor, permissions: [...actor.permissions] };
}

export function actorKept(kept: KeptActor): Actor {
  return { ...kept, permissions: knownPermissions(kept.permissions) };
}

/** Names the operation that a string was sealed for: moved elsewhere, it does not open. */
export function sealingContextOf(operation: { readonly id: BulkOperationId }): string {
  return `bulk-operation|${operation.id}`;
}
