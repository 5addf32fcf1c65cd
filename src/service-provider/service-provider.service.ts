import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { directoryKeyIndex, insertDirectoryEntry } from '../directory/directory.repository.ts';
import { DomainError, notFound, validationFailed } from '../errors.ts';
import { authorize, requirePermission } from '../identity/authorize.ts';
import { newId, type ServiceProviderRef } from '../ids.ts';
import { fold, parseLine } from '../text.ts';
import { findServiceProvider, insertServiceProvider, siblingNameIndex } from './service-provider.repository.ts';
import {
  DEEPEST_PROVIDER_LEVEL,
  LONGEST_NAME,
  parseBaseUrl,
  type ServiceProvider,
  seesProvider,
} from './service-provider.ts';

export interface CreateServiceProvider {
  readonly name: string;
  /** Null: a root provider. `'UNKNOWN'`: an id that names nothing. */
  readonly parent: ServiceProviderRef | null | 'UNKNOWN';
  /** Null: the parent's, or the installation's own. */
  readonly baseUrl: string | null;
  readonly idempotencyKey: string | null;
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME` */
export async function createServiceProvider(
  ctx: RequestContext,
  input: CreateServiceProvider,
): Promise<ServiceProviderRef> {
  const parentRef = input.parent === 'UNKNOWN' ? null : input.parent;
  const command = {
    action: 'service_provider.create' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: parentRef?.serviceProviderId ?? null,
    locate: async (tx: Tx) => (parentRef === null ? null : findServiceProvider(tx, parentRef)),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    if (input.parent === 'UNKNOWN') throw notFound('parentId');
    const parent = await authorizeParent(ctx, tx, input.parent);
    const provider = newServiceProvider(input, parent, ctx.now);
    await insertUniquely(ctx, tx, provider);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: provider,
      target: provider.id,
      result: 'OK',
      before: null,
      after: { name: provider.name, baseUrl: provider.baseUrl },
      note: null,
    });
    return { rootProviderId: provider.rootProviderId, serviceProviderId: provider.id };
  });
  return answer;
}

async function authorizeParent(
  ctx: RequestContext,
  tx: Tx,
  ref: ServiceProviderRef | null,
): Promise<ServiceProvider | null> {
  if (ref !== null) {
    const parent = await findServiceProvider(tx, ref);
    return authorize(ctx.actor, 'provider:manage', parent, 'parentId', seesProvider);
  }
  requirePermission(ctx.actor, 'provider:manage');
  if (ctx.actor.scope.level === 'PLATFORM') return null;
  throw new DomainError('FORBIDDEN', 'Only the platform creates root providers. Give parentId to create a reseller.');
}

function newServiceProvider(input: CreateServiceProvider, parent: ServiceProvider | null, now: Date): ServiceProvider {
  if (parent !== null && parent.providerPath.length >= DEEPEST_PROVIDER_LEVEL) {
    throw validationFailed('parentId', `Resellers go at most ${DEEPEST_PROVIDER_LEVEL} levels deep.`);
  }
  const id = newId<'ServiceProvider'>();
  return {
    rootProviderId: parent?.rootProviderId ?? id,
    id,
    parentId: parent?.id ?? null,
    providerPath: [...(parent?.providerPath ?? []), id],
    name: parseLine('name', input.name, LONGEST_NAME),
    baseUrl: input.baseUrl === null ? (parent?.baseUrl ?? null) : parseBaseUrl(input.baseUrl),
    createdAt: now,
    approvalAbove: null,
    overlapAllowedMinutes: 0,
    organizationId: null,
  };
}

/** Names are unique among siblings; a root provider's among all root providers, and it gets keys of its own. */
async function insertUniquely(ctx: RequestContext, tx: Tx, provider: ServiceProvider): Promise<void> {
  try {
    await insertServiceProvider(tx, provider);
    if (provider.parentId !== null) return;
    const entry = { rootProviderId: provider.rootProviderId, targetId: provider.id };
    await insertDirectoryEntry(tx, 'ROOT_PROVIDER_NAME', fold(provider.name), entry);
    await ctx.keyRing.create(tx, provider.rootProviderId, ctx.now);
  } catch (error) {
    if (!isUniqueViolation(error, siblingNameIndex) && !isUniqueViolation(error, directoryKeyIndex)) throw error;
    throw new DomainError('DUPLICATE_NAME', 'A provider of this name exists here already. Choose another name.', [
      'name',
    ]);
  }
}
