import DataLoader from 'dataloader';
import { findDisablements, findSlots } from '../api-key/api-key.repository.ts';
import type { ApiKeyRef, ApiKeySlot, ApiKeyView, StoredDisablement } from '../api-key/api-key-slot.ts';
import { findServersOf } from '../authorization-server/authorization-server.repository.ts';
import type { AuthorizationServer } from '../authorization-server/authorization-server.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight, type Scope } from '../database/scope.ts';
import { countOrganizations, listFleet } from '../fleet/fleet.service.ts';
import type { FleetFilter, FleetPage, FleetQuery, SharedString } from '../fleet/fleet.ts';
import type { CustomRoleRef, OrganizationRef, ServiceAccountId, ServiceProviderRef } from '../ids.ts';
import { findOrganizations } from '../organization/organization.repository.ts';
import type { Organization } from '../organization/organization.ts';
import type { Page, PageRequest } from '../page.ts';
import { findServiceAccounts } from '../service-account/service-account.repository.ts';
import type { ServiceAccount, ServiceAccountSecret } from '../service-account/service-account.ts';
import { listSecrets } from '../service-account/service-account-secret.repository.ts';
import { countResellers, listResellers } from '../service-provider/list-service-providers.ts';
import { findServiceProviders } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';
import { findCustomRoles } from '../staff/custom-role.repository.ts';
import type { CustomRole } from '../staff/custom-role.ts';
import { findCurrentSubscriptions, type SubscriptionRow } from '../subscription/subscription.repository.ts';
import { neverUsed, type SlotUsage, type UsageWarning, type WindowRef } from '../usage/slot-usage.ts';
import type { UsagePoint, UsageRange } from '../usage/usage-history.ts';
import { findHistory, findUsages, findWarnings } from '../usage/usage-view.repository.ts';
import { createGroupLists, type GroupLists } from './group-lists.ts';
import { type NestedListLoader, nestedListLoader } from './nested-list.ts';
import { createRotationLoaders, type RotationLoaders } from './rotation-loaders.ts';

/** Everything that one request looks up by id: once, and together with whatever else is looked up at the same time. */
export interface Loaders extends GroupLists, RotationLoaders {
  readonly fleetPage: NestedListLoader<FleetQuery, FleetPage>;
  readonly fleetCount: NestedListLoader<FleetFilter, number>;
  /** Those that hold a string. */
  readonly sharingPage: NestedListLoader<FleetQuery, FleetPage, SharedString>;
  readonly resellerPage: NestedListLoader<PageRequest, Page<ServiceProvider>>;
  readonly resellerCount: NestedListLoader<'ALL', number>;
  readonly serviceProvider: DataLoader<ServiceProviderRef, ServiceProvider | null, string>;
  readonly organization: DataLoader<OrganizationRef, Organization | null, string>;
  readonly subscription: DataLoader<OrganizationRef, SubscriptionRow | null, string>;
  readonly apiKey: DataLoader<ApiKeyRef, ApiKeySlot | null, string>;
  /** Of a slot that is known to be in sight. */
  readonly disablements: DataLoader<ApiKeyView, StoredDisablement[], string>;
  /** Of an organization that is known to be in sight. */
  readonly authorizationServers: DataLoader<OrganizationRef, AuthorizationServer[], string>;
  /** Of a slot that is known to be in sight. */
  readonly usage: DataLoader<ApiKeyRef, SlotUsage, string>;
  readonly usageWarnings: DataLoader<WindowRef, UsageWarning[], string>;
  /** Periods with calls, in no order. */
  readonly usageHistory: NestedListLoader<UsageRange, UsagePoint[], ApiKeyRef>;
  readonly customRole: DataLoader<CustomRoleRef, CustomRole | null, string>;
  readonly serviceAccount: DataLoader<ServiceAccountId, ServiceAccount | null, string>;
  /** Of an account that is known to be in sight. */
  readonly serviceAccountSecrets: DataLoader<ServiceAccount, ServiceAccountSecret[], string>;
  /** Drops what was looked up so far: a command is about to change it. */
  forget(): void;
}

export function createLoaders(ctx: RequestContext): Loaders {
  const { scope } = ctx.actor;
  /** @param sees the first line of isolation; row-level security is the second */
  const batch = <Key, Row>(
    keyOf: (key: Key | Row) => string,
    find: (tx: Tx, keys: readonly Key[]) => Promise<Row[]>,
    sees: (scope: Scope, row: Row) => boolean,
  ) =>
    new DataLoader<Key, Row | null, string>(
      async (keys) => {
        const rows = await ctx.database.read(scope, (tx) => find(tx, keys));
        const byKey = new Map(rows.filter((row) => sees(scope, row)).map((row) => [keyOf(row), row]));
        return keys.map((key) => byKey.get(keyOf(key)) ?? null);
      },
      { cacheKeyFn: keyOf },
    );
  /** Rows of those that are known to be in sight. */
  const listsOf = <Parent, Row>(
    keyOf: (parent: Parent) => string,
    find: (tx: Tx, parents: readonly Parent[]) => Promise<Row[]>,
    parentOf: (row: Row) => string,
  ) =>
    new DataLoader<Parent, Row[], string>(
      async (parents) => {
        const byParent = Map.groupBy(await ctx.database.read(scope, (tx) => find(tx, parents)), parentOf);
        return parents.map((parent) => byParent.get(keyOf(parent)) ?? []);
      },
      { cacheKeyFn: keyOf },
    );
  const loaders = {
    fleetPage: nestedListLoader<FleetQuery, FleetPage>((parents, query) => listFleet(ctx, parents, query)),
    fleetCount: nestedListLoader<FleetFilter, number>((parents, filter) => countOrganizations(ctx, parents, filter)),
    sharingPage: nestedListLoader<FleetQuery, FleetPage, SharedString>((parents, query) =>
      listFleet(ctx, parents, query),
    ),
    ...createGroupLists(ctx),
    ...createRotationLoaders(ctx),
    resellerPage: nestedListLoader<PageRequest, Page<ServiceProvider>>((parents, page) =>
      listResellers(ctx, parents, page),
    ),
    resellerCount: nestedListLoader((parents, _: 'ALL') => countResellers(ctx, parents)),
    serviceProvider: batch(providerKey, findServiceProviders, seesProvider),
    organization: batch(organizationKey, findOrganizations, inSight),
    subscription: batch(organizationKey, findCurrentSubscriptions, inSight),
    apiKey: batch(slotKey, findSlots, inSight),
    disablements: listsOf(slotKey, findDisablements, slotKey),
    authorizationServers: listsOf(organizationKey, findServersOf, organizationKey),
    ...usageLoaders(ctx),
    customRole: batch<CustomRoleRef, CustomRole>(customRoleKey, findCustomRoles, inSight),
    serviceAccount: batch<ServiceAccountId, ServiceAccount>(
      (key) => (typeof key === 'string' ? key : key.id),
      (tx, ids) => findServiceAccounts(tx, scope, ids),
      inSight,
    ),
    serviceAccountSecrets: listsOf(
      (account: ServiceAccount) => account.id,
      listSecrets,
      (secret) => secret.serviceAccountId,
    ),
  };
  const forget = () => {
    for (const loader of Object.values(loaders)) loader.clearAll();
  };
  return { ...loaders, forget };
}

function usageLoaders(ctx: RequestContext): Pick<Loaders, 'usage' | 'usageWarnings' | 'usageHistory'> {
  const read = <Result>(work: (tx: Tx) => Promise<Result>) => ctx.database.read(ctx.actor.scope, work);
  const windowKey = (window: WindowRef) => `${slotKey(window)}/${window.startsAt.getTime()}`;
  return {
    usage: new DataLoader<ApiKeyRef, SlotUsage, string>(
      async (slots) => {
        const bySlot = new Map((await read((tx) => findUsages(tx, slots))).map((row) => [slotKey(row), row]));
        return slots.map((slot) => bySlot.get(slotKey(slot)) ?? neverUsed(slot));
      },
      { cacheKeyFn: slotKey },
    ),
    usageWarnings: new DataLoader<WindowRef, UsageWarning[], string>(
      async (windows) => {
        const byWindow = Map.groupBy(await read((tx) => findWarnings(tx, windows)), windowKey);
        return windows.map((window) => byWindow.get(windowKey(window)) ?? []);
      },
      { cacheKeyFn: windowKey },
    ),
    usageHistory: nestedListLoader<UsageRange, UsagePoint[], ApiKeyRef>(async (slots, range) => {
      const bySlot = Map.groupBy(await read((tx) => findHistory(tx, slots, range)), slotKey);
      return slots.map((slot) => bySlot.get(slotKey(slot)) ?? []);
    }),
  };
}

function providerKey(key: ServiceProviderRef | ServiceProvider): string {
  return 'serviceProviderId' in key ? key.serviceProviderId : key.id;
}

function organizationKey({ organizationId }: { readonly organizationId: string }): string {
  return organizationId;
}

function customRoleKey(key: CustomRoleRef | CustomRole): string {
  return 'customRoleId' in key ? key.customRoleId : key.id;
}

function slotKey(ref: Pick<ApiKeyRef, 'organizationId' | 'kind'>): string {
  return `${ref.organizationId}/${ref.kind}`;
}
