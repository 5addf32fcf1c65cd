import type { Locator, Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { addEndpoint } from './automation.ts';
import { AWAY, type ConsoleRole, credentialsOf, type Site, settled, test } from './console.ts';
import { choose } from './people.ts';

test('a password opens the console, and no script can see the session', async ({ site, open }) => {
  const page = await open(null, '/');
  const { username, password } = credentialsOf(site, 'PROVIDER_ADMIN');
  await page.getByLabel('User name').fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  expect(await page.title()).toBe('Overview · Keyward');
  const visible = await page.evaluate<string>(
    'document.cookie + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })',
  );
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'keyward_session', httpOnly: true, sameSite: 'Strict' });
  expect(visible).not.toContain(cookie?.value);
  expect(visible).not.toContain(password);
});

test('a wrong password says what to do, and keeps the user name', async ({ site, open }) => {
  const page = await open(null, '/organizations?key=DISABLED');
  const { username } = credentialsOf(site, 'PROVIDER_SUPPORT');
  await page.getByLabel('User name').fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').textContent()).toBe(
    'The user name or the password is wrong. Check both, then try again.',
  );
  expect(await page.getByLabel('User name').inputValue()).toBe(username);
});

test('whoever signs in goes on at the address that they came for', async ({ site, open }) => {
  const page = await open(null, '/organizations?key=DISABLED');
  const { username, password } = credentialsOf(site, 'PROVIDER_SUPPORT');
  await page.getByLabel('User name').fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('API key: Disabled').waitFor();
});

test('somebody whose password another has set chooses a new one on the way in', async ({ open }) => {
  const admin = await open('PROVIDER_ADMIN', '/organizations');
  await settled(admin);
  const username = `new.colleague@${Date.now()}.example`;
  const created = await admin.evaluate<{ data: { createStaffMember: { password: string } } }>(`
    fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ viewer { serviceProvider { id } } }' }) })
      .then((answer) => answer.json())
      .then(({ data }) => fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({
        query: 'mutation($input: CreateStaffMemberInput!) { createStaffMember(input: $input) { password userErrors { message } } }',
        variables: { input: { username: ${JSON.stringify(username)}, displayName: 'New Colleague', role: 'PROVIDER_VIEWER', serviceProviderId: data.viewer.serviceProvider.id } },
      }) }))
      .then((answer) => answer.json())`);
  const { password } = created.data.createStaffMember;
  const page = await open(null, '/');
  await page.getByLabel('User name').fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('textbox', { name: 'New password' }).fill('a long walk by the sea');
  await page.getByRole('button', { name: 'Change password and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

const ended = (page: Page) => page.getByRole('dialog', { name: 'Your session has ended' });

/** @returns the dialog that says so */
async function endWhileTyping(page: Page): Promise<Locator> {
  await settled(page);
  await page.context().clearCookies();
  await page.getByRole('searchbox').fill('gmbh');
  await ended(page).waitFor();
  return ended(page);
}

async function signInAgain(dialog: Locator, site: Site): Promise<void> {
  const { username, password } = credentialsOf(site, 'PROVIDER_ADMIN');
  await dialog.getByLabel('User name').fill(username);
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('when the session has ended, the sign-in comes over the page and nothing typed is lost', async ({
  site,
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  const dialog = await endWhileTyping(page);
  await signInAgain(dialog, site);
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.getByRole('searchbox').inputValue()).toBe('gmbh');
  const names = async () => (await page.locator('tr[data-row]').allTextContents()).map((text) => text.toLowerCase());
  await expect.poll(async () => (await names()).every((name) => name.includes('gmbh'))).toBe(true);
});

/** Through the API, as in another tab: one session is for all of them. */
async function signInElsewhere(page: Page, site: Site, role: ConsoleRole): Promise<void> {
  const address = `${site.server.url}/auth/session`;
  const answer = await page.context().request.post(address, { data: credentialsOf(site, role) });
  expect(answer.status()).toBe(204);
}

/** Leaves the tab and comes back. */
async function lookAway(page: Page, meanwhile: () => Promise<void>): Promise<void> {
  const see = (state: string) => `
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
    document.dispatchEvent(new Event('visibilitychange'))`;
  await page.evaluate(see('hidden'));
  await meanwhile();
  await page.evaluate(see('visible'));
}

test('single sign-on opens beside what was typed, which goes on once somebody is signed in there', async ({
  site,
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  const dialog = await endWhileTyping(page);
  await dialog.getByRole('button', { name: 'Use single sign-on' }).click();
  await dialog.getByLabel('Single sign-on address').fill('/auth/sso/somewhere');
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    dialog.getByRole('button', { name: 'Go on with single sign-on' }).click(),
  ]);
  await tab.waitForURL(/sign-in=failed/);
  await tab.close();
  await lookAway(page, () => signInElsewhere(page, site, 'PROVIDER_ADMIN'));
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.getByRole('searchbox').inputValue()).toBe('gmbh');
});

test('whoever has signed in in another tab is who acts in this one', async ({ site, open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await lookAway(page, () => signInElsewhere(page, site, 'PROVIDER_SUPPORT'));
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByText(/^Provider support/).waitFor();
});

test('what was refused because the session had ended is told of after the next sign-in', async ({ site, open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await addEndpoint(page, 'Ticket system', site.receiver.url);
  await page.goto(`${site.server.url}/webhooks`);
  await settled(page);
  await page.context().clearCookies();
  await choose(page, 'Ticket system', 'Send test event');
  const dialog = ended(page);
  await signInAgain(dialog, site);
  await page.getByText('Not done: your session had ended. Do it again.').waitFor();
});

async function chooseSignOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

test('signing out ends the session and forgets what was seen', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await chooseSignOut(page);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
  expect(await page.locator('tr[data-row]').count()).toBe(0);
});

const failures = {
  'a server that cannot': (route: Route) => route.fulfill({ status: 503 }),
  'no connection': (route: Route) => route.abort(),
};

test.for(['a server that cannot', 'no connection'] as const)(
  'a sign-out that failed by %s says that the session goes on, and can be tried again',
  async (reason, { open }) => {
    const page = await open('PROVIDER_ADMIN', '/organizations', { forgive: /status of 503|ERR_FAILED/ });
    await settled(page);
    await page.route('**/auth/session', failures[reason]);
    await chooseSignOut(page);
    await page.getByRole('alert').getByText('You are still signed in').waitFor();
    expect(await page.locator('tr[data-row]').count()).toBeGreaterThan(0);
    await page.unroute('**/auth/session');
    await chooseSignOut(page);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  },
);

test('a single sign-on that failed is told of', async ({ open }) => {
  const page = await open(null, '/?sign-in=failed');
  expect(await page.getByRole('alert').textContent()).toContain('Single sign-on did not let you in.');
});
