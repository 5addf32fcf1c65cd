import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, settled, test } from './console.ts';

/** Once its editor is there. */
async function execute(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.getByRole('button', { name: /^Execute/ }).click();
}

test('GraphiQL is signed in by the session, runs its examples and keeps nothing', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/graphiql');
  await page.getByRole('button', { name: 'WhoAmI' }).waitFor();
  for (const name of ['DisabledKeys', 'SharedStrings', 'EnableKey', 'FollowOperation']) {
    expect(await page.getByRole('listitem').filter({ hasText: name }).count()).toBe(1);
  }
  await execute(page);
  await page.locator('.graphiql-response').getByText('PROVIDER_ADMIN').waitFor();
  await page.getByRole('button', { name: 'SharedStrings' }).click();
  await page.locator('.graphiql-query-editor').getByText('apiKeyGroups').waitFor();
  await execute(page);
  await page.locator('.graphiql-response').getByText('apiKeyGroups').waitFor();
  expect(await page.evaluate('Object.keys(localStorage).filter((name) => name.startsWith("graphiql"))')).toEqual([]);
});

test('GraphiQL is reached from the account menu, under its own policy', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/organizations');
  await settled(page);
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('menuitem', { name: 'GraphiQL' }).click();
  await page.getByRole('button', { name: 'WhoAmI' }).waitFor();
  await execute(page);
  await page.locator('.graphiql-response').getByText('PROVIDER_SUPPORT').waitFor();
});

test('a subscription shows what comes, also when that is a refusal', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/graphiql', { forgive: /status of 429/ });
  await page.getByRole('button', { name: 'FollowOperation' }).click();
  await page.locator('.graphiql-query-editor').getByText('bulkOperation').waitFor();
  const response = page.locator('.graphiql-response');
  const told = JSON.stringify({ data: { bulkOperation: { processed: 4711 } } });
  const body = `event: next\ndata: ${told}\n\nevent: complete\ndata:\n\n`;
  await page.route('**/graphql/stream', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
  await execute(page);
  await response.getByText('4711').waitFor();
  const refuse = (status: number, code: string) =>
    page.route('**/graphql/stream', (route) => route.fulfill({ status, json: { code, message: 'It is refused.' } }));
  await refuse(429, 'RATE_LIMITED');
  await execute(page);
  await response.getByText('RATE_LIMITED').waitFor();
  await refuse(401, 'UNAUTHENTICATED');
  await execute(page);
  await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
});

test('an example that is chosen while the editors are still on their way is the one that is shown', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await page.route('**/assets/monaco-editor-*.js', (route) => arrived.then(() => route.continue()));
  const goTo = page.goto(new URL('/graphiql', page.url()).href);
  const example = page.getByRole('button', { name: 'SharedStrings' });
  await example.waitFor();
  expect(await page.getByLabel('GraphiQL', { exact: true }).getAttribute('aria-busy')).toBe('true');
  const chosen = example.click();
  arrive();
  await Promise.all([chosen, goTo]);
  await page.locator('.graphiql-query-editor').getByText('apiKeyGroups').waitFor();
});

test('whoever is not signed in signs in first', async ({ open }) => {
  const page = await open(null, '/graphiql');
  await page.getByRole('heading', { name: 'Sign in to Keyward' }).waitFor();
});

test('only styles are freer there, and only there', async ({ site }) => {
  const policyOf = async (path: string) => {
    const answer = await fetch(`${site.server.url}${path}`, { headers: { accept: 'text/html' } });
    return answer.headers.get('content-security-policy') ?? '';
  };
  const policy = await policyOf('/graphiql');
  expect(policy).toMatch(/style-src 'self' 'unsafe-inline'(;|$)/);
  expect(policy).toMatch(/worker-src 'self'(;|$)/);
  const scripts = /script-src ([^;]+)/.exec(policy)?.[1];
  expect(scripts).toMatch(/^'self' 'sha256-[^']+'$/);
  for (const path of ['/', '/graphiql/more', '/organizations?at=/graphiql']) {
    expect(await policyOf(path)).not.toContain('unsafe-inline');
  }
});
