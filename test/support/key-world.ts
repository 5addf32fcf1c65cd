import { test as base } from 'vitest';
import { lockSlot } from '../../src/api-key/api-key.repository.ts';
import {
  addApiKey,
  deleteApiKey,
  disableApiKey,
  editApiKey,
  enableApiKey,
  regenerateApiKey,
  revealApiKey,
} from '../../src/api-key/api-key.service.ts';
import type {
  ApiKeyAction,
  ApiKeyKind,
  DisablementReason,
  StoredDisablementSource,
} from '../../src/api-key/api-key.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import type { ApiKeyInput, ApiKeyOutcome } from '../../src/api-key/run-key-command.ts';
import type { RequestContext } from '../../src/context.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { Role } from '../../src/identity/permissions.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { Secret } from '../../src/secrets/secret.ts';
import {
  contextOf,
  createStaff,
  createTenants,
  createTestOrganization,
  keyInput,
  type Tenants,
  type TestStaff,
} from './fixtures.ts';
import { openTestInstallation, type TestInstallation } from './test-installation.ts';

/** Everybody who may have to do with one organization, which belongs to the tenants' `reseller`. */
export interface People {
  readonly orgAdmin: Actor;
  readonly orgViewer: Actor;
  /** Of another organization of the same provider. */
  readonly otherOrgAdmin: Actor;
  readonly providerAdmin: Actor;
  readonly providerSupport: Actor;
  readonly providerViewer: Actor;
  /** Of the provider above. */
  readonly parentAdmin: Actor;
  /** Of another reseller under the same provider. */
  readonly siblingAdmin: Actor;
  readonly foreignAdmin: Actor;
  readonly platformAdmin: Actor;
  readonly platformSupport: Actor;
}
export type Person = keyof People;

/** Whatever has services over a database of its own: with HTTP or without. */
type Installation = Pick<TestInstallation, 'services' | 'database'>;

/** Tenants with one organization that has an active subscription and a key. */
export interface KeyWorld extends People {
  readonly keyward: Installation;
  readonly tenants: Tenants;
  readonly organization: OrganizationRef;
  /** The same people, as they sign in. */
  readonly people: Readonly<Record<Person, TestStaff>>;
  as(actor: Actor, now?: Date): RequestContext;
}

export async function createKeyWorld(keyward: Installation): Promise<KeyWorld> {
  const { services } = keyward;
  const tenants = await createTenants(services);
  const { root, reseller, otherReseller, foreignRoot, platformAdmin } = tenants;
  const organization = await createTestOrganization(services, platformAdmin, reseller);
  const neighbour = await createTestOrganization(services, platformAdmin, reseller, null);
  const staff: [Exclude<Person, 'platformAdmin'>, Role, Parameters<typeof createStaff>[2]][] = [
    ['orgAdmin', 'ORG_ADMIN', organization],
    ['orgViewer', 'ORG_VIEWER', organization],
    ['otherOrgAdmin', 'ORG_ADMIN', neighbour],
    ['providerAdmin', 'PROVIDER_ADMIN', reseller],
    ['providerSupport', 'PROVIDER_SUPPORT', reseller],
    ['providerViewer', 'PROVIDER_VIEWER', reseller],
    ['parentAdmin', 'PROVIDER_ADMIN', root],
    ['siblingAdmin', 'PROVIDER_ADMIN', otherReseller],
    ['foreignAdmin', 'PROVIDER_ADMIN', foreignRoot],
    ['platformSupport', 'PLATFORM_SUPPORT', 'PLATFORM'],
  ];
  const members = await Promise.all(
    staff.map(async ([person, role, place]) => [person, await createStaff(services, role, place)] as const),
  );
  const people = Object.fromEntries([...members, ['platformAdmin', platformAdmin] as const]) as Record<
    Person,
    TestStaff
  >;
  const actors = Object.fromEntries(
    Object.entries(people).map(([person, { actor }]) => [person, actor]),
  ) as unknown as People;
  return {
    ...actors,
    keyward,
    tenants,
    organization,
    people,
    as: (actor, now = new Date()) => contextOf(services, actor, now),
  };
}

/** A test with an installation for its file, and tenants of its own in it. */
export const test = base
  .extend('keyward', { scope: 'file' }, async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation();
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

export interface CommandInput extends ApiKeyInput {
  readonly newKey: string;
  readonly reason: DisablementReason;
  readonly note: string;
}

/** Input that suits every command on the slot. */
export function commandInput(organization: OrganizationRef | null, more: Partial<CommandInput> = {}): CommandInput {
  return { ...keyInput(organization), newKey: 'abcDEF123456', reason: 'SECURITY_INCIDENT', note: 'as agreed', ...more };
}

/** Every command on a key by the name of its action. */
export const commands: Readonly<
  Record<ApiKeyAction, (ctx: RequestContext, input: CommandInput) => Promise<ApiKeyOutcome>>
> = {
  ADD: addApiKey,
  EDIT: (ctx, input) => editApiKey(ctx, { ...input, newKey: new Secret(input.newKey) }),
  REGENERATE: regenerateApiKey,
  DELETE: deleteApiKey,
  REVEAL: revealApiKey,
  DISABLE: disableApiKey,
  ENABLE: enableApiKey,
};

export interface Slot {
  readonly version: number;
  readonly fingerprint: string | null;
  readonly lastFour: string | null;
  readonly createdAt: Date | null;
  readonly lastModifiedAt: Date | null;
  readonly lastModifiedById: string | null;
  readonly disabledBy: readonly StoredDisablementSource[];
  /** Unsealed, as only the program can. */
  readonly keyString: string | null;
}

/** The slot as it is kept. */
export async function readSlot(world: KeyWorld, kind: ApiKeyKind = 'CLOUD_SERVICE'): Promise<Slot> {
  const { services } = world.keyward;
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const slot = await lockSlot(tx, { ...world.organization, kind });
    if (slot === null) throw new Error('an organization has a slot of every kind');
    const { version, fingerprint, lastFour, createdAt, lastModifiedAt, lastModifiedById, disabledBy } = slot;
    const keyString = await openKeyString(services, tx, slot);
    const shown = { version, fingerprint, lastFour, createdAt, lastModifiedAt, lastModifiedById, disabledBy };
    return { ...shown, keyString: keyString?.expose() ?? null };
  });
}
