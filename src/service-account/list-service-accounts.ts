import type { RequestContext } from '../context.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { ServiceAccountId } from '../ids.ts';
import { type Page, type PageRequest, type Position, toPage } from '../page.ts';
import { fold } from '../text.ts';
import type { ServiceAccount, ServiceAccountFilter, ServiceAccountSecretRef } from './service-account.ts';
import { countServiceAccountRows, findServiceAccountPage } from './service-account-list.repository.ts';
import { findAccountOfSecret } from './service-account-secret.repository.ts';

/** By name. */
export const SERVICE_ACCOUNT_ORDER = 'NAME_ASC';

export function positionOf(account: ServiceAccount): Position {
  return { value: fold(account.name), id: account.id };
}

/** Those in sight. @throws DomainError `FORBIDDEN` */
export async function listServiceAccounts(
  ctx: RequestContext,
  filter: ServiceAccountFilter,
  page: PageRequest,
): Promise<Page<ServiceAccount>> {
  requirePermission(ctx.actor, 'staff:manage');
  const { scope } = ctx.actor;
  const rows = await ctx.database.read(scope, (tx) => findServiceAccountPage(tx, scope, filter, page));
  return toPage(rows, page);
}

/** @throws DomainError `FORBIDDEN` */
export async function countServiceAccounts(ctx: RequestContext, filter: ServiceAccountFilter): Promise<number> {
  requirePermission(ctx.actor, 'staff:manage');
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => countServiceAccountRows(tx, scope, filter));
}

/** Whose secret it is; null when there is none, or it is out of sight. */
export async function findAccountIdOfSecret(
  ctx: RequestContext,
  ref: ServiceAccountSecretRef,
): Promise<ServiceAccountId | null> {
  const account = await ctx.database.read(ctx.actor.scope, (tx) => findAccountOfSecret(tx, ref));
  return account?.serviceAccountId ?? null;
}
