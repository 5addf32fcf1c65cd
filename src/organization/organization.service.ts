import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import { newId, type OrganizationRef, type ServiceProviderRef } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';
import { parseLine } from '../text.ts';
import { insertOrganization, organizationExternalIdIndex, organizationNameIndex } from './organization.repository.ts';
import { LONGEST_EXTERNAL_ID, LONGEST_NAME, type Organization } from './organization.ts';

export interface CreateOrganization {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly name: string;
  readonly externalId: string | null;
  readonly idempotencyKey: string | null;
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME` */
export async function createOrganization(ctx: RequestContext, input: CreateOrganization): Promise<OrganizationRef> {
  const { serviceProvider } = input;
  const find = async (tx: Tx) => (serviceProvider === null ? null : findServiceProvider(tx, serviceProvider));
  const command = {
    action: 'organization.create' as const,
    input: { ...input },
    idempotencyKey: input.idempotencyKey,
    target: serviceProvider?.serviceProviderId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const found = await find(tx);
    const provider = authorize(ctx.actor, 'organization:manage', found, 'serviceProviderId', seesProvider);
    const organization = newOrganization(input, provider, ctx.now);
    await insertUniquely(tx, organization);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: organization,
      target: organization.organizationId,
      result: 'OK',
      before: null,
      after: { name: organization.name, externalId: organization.externalId },
      note: null,
    });
    return { rootProviderId: organization.rootProviderId, organizationId: organization.organizationId };
  });
  return answer;
}

function newOrganization(input: CreateOrganization, provider: ServiceProvider, now: Date): Organization {
  return {
    rootProviderId: provider.rootProviderId,
    organizationId: newId<'Organization'>(),
    providerId: provider.id,
    providerPath: provider.providerPath,
    name: parseLine('name', input.name, LONGEST_NAME),
    externalId: input.externalId === null ? null : parseLine('externalId', input.externalId, LONGEST_EXTERNAL_ID),
    createdAt: now,
  };
}

async function insertUniquely(tx: Tx, organization: Organization): Promise<void> {
  try {
    await insertOrganization(tx, organization);
  } catch (error) {
    if (isUniqueViolation(error, organizationNameIndex)) throw duplicate('name', 'name');
    if (isUniqueViolation(error, organizationExternalIdIndex)) throw duplicate('externalId', 'external id');
    throw error;
  }
}

function duplicate(field: string, what: string): DomainError {
  const message = `The provider has an organization with this ${what} already. Choose another ${what}.`;
  return new DomainError('DUPLICATE_NAME', message, [field]);
}
