import type { Services } from '../../src/context.ts';
import type { Actor } from '../../src/identity/actor.ts';
import type { OrganizationRef, ServiceAccountId, ServiceProviderRef } from '../../src/ids.ts';
import { encodeClientId } from '../../src/service-account/client-id.ts';
import { createServiceAccount } from '../../src/service-account/service-account.service.ts';
import { contextOf, uniqueName } from './fixtures.ts';
import { send } from './raw-http.ts';

export interface TestServiceAccount {
  readonly id: ServiceAccountId;
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

type Place = 'PLATFORM' | ServiceProviderRef | OrganizationRef;

/** What `createServiceAccount` takes for an account at this place. */
export function accountInput(place: Place, permissions: readonly string[]) {
  return {
    name: uniqueName('Service account'),
    serviceProvider: place !== 'PLATFORM' && 'serviceProviderId' in place ? place : null,
    organization: place !== 'PLATFORM' && 'organizationId' in place ? place : null,
    permissions,
    idempotencyKey: null,
  };
}

/** One that `creator` made, with its first secret. */
export async function createTestServiceAccount(
  services: Services,
  creator: Actor,
  place: Place,
  permissions: readonly string[] = ['apiKey:view'],
): Promise<TestServiceAccount> {
  const input = accountInput(place, permissions);
  const { id, clientSecret } = await createServiceAccount(contextOf(services, creator), input);
  if (clientSecret === null) throw new Error('a new service account has a secret');
  const rootProviderId = place === 'PLATFORM' ? creator.home.rootProviderId : place.rootProviderId;
  const clientId = encodeClientId({ rootProviderId, serviceAccountId: id });
  return { id, name: input.name, clientId, clientSecret: clientSecret.expose() };
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const FORM = 'application/x-www-form-urlencoded';

/** `POST /oauth/token`. */
export async function askForToken(
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const answer = await send(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': FORM, ...headers },
    body,
  });
  return { ...answer, body: JSON.parse(answer.text) as TokenAnswer['body'] };
}

export function credentialsOf({ clientId, clientSecret }: Pick<TestServiceAccount, 'clientId' | 'clientSecret'>) {
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
}

export function basicOf({ clientId, clientSecret }: Pick<TestServiceAccount, 'clientId' | 'clientSecret'>) {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
}

/** The token of a service account that has access. */
export async function tokenOf(url: string, account: TestServiceAccount, scope?: string): Promise<string> {
  const { status, body } = await askForToken(url, {
    ...credentialsOf(account),
    ...(scope === undefined ? {} : { scope }),
  });
  const { access_token: token } = body;
  if (status !== 200 || typeof token !== 'string') throw new Error(`no token: ${status}`);
  return token;
}
