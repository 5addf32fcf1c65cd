import type { Page } from 'playwright-core';
import { PATH, sendRaw, sessionIdIn } from '../support/api-sessions.ts';
import { keepSecret } from '../support/canary/places.ts';
import { nextTimestamp, obfuscateAsClientsDo } from '../support/field-client.ts';
import { credentialsOf, type Site } from './console.ts';
import { askAs } from './key.ts';

/** The organization of the demo fleet that has an admin of its own, as that admin sees it. */
export async function ownOrganization(page: Page): Promise<string> {
  const { viewer } = await askAs<{ viewer: { organization: { id: string } } }>(
    page,
    '{ viewer { organization { id } } }',
    {},
  );
  return viewer.organization.id;
}

/** Logs a client in as that admin, who is signed in on the page. @returns the id of its session */
export async function logClientIn(site: Site, page: Page, userAgent: string): Promise<string> {
  const organizationId = await ownOrganization(page);
  const { revealApiKey } = await askAs<{ revealApiKey: { keyString: string } }>(
    page,
    'mutation($input: ApiKeyInput!) { revealApiKey(input: $input) { keyString } }',
    { input: { organizationId } },
  );
  keepSecret(revealApiKey.keyString);
  const timestamp = nextTimestamp();
  const apiKey = obfuscateAsClientsDo(revealApiKey.keyString, timestamp);
  const body = JSON.stringify({ ...credentialsOf(site, 'ORG_ADMIN'), apiKey, timestamp });
  const headers = { 'Content-Type': 'application/json', 'User-Agent': userAgent };
  return sessionIdIn(await sendRaw(site.server.url, { method: 'POST', path: PATH, headers, body }));
}

/** Adds an OAuth server to an organization. */
export async function addServer(site: Site, page: Page, organizationId: string, name: string): Promise<void> {
  const input = {
    organizationId,
    name,
    issuer: 'https://login.example.com',
    jwksUrl: `${site.keySets.origin}/good`,
    audience: 'https://api.example.com',
  };
  const { createAuthorizationServer } = await askAs<{ createAuthorizationServer: { userErrors: unknown[] } }>(
    page,
    'mutation($input: CreateAuthorizationServerInput!) { createAuthorizationServer(input: $input) { userErrors { message } } }',
    { input },
  );
  if (createAuthorizationServer.userErrors.length > 0) throw new Error(JSON.stringify(createAuthorizationServer));
}

export async function goToTab(page: Page, organizationId: string, tab: string): Promise<void> {
  await page.goto(new URL(`/organizations/${organizationId}/${tab}`, page.url()).href);
}
