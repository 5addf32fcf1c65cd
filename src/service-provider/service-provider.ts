import { inSight, type Scope, type TenantRow } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import type { ServiceProviderId } from '../ids.ts';

export interface ServiceProvider extends TenantRow {
  readonly id: ServiceProviderId;
  readonly parentId: ServiceProviderId | null;
  readonly name: string;
  /** Null: the installation's own URL. */
  readonly baseUrl: string | null;
  readonly createdAt: Date;
  /** A bulk operation over more organizations below it waits for a second person; null: none does. */
  readonly approvalAbove: number | null;
  /** How long an old key string may go on working beside a new one; 0: not at all. */
  readonly overlapAllowedMinutes: number;
  readonly organizationId: null;
}

/** Resellers may have resellers, up to this many levels in all. */
export const DEEPEST_PROVIDER_LEVEL = 8;
export const LONGEST_NAME = 200;

/** @throws DomainError `VALIDATION_FAILED` unless it is an http(s) origin with at most a path */
export function parseBaseUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  const isPlain =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    !/[?#]/.test(url.href) &&
    given.length <= 500;
  if (!isPlain) throw validationFailed('baseUrl', 'Give an http(s) URL such as https://api.example.com.');
  return url.href.replace(/\/$/, '');
}

/** @throws DomainError `VALIDATION_FAILED` */
export function refuseBadApprovalAbove(given: number | null): void {
  if (given === null || (Number.isInteger(given) && given >= 0)) return;
  throw validationFailed('approvalAbove', 'Give a number of organizations, 0 for all operations, or null for none.');
}

/** Whoever sees single organizations sees the providers that these belong to, and no other. */
export function seesProvider(scope: Scope, provider: ServiceProvider): boolean {
  if (scope.level !== 'ORGANIZATION') return inSight(scope, provider);
  const ids = [scope.providerId, ...(scope.organizationProviderIds ?? [])];
  return provider.rootProviderId === scope.rootProviderId && ids.includes(provider.id);
}
