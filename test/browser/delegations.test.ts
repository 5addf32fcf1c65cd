import { expect } from 'vitest';
import { settled, test } from './console.ts';
import { choose, openElsewhere, rowOf } from './people.ts';

test('access is lent, noticed, accepted, acted under in words and colour, and ended', async ({ site, open }) => {
  const other = await openElsewhere(site, open, '/settings/provider');
  const code = other.getByRole('definition').filter({ hasText: 'lend you access' }).locator('code');
  const granteeId = (await code.textContent()) ?? '';

  const admin = await open('PROVIDER_ADMIN', '/people/delegations');
  await settled(admin);
  await admin.getByRole('button', { name: 'Lend access' }).first().click();
  const grant = admin.getByRole('dialog', { name: 'Lend access to another provider' });
  await grant.getByLabel('Id of the provider that gets access').fill(granteeId);
  await grant.getByRole('combobox', { name: 'Organizations' }).click();
  await admin.getByRole('option').first().click();
  await admin.keyboard.press('Escape');
  await grant.getByLabel('Note').fill('Holiday cover');
  await grant.getByRole('button', { name: 'Grant delegation' }).click();
  await rowOf(admin, 'Holiday cover').getByText('To be accepted').waitFor();

  await other.reload();
  await other.getByRole('button', { name: 'Notices: 1 waiting for you' }).click();
  await other.getByRole('link', { name: /lends access to 1 organization/ }).click();
  const lender = 'Northwind Managed Services';
  await choose(other, lender, 'Accept');
  await other.getByRole('dialog').getByRole('button', { name: 'Accept' }).click();
  await rowOf(other, lender).getByText('Active').waitFor();
  await other.getByRole('button', { name: 'Notices: nothing waits for you' }).waitFor();

  await choose(other, lender, 'Act on behalf of');
  await other.getByText(`On behalf of ${lender}`, { exact: true }).waitFor();
  expect(await other.getByRole('banner').getAttribute('data-foreign')).toBe('true');
  await settled(other);
  await expect.poll(() => other.locator('tr[data-row]').count()).toBe(1);
  expect(await other.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).count()).toBe(0);
  await other.getByRole('button', { name: 'My account' }).click();
  const change = other.getByRole('menuitem', { name: /^Change password/ });
  expect(await change.isDisabled()).toBe(true);
  expect(await change.textContent()).toContain(`You act on behalf of ${lender}`);
  await other.getByRole('menuitem', { name: `Stop acting for ${lender}` }).click();
  await other.getByText(`On behalf of ${lender}`, { exact: true }).waitFor({ state: 'detached' });
  await expect.poll(() => other.locator('tr[data-row]').count()).toBeGreaterThan(1);

  await admin.reload();
  await settled(admin);
  await rowOf(admin, 'Holiday cover')
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await admin.getByRole('menuitem', { name: /^End/ }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'End delegation' }).click();
  await rowOf(admin, 'Holiday cover').getByText('Ended').waitFor();
});

test('a provider of one’s own line is refused, at its field', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/settings/provider');
  await settled(page);
  const code = page.getByRole('definition').filter({ hasText: 'lend you access' }).locator('code');
  const ownId = (await code.textContent()) ?? '';
  await page.goto(new URL('/people/delegations', page.url()).href);
  await page.getByRole('button', { name: 'Lend access' }).first().click();
  const grant = page.getByRole('dialog', { name: 'Lend access to another provider' });
  await grant.getByLabel('Id of the provider that gets access').fill(ownId);
  await grant.getByRole('combobox', { name: 'Organizations' }).click();
  await page.getByRole('option').first().click();
  await page.keyboard.press('Escape');
  await grant.getByRole('button', { name: 'Grant delegation' }).click();
  await grant.getByText('Choose a provider outside of this one').waitFor();
});
