import { test as base } from 'vitest';
import type { OrganizationRef } from '../../src/ids.ts';
import { createTestOrganization, placeOf } from './fixtures.ts';
import { disableByProvider } from './key-states.ts';
import { commandInput, commands, createKeyWorld, type KeyWorld } from './key-world.ts';
import {
  insertCustomRole,
  insertDelegation,
  insertServiceAccount,
  insertSession,
  insertTrustedIssuer,
} from './tenant-rows/access.ts';
import { insertAuditLinks } from './tenant-rows/audit.ts';
import { insertApiSession, insertAuthorizationServer, insertUsage } from './tenant-rows/data-plane.ts';
import { insertMailRecipient, insertSubscriptionNotice, insertWebhookEndpoint } from './tenant-rows/notices.ts';
import { insertBulkOperation, insertImportRow, insertOrganizationGroup } from './tenant-rows/operations.ts';
import { insertRotationPolicy } from './tenant-rows/rotation.ts';
import { openTestInstallation } from './test-installation.ts';

/** Everything goes through one connection: what one transaction leaves on it, the next one would find. */
export const test = base
  .extend('keyward', { scope: 'file' }, async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation({ databasePoolSize: 1 });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', async ({ keyward }) => {
    const world = await createKeyWorld(keyward);
    await fillTables(world);
    return world;
  });

/** Every tenant of the world has a row in every table. */
async function fillTables(world: KeyWorld): Promise<void> {
  const { tenants, keyward } = world;
  await disableByProvider(world);
  for (const provider of [tenants.root, tenants.otherReseller, tenants.foreignRoot]) {
    const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, provider);
    await commands.DISABLE(
      world.as(world.platformSupport),
      commandInput(organization, { idempotencyKey: organization.organizationId }),
    );
    await fillIdentity(world, organization);
  }
  await fillIdentity(world, world.organization);
  const people = [world.orgAdmin, world.providerAdmin, world.parentAdmin, world.siblingAdmin, world.foreignAdmin];
  for (const person of people) {
    await commands
      .ADD(world.as(person), commandInput(world.organization, { idempotencyKey: 'one' }))
      .catch(() => undefined);
  }
}

/** Whoever can act for the organization or for its provider, and by what. */
async function fillIdentity(world: KeyWorld, organization: OrganizationRef): Promise<void> {
  const { keyward, tenants, people } = world;
  const { services, database } = keyward;
  const own = await placeOf(services, organization);
  const provider = { ...own, organizationId: null };
  await insertCustomRole(database, provider);
  await insertTrustedIssuer(database, provider);
  await insertWebhookEndpoint(database, provider, organization);
  await insertMailRecipient(database, provider, organization);
  await insertRotationPolicy(database, provider, organization);
  await insertOrganizationGroup(database, provider, [organization.organizationId]);
  await insertImportRow(database, provider, await insertBulkOperation(database, provider, organization));
  await insertBulkOperation(database, own, organization);
  await insertServiceAccount(database, provider, ['apiKey:view']);
  await insertServiceAccount(database, own, ['apiKey:view']);
  await insertAuthorizationServer(database, own);
  await insertUsage(database, own);
  await insertSubscriptionNotice(database, organization);
  const somebody = Object.values(people).find(({ member }) => member.rootProviderId === own.rootProviderId);
  if (somebody !== undefined) await insertApiSession(database, own, somebody.member.id);
  const { rootProviderId: granteeRootProviderId, serviceProviderId: granteeProviderId } = tenants.foreignRoot;
  await insertDelegation(database, provider, {
    organizationIds: [organization.organizationId],
    role: 'PROVIDER_SUPPORT',
    granteeRootProviderId,
    granteeProviderId,
  });
  for (const { member } of Object.values(people)) await insertSession(database, member, member.id);
  await insertAuditLinks(database);
}

/** Sees by whatever settings the transaction has. Nothing but row-level security stands between. */
export async function inTransaction<Answer>(
  world: KeyWorld,
  begin: readonly string[],
  work: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  const client = await world.keyward.services.database.pool.connect();
  try {
    for (const sql of ['begin', ...begin]) await client.query(sql);
    return await work(async (sql) => (await client.query<Row>(sql)).rows);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

export type Row = Readonly<Record<string, unknown>>;
export type Query = (sql: string) => Promise<Row[]>;
