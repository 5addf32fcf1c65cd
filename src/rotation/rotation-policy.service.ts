import type { AuditAction } from '../audit/audit-event.ts';
import { recordChange } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import { newId, type RotationPolicyRef } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { findPlace, type GivenPlace, locatePlace, refuseOtherThanOne } from './policy-place.ts';
import {
  countPoliciesOf,
  deleteRotationPolicyRow,
  findRotationPolicy,
  insertRotationPolicy,
  lockRotationPolicy,
  updateRotationPolicyRow,
} from './rotation-policy.repository.ts';
import {
  auditStateOf,
  MOST_POLICIES_OF_PROVIDER,
  parseTerms,
  type RotationPolicy,
  type RotationTerms,
  refOf,
  saysTheSame,
  termsOf,
} from './rotation-policy.ts';
import { settleAfterChange } from './settle-policies.service.ts';

type PolicyAction = Extract<AuditAction, `rotation_policy.${string}`>;

export interface CreateRotationPolicy {
  readonly place: GivenPlace;
  readonly terms: RotationTerms;
  readonly idempotencyKey: string | null;
}

/**
 * For a provider with everything below it, a group, or one organization.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `LIMIT_REACHED`
 */
export async function createRotationPolicy(
  ctx: RequestContext,
  { place, terms, idempotencyKey }: CreateRotationPolicy,
): Promise<RotationPolicyRef> {
  const command = {
    action: 'rotation_policy.create' as const,
    input: { place, terms },
    idempotencyKey,
    target: null,
    locate: (tx: Tx) => locatePlace(tx, place),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    refuseOtherThanOne(place);
    const found = await findPlace(ctx, tx, place);
    const { rootProviderId, providerId } = found;
    if ((await countPoliciesOf(tx, rootProviderId, providerId)) >= MOST_POLICIES_OF_PROVIDER) throw tooMany();
    const policy: RotationPolicy = {
      ...parseTerms(terms, await allowedBy(tx, found)),
      ...found,
      id: newId<'RotationPolicy'>(),
      version: 1,
      createdAt: ctx.now,
      createdByName: ctx.actor.displayName,
    };
    await insertRotationPolicy(tx, policy);
    await recordChange(tx, ctx, command.action, { before: null, after: policy }, auditStateOf);
    await settleAfterChange(tx, policy, ctx.now);
    return refOf(policy);
  });
  return answer;
}

function tooMany(): DomainError {
  const message = `A provider has at most ${MOST_POLICIES_OF_PROVIDER} rotation policies. Delete one that is not needed.`;
  return new DomainError('LIMIT_REACHED', message);
}

export interface RotationPolicyInput {
  /** Null: an id that names nothing. */
  readonly rotationPolicy: RotationPolicyRef | null;
  readonly idempotencyKey: string | null;
}

export interface UpdateRotationPolicy extends RotationPolicyInput {
  /** What is left out stays. */
  readonly terms: Partial<RotationTerms>;
}

/**
 * A policy keeps its place. When it says anything else than before, what it means for a key is told anew, and none is rotated
 * before that.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`
 */
export function updateRotationPolicy(ctx: RequestContext, input: UpdateRotationPolicy): Promise<RotationPolicyRef> {
  const { terms } = input;
  return runPolicyCommand(ctx, 'rotation_policy.update', input, { terms }, async (tx, before) => {
    const next = parseTerms({ ...termsOf(before), ...terms }, await allowedBy(tx, before));
    const isMoved = !saysTheSame(before, next);
    const after = { ...before, ...next, version: isMoved ? before.version + 1 : before.version };
    await updateRotationPolicyRow(tx, after);
    await recordChange(tx, ctx, 'rotation_policy.update', { before, after }, auditStateOf);
    if (isMoved) await settleAfterChange(tx, before, ctx.now);
  });
}

/** Keys and operations under way are not touched. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export function deleteRotationPolicy(ctx: RequestContext, input: RotationPolicyInput): Promise<RotationPolicyRef> {
  return runPolicyCommand(ctx, 'rotation_policy.delete', input, {}, async (tx, before) => {
    await deleteRotationPolicyRow(tx, before);
    await recordChange(tx, ctx, 'rotation_policy.delete', { before, after: null }, auditStateOf);
    await settleAfterChange(tx, before, ctx.now);
  });
}

async function runPolicyCommand(
  ctx: RequestContext,
  action: PolicyAction,
  { rotationPolicy: ref, idempotencyKey }: RotationPolicyInput,
  given: Readonly<Record<string, unknown>>,
  change: (tx: Tx, policy: RotationPolicy) => Promise<void>,
): Promise<RotationPolicyRef> {
  const locate = async (tx: Tx) => (ref === null ? null : findRotationPolicy(tx, ref));
  const target = ref?.rotationPolicyId ?? null;
  const command = { action, input: { rotationPolicy: ref, ...given }, idempotencyKey, target, locate };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const locked = ref === null ? null : await lockRotationPolicy(tx, ref);
    const policy = authorize(ctx.actor, 'rotation:manage', locked, 'rotationPolicyId');
    await change(tx, policy);
    return refOf(policy);
  });
  return answer;
}

/** How long an overlap the provider of the place allows. */
async function allowedBy(
  tx: Tx,
  { rootProviderId, providerId }: Pick<RotationPolicy, 'rootProviderId' | 'providerId'>,
): Promise<number> {
  const provider = await findServiceProvider(tx, { rootProviderId, serviceProviderId: providerId });
  return provider?.overlapAllowedMinutes ?? 0;
}
