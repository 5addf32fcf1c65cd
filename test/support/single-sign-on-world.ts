import { randomBytes } from 'node:crypto';
import { test as base } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { TrustedIssuerRef } from '../../src/ids.ts';
import { type CreateTrustedIssuer, createTrustedIssuer } from '../../src/single-sign-on/trusted-issuer.service.ts';
import { clientWith } from './graphql-client.ts';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import { createKeyWorld, type KeyWorld } from './key-world.ts';
import { startTestServer, type TestServer } from './test-installation.ts';

export interface Trusted extends TrustedIssuerRef {
  readonly audience: string;
  readonly globalId: string;
}

export function uniqueAudience(): string {
  return `https://api.test/${randomBytes(6).toString('hex')}`;
}

export function issuerInput(world: KeyWorld, issuer: string, more: Partial<CreateTrustedIssuer> = {}) {
  return {
    serviceProvider: world.tenants.reseller,
    name: 'Company login',
    issuer,
    audience: uniqueAudience(),
    clientId: null,
    clientSecret: null,
    roleClaim: 'roles',
    roleMapping: [
      { value: 'keyward-admins', role: 'PROVIDER_ADMIN' as const, customRole: null },
      { value: 'keyward-support', role: 'PROVIDER_SUPPORT' as const, customRole: null },
    ],
    domains: [],
    idempotencyKey: null,
    ...more,
  };
}

/** The reseller's administrator trusts an identity provider, for an audience of its own. */
export async function trust(
  world: KeyWorld,
  idp: IdentityProvider,
  more: Partial<CreateTrustedIssuer> = {},
  actor: Actor = world.providerAdmin,
): Promise<Trusted> {
  const input = issuerInput(world, idp.issuer, more);
  const ref = await createTrustedIssuer(world.as(actor), input);
  const globalId = encodeGlobalId('TrustedIssuer', ref.rootProviderId, ref.trustedIssuerId);
  return { ...ref, audience: input.audience, globalId };
}

/** Somebody new at the identity provider. @returns the subject */
export function newPerson(idp: IdentityProvider, claims: Readonly<Record<string, unknown>> = {}): string {
  const subject = `person-${randomBytes(5).toString('hex')}`;
  idp.people.set(subject, {
    email: `${subject}@corp.example`,
    email_verified: true,
    name: `Person ${subject}`,
    roles: ['keyward-support'],
    ...claims,
  });
  return subject;
}

/** Who the server says that the token is: status, code of the refusal, role. */
export async function answerTo(server: TestServer, token: string): Promise<[number, string | undefined, unknown]> {
  const answer = await clientWith(server.url, { authorization: `Bearer ${token}` }).query('{ viewer { role } }');
  return [answer.status, answer.errors[0]?.extensions.code, answer.at('viewer.role')];
}

export const holdsAs = (role: string) => [200, undefined, role];
export const REFUSED = [401, 'UNAUTHENTICATED', undefined];

/** A test with a server and an identity provider for its file, and tenants of its own. */
export const test = base
  .extend('idp', { scope: 'file' }, async ({}, { onCleanup }) => {
    const idp = await startIdentityProvider();
    onCleanup(() => idp[Symbol.asyncDispose]());
    return idp;
  })
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startTestServer({ allowedPrivateHosts: ['127.0.0.1'], trustedProxies: ['127.0.0.1'] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server));
