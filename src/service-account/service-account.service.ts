import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { DomainError, notFound, validationFailed } from '../errors.ts';
import { authorityAt, PLATFORM_HOME, type Place } from '../identity/actor.ts';
import { authorize, requirePermission } from '../identity/authorize.ts';
import { newId, type OrganizationRef, type ServiceAccountId, type ServiceProviderRef } from '../ids.ts';
import { findOrganization } from '../organization/organization.repository.ts';
import type { Secret } from '../secrets/secret.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { seesProvider } from '../service-provider/service-provider.ts';
import { parseLine } from '../text.ts';
import { generateClientSecret, hashClientSecret } from './client-secret.ts';
import {
  findServiceAccounts,
  insertServiceAccount,
  lockServiceAccount,
  writeRevocation,
} from './service-account.repository.ts';
import { LONGEST_NAME, parsePermissions, requireGrantable, type ServiceAccount } from './service-account.ts';
import { deleteSecretsOf, insertSecret } from './service-account-secret.repository.ts';

export interface CreateServiceAccount {
  readonly name: string;
  /** Where it is to stand; neither: at the platform. `'UNKNOWN'`: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null | 'UNKNOWN';
  readonly organization: OrganizationRef | null | 'UNKNOWN';
  readonly permissions: readonly string[];
  readonly idempotencyKey: string | null;
}

/** What came of a command that may have made a secret. */
export interface NewSecret {
  readonly id: ServiceAccountId;
  /** Shown now and never again; null when a replay tells what an earlier run did. */
  readonly clientSecret: Secret | null;
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED` */
export async function createServiceAccount(ctx: RequestContext, input: CreateServiceAccount): Promise<NewSecret> {
  const { organization, serviceProvider } = input;
  const command = {
    action: 'service_account.create' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: idOf(organization) ?? idOf(serviceProvider),
    locate: async (tx: Tx) => (await findOrganizationOf(tx, input)) ?? findProviderOf(tx, input),
  };
  const secret = generateClientSecret();
  const { answer: id, replayed } = await runCommand<ServiceAccountId>(ctx, command, async (tx) => {
    const account = newServiceAccount(ctx, await authorizePlace(ctx, tx, input), input);
    requireGrantable(ctx.actor, account.permissions);
    await insertServiceAccount(tx, account);
    const secretId = newId<'ServiceAccountSecret'>();
    await insertSecret(tx, account, { id: secretId, hash: hashClientSecret(secret) }, ctx.now);
    const { name, permissions } = account;
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: account,
      target: account.id,
      result: 'OK',
      before: null,
      after: { name, permissions, secretId },
      note: null,
    });
    return account.id;
  });
  return { id, clientSecret: replayed ? null : secret };
}

function idOf(place: OrganizationRef | ServiceProviderRef | null | 'UNKNOWN'): string | null {
  if (place === null || place === 'UNKNOWN') return null;
  return 'organizationId' in place ? place.organizationId : place.serviceProviderId;
}

async function findOrganizationOf(tx: Tx, { organization }: CreateServiceAccount) {
  return organization === null || organization === 'UNKNOWN' ? null : findOrganization(tx, organization);
}

async function findProviderOf(tx: Tx, { serviceProvider }: CreateServiceAccount) {
  return serviceProvider === null || serviceProvider === 'UNKNOWN' ? null : findServiceProvider(tx, serviceProvider);
}

async function authorizePlace(ctx: RequestContext, tx: Tx, input: CreateServiceAccount): Promise<Place> {
  const { actor } = ctx;
  if (input.organization !== null) {
    if (input.serviceProvider !== null) {
      throw validationFailed('organizationId', 'Give organizationId or serviceProviderId, not both.');
    }
    return authorize(actor, 'staff:manage', await findOrganizationOf(tx, input), 'organizationId');
  }
  if (input.serviceProvider !== null) {
    const found = await findProviderOf(tx, input);
    const provider = authorize(actor, 'staff:manage', found, 'serviceProviderId', seesProvider);
    if (inSight(actor.scope, provider)) return { ...provider, providerId: provider.id };
    throw new DomainError('FORBIDDEN', "You manage your organization's service accounts only. Give organizationId.");
  }
  requirePermission(actor, 'staff:manage');
  if (actor.scope.level === 'PLATFORM') return { ...PLATFORM_HOME, providerId: null };
  throw new DomainError('FORBIDDEN', 'Only the platform has service accounts of its own. Give serviceProviderId.');
}

/** @throws DomainError `VALIDATION_FAILED` */
function newServiceAccount(ctx: RequestContext, place: Place, input: CreateServiceAccount): ServiceAccount {
  const { rootProviderId, providerId, providerPath, organizationId } = place;
  return {
    rootProviderId,
    id: newId<'ServiceAccount'>(),
    providerId,
    providerPath,
    organizationId,
    name: parseLine('name', input.name, LONGEST_NAME),
    permissions: parsePermissions(input.permissions, authorityAt(place)),
    createdAt: ctx.now,
    createdById: ctx.actor.id,
    createdByName: ctx.actor.displayName,
    lastUsedAt: null,
    lastUsedAddress: null,
    revokedAt: null,
  };
}

export interface RevokeServiceAccount {
  /** Null: an id that names nothing. */
  readonly id: ServiceAccountId | null;
  readonly idempotencyKey: string | null;
}

/**
 * For good: from the commit on its tokens and secrets hold nowhere. One that was revoked before stays as it is.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`
 */
export async function revokeServiceAccount(
  ctx: RequestContext,
  { id, idempotencyKey }: RevokeServiceAccount,
): Promise<ServiceAccountId> {
  const command = {
    action: 'service_account.revoke' as const,
    input: { id },
    idempotencyKey,
    target: id,
    locate: (tx: Tx) => findById(ctx, tx, id),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const account = await lockById(ctx, tx, id, 'serviceAccountId');
    await writeRevocation(tx, account, ctx.now);
    await deleteSecretsOf(tx, account);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: account,
      target: account.id,
      result: 'OK',
      before: { name: account.name, revokedAt: account.revokedAt?.toISOString() ?? null },
      after: { name: account.name, revokedAt: (account.revokedAt ?? ctx.now).toISOString() },
      note: null,
    });
    return account.id;
  });
  return answer;
}

/** The one with this id in the caller's sight, to say whose trail a refusal belongs to. */
export async function findById(
  ctx: RequestContext,
  tx: Tx,
  id: ServiceAccountId | null,
): Promise<ServiceAccount | null> {
  if (id === null) return null;
  const [found = null] = await findServiceAccounts(tx, ctx.actor.scope, [id]);
  return found;
}

/**
 * The one with this id, locked, for somebody who manages it.
 * @param field input field that named it
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`
 */
export async function lockById(
  ctx: RequestContext,
  tx: Tx,
  id: ServiceAccountId | null,
  field: string,
): Promise<ServiceAccount> {
  const found = authorize(ctx.actor, 'staff:manage', await findById(ctx, tx, id), field);
  const { rootProviderId, id: serviceAccountId } = found;
  const locked = await lockServiceAccount(tx, { rootProviderId, serviceAccountId });
  if (locked === null) throw notFound(field);
  return locked;
}
