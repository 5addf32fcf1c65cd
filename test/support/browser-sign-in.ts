import { randomBytes } from 'node:crypto';
import { Secret } from '../../src/secrets/secret.ts';
import { Browser } from './browser.ts';
import { clientWith } from './graphql-client.ts';
import { type IdentityProvider, KEYWARD_CLIENT } from './identity-provider.ts';
import type { Trusted } from './single-sign-on-world.ts';
import type { TestServer } from './test-installation.ts';

export const PUBLIC_URL = 'http://keyward.test';
export const CALLBACK = `${PUBLIC_URL}/auth/sso/callback`;

export const CONFIDENTIAL = {
  clientId: KEYWARD_CLIENT.clientId,
  clientSecret: new Secret(KEYWARD_CLIENT.clientSecret),
};

function startUrl(globalId: string): string {
  return `${PUBLIC_URL}/auth/sso/${globalId}`;
}

/** Each at an address of its own. */
export function newBrowser(serverUrl: string): Browser {
  const address = `10.${[...randomBytes(3)].join('.')}`;
  return new Browser({ [PUBLIC_URL]: serverUrl }, { 'x-forwarded-for': address });
}

/** Somebody who signs in at the identity provider, with a browser of their own. */
export function browserOf(server: TestServer, idp: IdentityProvider, subject: string): Browser {
  const browser = newBrowser(server.url);
  browser.signsInAs(idp.issuer, subject);
  return browser;
}

/** Leaves for the issuer, signs in there, and stands before the way back. @returns its URL */
export function leave(browser: Browser, { globalId }: Trusted): Promise<string> {
  return browser.follow(startUrl(globalId), (url) => url.startsWith(CALLBACK));
}

/** Status, where it leads, and the session's cookie. */
export async function comeBack(browser: Browser, url: string): Promise<[number, string | null, string | undefined]> {
  const answer = await browser.request(url);
  return [answer.status, answer.headers.get('location'), browser.cookie(PUBLIC_URL, 'keyward_session')];
}

export async function viewerOf(server: TestServer, browser: Browser): Promise<unknown> {
  const cookie = `keyward_session=${browser.cookie(PUBLIC_URL, 'keyward_session')}`;
  const client = clientWith(server.url, { cookie, 'sec-fetch-site': 'same-origin' });
  const answer = await client.query('{ viewer { role displayName } }');
  return answer.errors[0]?.extensions.code ?? answer.at('viewer');
}
