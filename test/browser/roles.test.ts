import { expect } from 'vitest';
import { type ConsoleRole, settled, test } from './console.ts';

const staff: readonly ConsoleRole[] = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'PLATFORM_ADMIN'];

test.for(staff)('%s begins with a list of organizations', async (role, { open }) => {
  const page = await open(role, '/organizations');
  await settled(page);
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).toContain(
    'Organizations',
  );
  expect(await page.locator('tr[data-row]').count()).toBeGreaterThan(0);
});

test("an organization's own people begin with their organization, and are offered no other", async ({ open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  expect(new URL(page.url()).pathname).toMatch(/^\/organizations\/.+/);
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).not.toContain(
    'Organizations',
  );
  await page.goto(new URL('/organizations', page.url()).href);
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  // Its people hold the permission that the list takes.
  await page.getByText('This is for staff of a provider.').waitFor();
});

test('what a screen takes is named by its permissions', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/rotation/plan');
  await page.getByText('It needs the permission apiKey:sync or apiKey:manage.').waitFor();
});

test('platform staff are told in words when they work in a tenant', async ({ open }) => {
  const page = await open('PLATFORM_ADMIN', '/organizations');
  await settled(page);
  expect(await page.getByText('As platform staff in').count()).toBe(0);
  await page.getByRole('button', { name: 'Switch tenant' }).click();
  await page.getByRole('option').nth(1).click();
  await page.getByText('As platform staff in').waitFor();
  expect(new URL(page.url()).searchParams.get('in')).not.toBeNull();
});
