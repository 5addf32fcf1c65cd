import { test as base } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import type { TestStaff } from './fixtures.ts';
import { type Client, connect } from './graphql-client.ts';
import { createKeyWorld, type Person } from './key-world.ts';
import { startTestServer } from './test-installation.ts';

export function organizationId({ rootProviderId, organizationId: id }: OrganizationRef): string {
  return encodeGlobalId('Organization', rootProviderId, id);
}

export function providerId({ rootProviderId, serviceProviderId }: ServiceProviderRef): string {
  return encodeGlobalId('ServiceProvider', rootProviderId, serviceProviderId);
}

/** A test with a server for its file, tenants of its own in it, and a way for each of their people to speak to it. */
export const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer();
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server))
  .extend('signIn', ({ server, world }) => {
    return (who: Person | TestStaff): Promise<Client> =>
      connect(server.url, typeof who === 'string' ? world.people[who] : who);
  });
