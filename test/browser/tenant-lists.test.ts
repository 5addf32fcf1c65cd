import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { planFor, trustIssuer } from './automation.ts';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, find } from './key.ts';
import { rowOf } from './people.ts';
import { startSync } from './sync-steps.ts';

const NORTHWIND = 'Northwind Managed Services';
const HARBOURLINE = 'Harbourline Cloud Partners';
const NORTHWINDS_ADMIN = 'Ingrid Halvorsen';
const main = (page: Page) => page.getByRole('main');

async function switchTo(page: Page, tenant: string): Promise<void> {
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('option', { name: tenant, exact: true }).click();
  await page.waitForURL(/[?&]in=/);
}

async function goByRail(page: Page, label: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: label, exact: true }).click();
  await settled(page);
}

test('what happened, what was done to many, what is planned and who signs in follow the tenant', {
  timeout: 90_000,
}, async ({ open, site }) => {
  const admin = await open('PROVIDER_ADMIN', AWAY);
  const page = await open('PLATFORM_ADMIN', '/organizations');
  await settled(page);
  const [first, second] = await find(admin, ACTIVE);
  await trustIssuer(admin, 'Northwind login', `${site.keySets.origin}/issuer`);
  await planFor(admin, new Date(Date.now() + 7 * 86_400_000), { organizationIds: [first?.id] });
  // By somebody above, with an organization of theirs.
  await startSync(page, { organizationIds: [second?.id], dryRun: true });

  await switchTo(page, NORTHWIND);
  await goByRail(page, 'Overview');
  const events = page.getByRole('list', { name: 'Recent events' });
  await events.getByText(NORTHWINDS_ADMIN).first().waitFor();
  await goByRail(page, 'Audit');
  await rowOf(page, NORTHWINDS_ADMIN).first().waitFor();
  await goByRail(page, 'Sync');
  await rowOf(page, 'dry run').waitFor();
  await goByRail(page, 'Rotation');
  await main(page).getByRole('link', { name: 'Planned 1' }).click();
  await rowOf(page, NORTHWINDS_ADMIN).waitFor();
  await goByRail(page, 'Settings');
  await main(page).getByRole('tab', { name: 'Single sign-on' }).click();
  await main(page).getByRole('article', { name: 'Northwind login' }).waitFor();

  await switchTo(page, HARBOURLINE);
  await goByRail(page, 'Overview');
  await events.getByRole('link').first().waitFor();
  expect(await events.getByText(NORTHWINDS_ADMIN).count()).toBe(0);
  await goByRail(page, 'Audit');
  await page.locator('tr[data-row]').first().waitFor();
  expect(await rowOf(page, NORTHWINDS_ADMIN).count()).toBe(0);
  await page.getByRole('button', { name: 'Export' }).click();
  const file = await page.getByRole('menuitem', { name: 'CSV, for a spreadsheet' }).getAttribute('href');
  const tenantId = new URL(page.url()).searchParams.get('in');
  expect(new URL(file ?? '', page.url()).searchParams.get('serviceProviderId')).toBe(tenantId);
  await page.keyboard.press('Escape');
  await goByRail(page, 'Sync');
  await main(page)
    .getByRole('heading', { name: `Nothing has been done to many at once at ${HARBOURLINE} yet` })
    .waitFor();
  await goByRail(page, 'Rotation');
  await main(page).getByRole('link', { name: 'Planned', exact: true }).click();
  await main(page)
    .getByRole('heading', { name: `No rotation is planned at ${HARBOURLINE}` })
    .waitFor();
  await goByRail(page, 'Settings');
  await main(page).getByRole('tab', { name: 'Single sign-on' }).click();
  await main(page)
    .getByRole('heading', { name: `No single sign-on at ${HARBOURLINE} yet` })
    .waitFor();
});
