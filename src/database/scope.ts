import { escapeLiteral } from 'pg';
import { type ActorId, isUuid, type OrganizationId, type ServiceProviderId, type TrustedIssuerId } from '../ids.ts';

/** Whose eyes a transaction has. Row-level security shows it nothing else (migration `row_level_security`). */
export type Scope =
  /** Everything: platform staff, and the system itself. */
  | { readonly level: 'PLATFORM' }
  /** A provider and its whole subtree. */
  | { readonly level: 'PROVIDER'; readonly rootProviderId: ServiceProviderId; readonly providerId: ServiceProviderId }
  /** Named organizations of one provider. */
  | {
      readonly level: 'ORGANIZATION';
      readonly rootProviderId: ServiceProviderId;
      readonly providerId: ServiceProviderId;
      readonly organizationIds: readonly OrganizationId[];
      /** The providers that they belong to, where those are resellers below the one provider. */
      readonly organizationProviderIds?: readonly ServiceProviderId[];
    }
  /** The one row that a sign-in starts from, with what hangs on it: sessions, secrets, an issuer's people. */
  | {
      readonly level: 'SIGN_IN';
      readonly rootProviderId: ServiceProviderId;
      readonly signInId: ActorId | TrustedIssuerId;
    }
  /** One entry of the directory. */
  | { readonly level: 'DIRECTORY'; readonly key: string };

export const PLATFORM_SCOPE: Scope = { level: 'PLATFORM' };

/** A row of a tenant table, or what stands for one. */
export interface TenantRow {
  readonly rootProviderId: ServiceProviderId;
  /** Provider ids from the root down to the provider that the row belongs to. */
  readonly providerPath: readonly ServiceProviderId[];
  readonly organizationId: OrganizationId | null;
}

/** The first line of isolation, asked in the services; row-level security is the second. */
export function inSight(scope: Scope, row: TenantRow): boolean {
  switch (scope.level) {
    case 'PLATFORM':
      return true;
    case 'PROVIDER':
      return row.rootProviderId === scope.rootProviderId && row.providerPath.includes(scope.providerId);
    case 'ORGANIZATION':
      return (
        row.rootProviderId === scope.rootProviderId &&
        row.organizationId !== null &&
        scope.organizationIds.includes(row.organizationId)
      );
    case 'SIGN_IN':
    case 'DIRECTORY':
      return false;
  }
}

const settingNames = [
  'platform',
  'root_provider_id',
  'provider_id',
  'organization_ids',
  'organization_provider_ids',
  'sign_in_id',
  'directory_key',
] as const;
type Settings = { readonly [Name in (typeof settingNames)[number]]?: string };

/**
 * The same for a list's SQL: root provider, provider and organizations, each null where the scope does not narrow.
 * @throws Error for a scope of somebody who is only signing in: it lists nothing
 */
export function sightOf(
  scope: Scope,
): [ServiceProviderId | null, ServiceProviderId | null, readonly OrganizationId[] | null] {
  switch (scope.level) {
    case 'PLATFORM':
      return [null, null, null];
    case 'PROVIDER':
      return [scope.rootProviderId, scope.providerId, null];
    case 'ORGANIZATION':
      return [scope.rootProviderId, scope.providerId, scope.organizationIds];
    case 'SIGN_IN':
    case 'DIRECTORY':
      throw new Error('this scope lists nothing');
  }
}

/**
 * The statements that set the scope for the rest of the transaction. `SET LOCAL`, not `set_config()`: only the statement
 * reaches the workers of a distributed Postgres. Its values cannot be parameters, so ids are checked before they go in.
 */
export function setScopeStatements(scope: Scope): string[] {
  return Object.entries(settingsOf(scope)).map(([name, literal]) => setting(name, literal));
}

/** The same in a transaction that has a scope already: nothing of the former one is left. */
export function changeScopeStatements(scope: Scope): string[] {
  const settings = settingsOf(scope);
  return settingNames.map((name) => setting(name, settings[name] ?? "''"));
}

function settingsOf(scope: Scope): Settings {
  switch (scope.level) {
    case 'PLATFORM':
      return { platform: "'on'" };
    case 'PROVIDER':
      return { root_provider_id: uuid(scope.rootProviderId), provider_id: uuid(scope.providerId) };
    case 'ORGANIZATION': {
      const providerIds = scope.organizationProviderIds ?? [];
      return {
        ...settingsOf({ ...scope, level: 'PROVIDER' }),
        organization_ids: uuids(scope.organizationIds),
        ...(providerIds.length === 0 ? {} : { organization_provider_ids: uuids(providerIds) }),
      };
    }
    case 'SIGN_IN':
      return { root_provider_id: uuid(scope.rootProviderId), sign_in_id: uuid(scope.signInId) };
    case 'DIRECTORY':
      return { directory_key: escapeLiteral(scope.key) };
  }
}

function setting(name: string, literal: string): string {
  return `set local keyward.${name} = ${literal}`;
}

function uuids(ids: readonly string[]): string {
  return `'{${ids.map(checked).join(',')}}'`;
}

function uuid(id: string): string {
  return `'${checked(id)}'`;
}

function checked(id: string): string {
  if (!isUuid(id)) throw new TypeError('a scope takes nothing but UUIDs');
  return id;
}
