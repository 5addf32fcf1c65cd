import { test as base } from 'vitest';
import {
  type CreateAuthorizationServer,
  createAuthorizationServer,
} from '../../src/authorization-server/authorization-server.service.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { AuthorizationServerRef } from '../../src/ids.ts';
import { type KeySetServer, startKeySetServer } from './key-set-server.ts';
import { createKeyWorld, type KeyWorld } from './key-world.ts';
import { openTestInstallation } from './test-installation.ts';

export function serverInput(
  world: KeyWorld,
  { origin }: Pick<KeySetServer, 'origin'>,
  more: Partial<CreateAuthorizationServer> = {},
): CreateAuthorizationServer {
  return {
    organization: world.organization,
    name: 'Company login',
    issuer: 'https://login.example.com',
    jwksUrl: `${origin}/good`,
    audience: 'https://api.example.com',
    idempotencyKey: null,
    ...more,
  };
}

export function createServer(
  world: KeyWorld,
  keySets: Pick<KeySetServer, 'origin'>,
  more: Partial<CreateAuthorizationServer> = {},
  actor: Actor = world.orgAdmin,
): Promise<AuthorizationServerRef> {
  return createAuthorizationServer(world.as(actor), serverInput(world, keySets, more));
}

export function serverCommand(authorizationServer: AuthorizationServerRef | null) {
  return { authorizationServer, expectedVersion: null, idempotencyKey: null };
}

export const NOTHING_CHANGED = { name: undefined, issuer: undefined, jwksUrl: undefined, audience: undefined };

/** A test with services that may ask a server of key sets, and tenants of its own. */
export const test = base
  .extend('keySets', { scope: 'file' }, async ({}, { onCleanup }) => {
    const keySets = await startKeySetServer();
    onCleanup(() => keySets[Symbol.asyncDispose]());
    return keySets;
  })
  .extend('keyward', { scope: 'file' }, async ({ keySets }, { onCleanup }) => {
    const allowedPrivateHosts = [new URL(keySets.origin).host];
    const keyward = await openTestInstallation({ allowedPrivateHosts });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));
