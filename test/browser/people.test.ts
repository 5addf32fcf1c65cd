import { expect } from 'vitest';
import { credentialsOf, settled, test } from './console.ts';
import { textsOfPage } from './key.ts';
import { stepTo } from './keyboard.ts';
import { addPerson, choose, rowOf } from './people.ts';

test('somebody new gets a password that is shown once, and chooses their own with it', async ({ open }) => {
  const admin = await open('PROVIDER_ADMIN', '/people');
  await settled(admin);
  const password = await addPerson(admin, 'Ada Lovelace', 'ada@people.example', 'Provider support');
  expect(password.length).toBeGreaterThanOrEqual(12);
  expect(await textsOfPage(admin)).not.toContain(password);
  await rowOf(admin, 'ada@people.example').getByText('Password to be chosen').waitFor();

  const ada = await open(null, '/people');
  await ada.getByLabel('User name').fill('ada@people.example');
  await ada.getByRole('textbox', { name: 'Password' }).fill(password);
  await ada.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.getByRole('textbox', { name: 'New password' }).fill('an engine of many wheels');
  await ada.getByRole('button', { name: 'Change password and sign in' }).click();
  await ada.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
});

test('a role is changed, somebody is deactivated and comes back, and is removed', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/people');
  await settled(page);
  await addPerson(page, 'Grace Hopper', 'grace@people.example', 'Provider viewer');
  await choose(page, 'Grace Hopper', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Edit Grace Hopper' });
  await edit.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Provider support', exact: true }).click();
  await edit.getByText('Another role ends their sessions').waitFor();
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await rowOf(page, 'grace@').getByText('Provider support').waitFor();

  await choose(page, 'Grace Hopper', 'Deactivate');
  await page
    .getByRole('dialog', { name: 'Deactivate Grace Hopper' })
    .getByRole('button', { name: 'Deactivate' })
    .click();
  await rowOf(page, 'grace@').getByText('Deactivated').waitFor();
  await choose(page, 'Grace Hopper', 'Reactivate');
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
  await rowOf(page, 'grace@').getByText('Deactivated').waitFor({ state: 'detached' });

  await choose(page, 'Grace Hopper', 'Remove');
  const remove = page.getByRole('dialog', { name: 'Remove Grace Hopper' });
  expect(await remove.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
  await remove.getByLabel(/^Type/).fill('grace@people.example');
  await remove.getByRole('button', { name: 'Remove' }).click();
  await rowOf(page, 'grace@').waitFor({ state: 'detached' });
});

test('somebody whose sessions are ended is signed out', async ({ site, open }) => {
  const admin = await open('PROVIDER_ADMIN', '/people');
  await settled(admin);
  const support = await open('PROVIDER_SUPPORT', '/organizations');
  await settled(support);
  const row = rowOf(admin, credentialsOf(site, 'PROVIDER_SUPPORT').username);
  const name = (await row.locator('[title]').first().textContent()) ?? '';
  await choose(admin, name, 'End sessions');
  await admin.getByRole('dialog').getByRole('button', { name: 'End sessions' }).click();
  await admin.getByText(`Ended the sessions of ${name}.`).waitFor();
  await expect
    .poll(
      async () => {
        await support.reload();
        await support.getByRole('main').waitFor();
        return support.getByRole('heading', { name: 'Sign in to Keyward' }).count();
      },
      { timeout: 10_000 },
    )
    .toBe(1);
});

test('a reset shows another password once', async ({ open }) => {
  const admin = await open('PROVIDER_ADMIN', '/people');
  await settled(admin);
  await addPerson(admin, 'Mary Somerville', 'mary@people.example', 'Provider viewer');
  await choose(admin, 'Mary Somerville', 'Reset password');
  await admin.getByRole('dialog').getByRole('button', { name: 'Reset password' }).click();
  const shown = admin.getByRole('dialog', { name: 'New password of Mary Somerville' });
  const password = (await shown.getByLabel('One-time password', { exact: true }).textContent()) ?? '?';
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });
  expect(await textsOfPage(admin)).not.toContain(password);
});

test('nobody does to themselves what takes another, and is told so', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/people?q=ingrid');
  await settled(page);
  await page.getByRole('button', { name: 'Actions for Ingrid Halvorsen' }).click();
  const item = page.getByRole('menuitem', { name: /Deactivate/ });
  expect(await item.isDisabled()).toBe(true);
  expect(await item.textContent()).toContain('Nobody does this to themselves');
  await stepTo(page, /^Deactivate.*Nobody does this to themselves/, 'ArrowDown');
  await page.keyboard.press('Enter');
  expect(await item.isVisible()).toBe(true);
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('a role of one’s own is given, is never more than one holds, and goes when nobody has it', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/people/roles');
  await settled(page);
  await page.getByRole('button', { name: 'Create role' }).first().click();
  const dialog = page.getByRole('dialog', { name: /^Create a role of/ });
  await dialog.getByLabel('Name').fill('Night shift');
  await dialog.getByRole('checkbox', { name: /Disable and enable keys/ }).check();
  await dialog.getByRole('button', { name: 'Create role' }).click();
  const role = page.getByRole('article', { name: 'Night shift' });
  await role.waitFor();
  expect(await role.getByRole('listitem').allTextContents()).toEqual(['apiKey:view', 'apiKey:enable']);

  await page.getByRole('tab', { name: 'Staff' }).click();
  await settled(page);
  await addPerson(page, 'Nora Night', 'nora@people.example', 'Night shift');
  await rowOf(page, 'nora@').getByText('Night shift').waitFor();

  await page.getByRole('tab', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'Delete Night shift' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete role' }).click();
  await page.getByText('ROLE_IN_USE').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
});

test('platform staff cannot bundle what they may not do: revealing keys', async ({ open }) => {
  const page = await open('PLATFORM_ADMIN', '/people/roles');
  await settled(page);
  expect(await page.getByRole('button', { name: 'Create role' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('option').nth(1).click();
  const tenant = new URL(page.url()).searchParams.get('in');
  await page.goto(new URL(`/people/roles?in=${tenant}`, page.url()).href);
  await page.getByRole('button', { name: 'Create role' }).first().click();
  const reveal = page.getByRole('checkbox', { name: /Reveal key strings/ });
  expect(await reveal.isDisabled()).toBe(true);
  await page.getByText('You do not have it yourself.').waitFor();
});

test('a service account: its secrets are shown once, one replaces the other, and revoking ends it', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/people/service-accounts');
  await settled(page);
  await page.getByRole('button', { name: 'Create service account' }).first().click();
  const create = page.getByRole('dialog', { name: 'Create a service account' });
  await create.getByLabel('Name').fill('Nightly report');
  await create.getByRole('checkbox', { name: /See organizations/ }).check();
  await create.getByRole('button', { name: 'Create and show secret' }).click();
  const shown = page.getByRole('dialog', { name: 'Secret of Nightly report' });
  const clientId = (await shown.getByLabel('Client id', { exact: true }).textContent()) ?? '';
  const secret = (await shown.getByLabel('Client secret', { exact: true }).textContent()) ?? '';
  const tokenStatus = (given: string) =>
    page.evaluate<number>(
      `fetch('/oauth/token', { method: 'POST', headers: { authorization: 'Basic ' + btoa(${JSON.stringify(`${clientId}:${given}`)}) }, body: new URLSearchParams({ grant_type: 'client_credentials' }) }).then(({ status }) => status)`,
    );
  expect(await tokenStatus(secret)).toBe(200);
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });
  expect(await textsOfPage(page)).not.toContain(secret);

  await choose(page, 'Nightly report', 'Add a secret');
  await page.getByRole('dialog').getByRole('button', { name: 'Add and show secret' }).click();
  const second = page.getByRole('dialog', { name: 'Second secret of Nightly report' });
  await second.getByText('The first secret holds until you revoke it').waitFor();
  const secondSecret = (await second.getByLabel('Client secret', { exact: true }).textContent()) ?? '?';
  await second.getByRole('button', { name: 'I have kept it' }).click();
  await second.waitFor({ state: 'detached' });
  expect(await textsOfPage(page)).not.toContain(secondSecret);
  await page.getByRole('button', { name: 'Actions for Nightly report' }).click();
  expect(await page.getByRole('menuitem', { name: /Add a secret/ }).textContent()).toContain('revoke one first');
  await page.getByRole('menuitem', { name: 'Show secrets' }).click();
  await page.getByRole('button', { name: 'Revoke the older secret' }).click();
  await page.getByRole('dialog', { name: 'Revoke a secret' }).getByRole('button', { name: 'Revoke secret' }).click();
  await page.getByText('Revoked a secret of Nightly report.').waitFor();
  await page.getByRole('button', { name: 'Revoke the newer secret' }).waitFor({ state: 'detached' });
  await page.getByRole('dialog', { name: 'Nightly report' }).getByRole('button', { name: 'Close' }).click();

  await choose(page, 'Nightly report', 'Revoke service account');
  const revoke = page.getByRole('dialog', { name: 'Revoke Nightly report' });
  await revoke.getByLabel(/^Type/).fill('Nightly report');
  await revoke.getByRole('button', { name: 'Revoke service account' }).click();
  await rowOf(page, 'Nightly report').getByText('Revoked').waitFor();
});

test("an organization's own admin sees its people and accounts, and nothing of providers", async ({ open }) => {
  const page = await open('ORG_ADMIN', '/people');
  await settled(page);
  expect(await page.getByRole('tab').allTextContents()).toEqual(['Staff', 'Service accounts']);
  await addPerson(page, 'Otto Own', 'otto@people.example', 'Organization viewer');
  await rowOf(page, 'otto@').waitFor();
  expect(await page.getByRole('button', { name: /^Notices/ }).count()).toBe(0);
});

test.for(['PROVIDER_SUPPORT', 'PROVIDER_VIEWER'] as const)('%s is not offered people', async (role, { open }) => {
  const page = await open(role, '/organizations');
  await settled(page);
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).count()).toBe(0);
  await page.goto(new URL('/people', page.url()).href);
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
});
