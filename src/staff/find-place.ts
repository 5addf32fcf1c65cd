import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { DomainError, notFound, validationFailed } from '../errors.ts';
import { PLATFORM_HOME, type Place } from '../identity/actor.ts';
import { authorize, requirePermission } from '../identity/authorize.ts';
import type { OrganizationRef, ServiceProviderRef } from '../ids.ts';
import { findOrganization } from '../organization/organization.repository.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';

/** Where people are to be: at a provider, in an organization, or, with neither, at the platform. */
export interface NamedPlace {
  /** `'UNKNOWN'`: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | 'UNKNOWN' | null;
  readonly organization: OrganizationRef | 'UNKNOWN' | null;
}

/** Null when it is missing. */
export async function lookUpPlace(tx: Tx, { serviceProvider, organization }: NamedPlace): Promise<Place | null> {
  if (organization !== null) return organization === 'UNKNOWN' ? null : findOrganization(tx, organization);
  if (serviceProvider === null) return { ...PLATFORM_HOME, providerId: null };
  const provider = serviceProvider === 'UNKNOWN' ? null : await findServiceProvider(tx, serviceProvider);
  return provider === null ? null : placeOfProvider(provider);
}

/** The id by which the caller named it. */
export function targetOf({ serviceProvider, organization }: NamedPlace): string | null {
  if (organization !== null) return organization === 'UNKNOWN' ? null : organization.organizationId;
  return serviceProvider === null || serviceProvider === 'UNKNOWN' ? null : serviceProvider.serviceProviderId;
}

/** A place whose people the caller manages. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED` */
export async function findPlaceToManage(ctx: RequestContext, tx: Tx, named: NamedPlace): Promise<Place> {
  const { serviceProvider, organization } = named;
  if (serviceProvider !== null && organization !== null) {
    throw validationFailed('serviceProviderId', 'Give either serviceProviderId or organizationId.');
  }
  if (organization !== null) {
    const found = organization === 'UNKNOWN' ? null : await findOrganization(tx, organization);
    return authorize(ctx.actor, 'staff:manage', found, 'organizationId');
  }
  if (serviceProvider !== null) {
    return placeOfProvider(await findProviderToManage(ctx, tx, serviceProvider === 'UNKNOWN' ? null : serviceProvider));
  }
  requirePermission(ctx.actor, 'staff:manage');
  if (ctx.actor.scope.level === 'PLATFORM') return { ...PLATFORM_HOME, providerId: null };
  throw new DomainError(
    'FORBIDDEN',
    'Only the platform has staff of its own. Give serviceProviderId or organizationId.',
  );
}

/** A provider whose staff the caller manages. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export async function findProviderToManage(
  ctx: RequestContext,
  tx: Tx,
  ref: ServiceProviderRef | null,
): Promise<ServiceProvider> {
  const found = ref === null ? null : await findServiceProvider(tx, ref);
  if (found === null || !seesProvider(ctx.actor.scope, found)) throw notFound('serviceProviderId');
  requirePermission(ctx.actor, 'staff:manage');
  if (inSight(ctx.actor.scope, found)) return found;
  throw new DomainError('FORBIDDEN', 'You manage the people of your own organization only. Give organizationId.');
}

function placeOfProvider({ rootProviderId, id, providerPath }: ServiceProvider): Place {
  return { rootProviderId, providerId: id, providerPath, organizationId: null };
}
