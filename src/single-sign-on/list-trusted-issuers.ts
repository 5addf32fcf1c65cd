import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { ServiceProviderRef, TrustedIssuerRef } from '../ids.ts';
import { type Page, type PageRequest, toPage } from '../page.ts';
import { countTrustedIssuers, findTrustedIssuer, findTrustedIssuerPage } from './trusted-issuer.repository.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** The oldest first. */
export const ISSUER_ORDER = 'CREATED_AT_ASC';

export function positionOf(issuer: TrustedIssuer) {
  return { value: issuer.createdAt.toISOString(), id: issuer.id };
}

/** Those in sight, or those of one provider in sight and of the resellers below it. @throws DomainError `FORBIDDEN` */
export async function listTrustedIssuers(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef | null,
  page: PageRequest,
): Promise<Page<TrustedIssuer>> {
  const { actor, database } = ctx;
  requirePermission(actor, 'staff:manage');
  const rows = await database.read(actor.scope, (tx) => findTrustedIssuerPage(tx, actor.scope, serviceProvider, page));
  return toPage(rows, page);
}

/** @throws DomainError `FORBIDDEN` */
export function countIssuersInSight(ctx: RequestContext, serviceProvider: ServiceProviderRef | null): Promise<number> {
  const { actor, database } = ctx;
  requirePermission(actor, 'staff:manage');
  return database.read(actor.scope, (tx) => countTrustedIssuers(tx, actor.scope, serviceProvider));
}

/** Null when it does not exist, is out of sight, or the caller does not manage staff. */
export async function lookUpTrustedIssuer(ctx: RequestContext, ref: TrustedIssuerRef): Promise<TrustedIssuer | null> {
  const { actor, database } = ctx;
  if (!actor.permissions.has('staff:manage')) return null;
  const found = await database.read(actor.scope, (tx) => findTrustedIssuer(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}
