import { noteWithoutKeys } from '../api-key/note-without-keys.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { notFound, validationFailed } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import { type DelegationRef, newId, type OrganizationRef, type ServiceProviderRef } from '../ids.ts';
import { findOrganizations } from '../organization/organization.repository.ts';
import type { Organization } from '../organization/organization.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';
import { parseNote } from '../text.ts';
import { insertDelegation } from './delegation.repository.ts';
import {
  type Delegation,
  type DelegationRole,
  MOST_ORGANIZATIONS,
  refuseBadExpiry,
  refuseLending,
} from './delegation.ts';
import { delegationAuditState } from './delegation-audit-state.ts';

export interface GrantDelegation {
  /** The granting provider. Null, here and below: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly organizations: readonly (OrganizationRef | null)[];
  readonly grantee: ServiceProviderRef | null;
  readonly role: DelegationRole;
  readonly expiresAt: Date;
  readonly note: string | null;
  readonly idempotencyKey: string | null;
}

/**
 * Lends a role on organizations of a provider's subtree to the staff of another provider, once that accepts. The grantee
 * is looked up among what the caller sees anyway, and nowhere else: asking tells nothing about who exists.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`
 */
export async function grantDelegation(ctx: RequestContext, input: GrantDelegation): Promise<DelegationRef> {
  const { serviceProvider } = input;
  const find = async (tx: Tx) => (serviceProvider === null ? null : findServiceProvider(tx, serviceProvider));
  const command = {
    action: 'delegation.grant' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const provider = authorize(ctx.actor, 'staff:manage', await find(tx), 'serviceProviderId', seesProvider);
    refuseLending(ctx.actor, input.role);
    refuseBadExpiry(input.expiresAt, ctx.now);
    const grantee = await findGrantee(ctx, tx, provider, input.grantee);
    const organizations = await findLentOrganizations(ctx, tx, provider, input.organizations);
    const note = await noteWithoutKeys(ctx, tx, provider.rootProviderId, input.note);
    const delegation = newDelegation(ctx, { ...input, note }, { provider, grantee, organizations });
    await insertDelegation(tx, delegation);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: delegation,
      target: delegation.id,
      result: 'OK',
      before: null,
      after: delegationAuditState(delegation, ctx.now),
      note: delegation.note,
    });
    return { rootProviderId: delegation.rootProviderId, delegationId: delegation.id };
  });
  return answer;
}

/** Who stands above the provider sees its organizations as it is; who stands below is given none of what is above. */
async function findGrantee(
  ctx: RequestContext,
  tx: Tx,
  provider: ServiceProvider,
  ref: ServiceProviderRef | null,
): Promise<ServiceProviderRef> {
  if (ref === null) throw notFound('granteeServiceProviderId');
  const seen = await findServiceProvider(tx, ref);
  const isRelated =
    seen !== null &&
    seesProvider(ctx.actor.scope, seen) &&
    (seen.providerPath.includes(provider.id) || provider.providerPath.includes(seen.id));
  if (isRelated) {
    throw validationFailed(
      'granteeServiceProviderId',
      'Choose a provider outside of this one: neither itself, nor one above or below it.',
    );
  }
  return ref;
}

async function findLentOrganizations(
  ctx: RequestContext,
  tx: Tx,
  provider: ServiceProvider,
  refs: readonly (OrganizationRef | null)[],
): Promise<Organization[]> {
  const wanted = new Map(refs.map((ref) => [ref?.organizationId, ref]));
  if (wanted.size < 1 || wanted.size > MOST_ORGANIZATIONS) {
    throw validationFailed('organizationIds', `Give 1 to ${MOST_ORGANIZATIONS} organizations.`);
  }
  const known = [...wanted.values()].filter((ref) => ref !== null);
  const found = await findOrganizations(tx, known);
  const lent = found.filter((row) => inSight(ctx.actor.scope, row) && row.providerPath.includes(provider.id));
  if (lent.length !== wanted.size) throw notFound('organizationIds');
  return lent;
}

function newDelegation(
  { actor, now }: RequestContext,
  { role, expiresAt, note }: GrantDelegation,
  parts: { provider: ServiceProvider; grantee: ServiceProviderRef; organizations: readonly Organization[] },
): Delegation {
  const { provider, grantee, organizations } = parts;
  return {
    rootProviderId: provider.rootProviderId,
    id: newId<'Delegation'>(),
    providerId: provider.id,
    providerPath: provider.providerPath,
    organizationId: null,
    providerName: provider.name,
    organizationIds: organizations.map((organization) => organization.organizationId),
    organizationProviderIds: [...new Set(organizations.map((organization) => organization.providerId))],
    role,
    granteeRootProviderId: grantee.rootProviderId,
    granteeProviderId: grantee.serviceProviderId,
    granteeProviderName: null,
    note: note === null ? null : parseNote('note', note) || null,
    createdAt: now,
    createdById: actor.id,
    createdByName: actor.displayName,
    expiresAt,
    acceptedAt: null,
    acceptedById: null,
    acceptedByName: null,
    endedAt: null,
    endedById: null,
    endedByName: null,
  };
}
