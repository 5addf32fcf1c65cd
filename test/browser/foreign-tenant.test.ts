import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addEndpoint, lendTo, ownProvider, planFor } from './automation.ts';
import { AWAY, goWithin, settled, test } from './console.ts';
import { ACTIVE, find } from './key.ts';
import { openElsewhere, rowOf } from './people.ts';

const NORTHWIND = 'Northwind Managed Services';
const bar = (page: Page) => page.getByRole('banner').first();
const main = (page: Page) => page.getByRole('main');
const inAWeek = () => new Date(Date.now() + 7 * 86_400_000);

/** The colour of the top bar. */
const tint = (page: Page) =>
  page.evaluate<string>('getComputedStyle(document.querySelector("header")).backgroundColor');

async function goByRail(page: Page, label: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: label, exact: true }).click();
  await settled(page);
}

async function switchTo(page: Page, tenant: string): Promise<void> {
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('option', { name: tenant, exact: true }).click();
  await page.waitForURL(/[?&]in=/);
}

/** What says that somebody works in a tenant that is not their own: words, and a colour that the bar has nowhere else. */
async function expectSaid(page: Page, words: string, home: string): Promise<void> {
  await settled(page);
  await bar(page).getByText(words, { exact: true }).waitFor();
  expect(await tint(page), page.url()).not.toBe(home);
}

test('platform staff are told whose tenant they are in on every screen of webhooks, mail and rotation', {
  timeout: 60_000,
}, async ({ open, site }) => {
  const admin = await open('PROVIDER_ADMIN', AWAY);
  const endpointId = await addEndpoint(admin, 'Ticket system', site.receiver.url);
  const [first] = await find(admin, ACTIVE);
  await planFor(admin, inAWeek(), { organizationIds: [first?.id] });

  const page = await open('PLATFORM_ADMIN', '/webhooks');
  await settled(page);
  const home = await tint(page);
  expect(await bar(page).getByText('As platform staff in').count()).toBe(0);
  await switchTo(page, NORTHWIND);
  const expectTold = () => expectSaid(page, `As platform staff in ${NORTHWIND}`, home);
  await expectTold();

  await goByRail(page, 'Webhooks');
  await expectTold();
  await rowOf(page, 'Ticket system').click();
  await main(page).getByRole('heading', { name: 'Ticket system' }).waitFor();
  await expectTold();
  await main(page).getByRole('link', { name: 'All webhooks' }).click();
  await rowOf(page, 'Ticket system').waitFor();
  await expectTold();
  await main(page).getByRole('link', { name: 'Mail', exact: true }).click();
  await main(page)
    .getByRole('heading', { name: `Nobody at ${NORTHWIND} is told by mail yet` })
    .waitFor();
  await expectTold();

  await goByRail(page, 'Rotation');
  await expectTold();
  await main(page)
    .getByRole('link', { name: /^Planned/ })
    .click();
  await page.locator('tr[data-row]').first().click();
  await main(page).getByText('Nothing is changed before.').waitFor();
  await expectTold();
  await goByRail(page, 'Rotation');
  await main(page).getByRole('link', { name: 'Plan a rotation' }).click();
  await main(page).getByText(`of ${NORTHWIND}`).waitFor();
  await expectTold();
  await main(page).getByRole('link', { name: 'Planned rotations' }).click();
  await page.locator('tr[data-row]').first().waitFor();
  await expectTold();

  // Whose it is says itself, for whoever comes by its address alone.
  await goWithin(page, `/webhooks/${endpointId}`);
  await expectTold();

  await switchTo(page, 'Harbourline Cloud Partners');
  await goByRail(page, 'Webhooks');
  await expectSaid(page, 'As platform staff in Harbourline Cloud Partners', home);
  await main(page).getByRole('heading', { name: 'No webhooks of Harbourline Cloud Partners yet' }).waitFor();
});

test('delegated staff are told on whose behalf they act, and have neither webhooks, mail, policies nor plans of the lender', {
  timeout: 60_000,
}, async ({ open, site }) => {
  const page = await openElsewhere(site, open, '/organizations');
  const home = await tint(page);
  const admin = await open('PROVIDER_ADMIN', AWAY);
  const lent = (await find(admin, ACTIVE)).slice(0, 2);
  await lendTo(
    page,
    admin,
    await ownProvider(page),
    lent.map(({ id }) => id),
  );
  await page.reload();
  await settled(page);
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('menuitem', { name: NORTHWIND }).click();
  const expectTold = () => expectSaid(page, `On behalf of ${NORTHWIND}`, home);
  await expectTold();
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(2);

  await goByRail(page, 'Rotation');
  await expectTold();
  expect(await main(page).getByRole('button', { name: 'Add policy' }).count()).toBe(0);
  expect(await main(page).getByRole('link', { name: 'Plan a rotation' }).count()).toBe(0);
  await goWithin(page, '/rotation/planned');
  await main(page).getByRole('heading', { name: 'No rotation is planned' }).waitFor();
  await expectTold();
  await goWithin(page, `/organizations/${lent[0]?.id}/key`);
  await main(page).getByRole('button', { name: 'Regenerate' }).waitFor();
  await expectTold();

  const rail = page.getByRole('navigation', { name: 'Main' });
  for (const label of ['Webhooks', 'People']) expect(await rail.getByRole('link', { name: label }).count()).toBe(0);
  for (const path of ['/webhooks', '/notifications', '/people', '/rotation/plan']) {
    await goWithin(page, path);
    await main(page).getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
    await main(page).getByText(`You act on behalf of ${NORTHWIND}, and this is not lent.`).waitFor();
    await expectTold();
  }
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('menuitem', { name: `Stop acting for ${NORTHWIND}` }).click();
  await bar(page).getByText('On behalf of').waitFor({ state: 'detached' });
  expect(await tint(page)).toBe(home);
  await rail.getByRole('link', { name: 'Webhooks' }).waitFor();
});
