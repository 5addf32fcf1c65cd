import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { goTo } from './automation.ts';
import { settled, test } from './console.ts';
import { ACTIVE, button, dialog, find, textsOfPage } from './key.ts';
import { setApprovalAbove, typeCount } from './sync-steps.ts';

const IN_A_WEEK = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 16);
const plans = (page: Page) => page.getByRole('table', { name: 'Planned rotations' }).locator('tr[data-row]');

async function seeAhead(page: Page): Promise<void> {
  await page.getByLabel('When (UTC)').fill(IN_A_WEEK);
  await button(page, 'See what would happen').click();
}

test('a key that is typed for a plan is in no text, address or storage after that, and the plan can be cancelled', {
  timeout: 60_000,
}, async ({ open, site }) => {
  const TYPED = 'Planned0nly1';
  const page = await open('PROVIDER_ADMIN', '/rotation/planned');
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  await settled(page);
  const [first] = await find(page, ACTIVE);
  await goTo(page, site, `/rotation/plan?key=ENABLED&q=${encodeURIComponent(first?.name ?? '')}`);
  await page.getByRole('radio', { name: 'Type a key for all' }).check();
  const field = page.getByRole('textbox', { name: 'New key' });
  expect(await button(page, 'See what would happen').isDisabled()).toBe(true);
  await field.fill('not-a-key');
  await page.getByText('Take the other characters out.').waitFor();
  await field.fill('tooShort');
  await seeAhead(page);
  await page.getByText('A key is exactly 12 characters of A-Z, a-z and 0-9.').waitFor();
  await field.fill(TYPED);
  await seeAhead(page);
  await page.getByText('Would change').waitFor();
  expect(await textsOfPage(page)).not.toContain(TYPED);
  await typeCount(page);
  await page.getByRole('button', { name: /^Plan for/ }).click();
  await page.getByText('Nothing is changed before.').waitFor();
  expect(await page.getByRole('status', { name: 'New key' }).count()).toBe(0);
  expect(await textsOfPage(page)).not.toContain(TYPED);

  await button(page, 'Close').click();
  await plans(page).getByText('One for all').waitFor();
  await plans(page).first().click();
  await page.getByText('Planned for').waitFor();
  await page.getByRole('table', { name: 'Results' }).locator('tr[data-row]').first().waitFor();
  expect(await textsOfPage(page)).not.toContain(TYPED);
  await button(page, 'Cancel operation').click();
  await dialog(page).getByText('It does not take place.').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel operation' }).click();
  await page.getByText('It was cancelled. Nothing was changed.').waitFor();
  await goTo(page, site, '/rotation/planned');
  await page.getByRole('heading', { name: 'No rotation is planned' }).waitFor();

  // Whoever goes back finds an empty form.
  await goTo(page, site, '/rotation/plan');
  await page.getByRole('radio', { name: 'Type a key for all' }).check();
  expect(await field.inputValue()).toBe('');
  expect(addresses.filter((address) => address.includes(TYPED))).toEqual([]);
});

test('a plan over many waits for a second person, who is told when it begins; approved, it is planned until then', {
  timeout: 60_000,
}, async ({ open, site }) => {
  const first = await open('PROVIDER_ADMIN', '/rotation/plan?key=ENABLED&subscription=ACTIVE');
  await settled(first);
  await setApprovalAbove(first, 5);
  await first.getByRole('radio', { name: 'One new key for all' }).check();
  await seeAhead(first);
  const count = await typeCount(first);
  await button(first, `Plan for ${count} organizations`).click();
  await first.getByText('Somebody else has to approve it, and nothing is done before.').waitFor();
  expect(await first.getByText('Nothing is changed before.').count()).toBe(0);
  await setApprovalAbove(first, null);
  await button(first, 'Close').click();
  await plans(first).getByText('Needs approval').waitFor();

  const second = await open('PLATFORM_ADMIN', '/rotation/planned');
  await plans(second)
    .getByRole('button', { name: /^Actions for/ })
    .click();
  const cancel = second.getByRole('menuitem', { name: /^Cancel rotation/ });
  expect(await cancel.isDisabled()).toBe(true);
  expect(await cancel.textContent()).toContain('It waits for approval: reject it');
  await second.getByRole('menuitem', { name: 'See what it would do' }).click();
  await button(second, 'Approve').click();
  const inWords = `${IN_A_WEEK.replace('T', ' ')}:00 UTC`;
  await dialog(second).getByText(`It begins on ${inWords}, in the name of Ingrid Halvorsen.`).waitFor();
  await dialog(second).getByRole('button', { name: 'Approve operation' }).click();
  await second.getByText(`Approved: Sync of ${count} organizations. It begins on ${inWords}.`).waitFor();
  await second.getByText(/^Approved by Priya Raman/).waitFor();

  // Told without a reload.
  await plans(first).getByText('Planned', { exact: true }).waitFor({ timeout: 20_000 });
  await plans(first)
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await first.getByRole('menuitem', { name: 'Cancel rotation' }).click();
  await dialog(first).getByText('A string that was given for it is forgotten.').waitFor();
  await dialog(first).getByRole('button', { name: 'Cancel rotation' }).click();
  await first.getByRole('heading', { name: 'No rotation is planned' }).waitFor();
});
