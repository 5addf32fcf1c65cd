import { once } from 'node:events';
import { createServer } from 'node:http';
import { test as base } from 'vitest';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { Permission } from '../../src/identity/permissions.ts';
import { newId, type ServiceProviderRef, type TrustedIssuerRef } from '../../src/ids.ts';
import { findServiceProvider } from '../../src/service-provider/service-provider.repository.ts';
import { type CreateTrustedIssuer, createTrustedIssuer } from '../../src/single-sign-on/trusted-issuer.service.ts';
import { insertCustomRole } from '../../src/staff/custom-role.repository.ts';
import { uniqueName } from './fixtures.ts';
import { createKeyWorld, type KeyWorld } from './key-world.ts';
import { issuerInput } from './single-sign-on-world.ts';
import { openTestInstallation } from './test-installation.ts';

/** Discovery documents of issuers on a port of this machine, by path. */
export interface Documents {
  readonly origin: string;
  readonly asked: string[];
}

/** A test with services that may ask those issuers, and tenants of its own. */
export const test = base
  .extend('documents', { scope: 'file' }, async ({}, { onCleanup }): Promise<Documents> => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(String(request.url));
      const [, name] = /^\/([\w-]*)\/?\.well-known\/openid-configuration$/.exec(String(request.url)) ?? [];
      const jwks = { jwks_uri: `${origin}/jwks` };
      const documents: Record<string, () => void> = {
        good: () => response.end(JSON.stringify({ issuer: `${origin}/good`, ...jwks })),
        other: () => response.end(JSON.stringify({ issuer: `${origin}/good`, ...jwks })),
        slash: () => response.end(JSON.stringify({ issuer: `${origin}/slash/`, ...jwks })),
        keyless: () => response.end(JSON.stringify({ issuer: `${origin}/keyless` })),
        html: () => response.end('<html>'),
        moved: () => response.writeHead(302, { location: `${origin}/good/.well-known/openid-configuration` }).end(),
        forbidden: () => response.writeHead(403).end('{}'),
        large: () => response.end(JSON.stringify({ issuer: `${origin}/large`, ...jwks, more: 'x'.repeat(2e6) })),
      };
      (documents[name ?? ''] ?? (() => response.writeHead(404).end()))();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const origin = `http://127.0.0.1:${address.port}`;
    onCleanup(() => {
      server.closeAllConnections();
      server.close();
    });
    return { origin, asked };
  })
  .extend('keyward', { scope: 'file' }, async ({ documents }, { onCleanup }) => {
    const allowedPrivateHosts = [new URL(documents.origin).host];
    const keyward = await openTestInstallation({ allowedPrivateHosts });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward))
  .extend('good', ({ documents }) => `${documents.origin}/good`);

/** The reseller's administrator trusts an issuer, unless it is somebody else. */
export function create(
  world: KeyWorld,
  issuer: string,
  more: Partial<CreateTrustedIssuer> = {},
  actor?: Actor,
): Promise<TrustedIssuerRef> {
  return createTrustedIssuer(world.as(actor ?? world.providerAdmin), issuerInput(world, issuer, more));
}

export function withOnly(actor: Actor, permissions: readonly Permission[]): Actor {
  return { ...actor, permissions: new Set(permissions) };
}

/** A role of a provider's own. */
export async function createRole(world: KeyWorld, ref: ServiceProviderRef, permissions: readonly Permission[]) {
  return world.keyward.services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const provider = await findServiceProvider(tx, ref);
    if (provider === null) throw new Error('no such provider');
    const { rootProviderId, id: providerId, providerPath } = provider;
    const id = newId<'CustomRole'>();
    const place = { rootProviderId, providerId, providerPath, organizationId: null };
    await insertCustomRole(tx, { ...place, id, name: uniqueName('Role'), permissions, createdAt: new Date() });
    return { rootProviderId, customRoleId: id };
  });
}
