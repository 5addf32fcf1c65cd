import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { addEndpoint, goTo } from './automation.ts';
import { type Site, settled, test } from './console.ts';
import { button, dialog } from './key.ts';
import { choose } from './people.ts';

interface Place {
  readonly path: string;
  readonly label: string;
  readonly verb: string;
  /** Brings the field on the screen. */
  readonly reach: (page: Page, site: Site) => Promise<void>;
}

async function turnOn(page: Page, name: string): Promise<void> {
  await page.getByRole('switch', { name }).click();
}

async function addPolicyDialog(page: Page, mode: string): Promise<void> {
  await button(page, 'Add policy').click();
  await dialog(page).getByLabel('Name').fill('Of whole numbers');
  await dialog(page).getByRole('radio', { name: mode }).check();
}

const places: readonly Place[] = [
  {
    ...{ path: '/rotation', label: 'Maximum age, in days', verb: 'Add policy' },
    reach: (page) => addPolicyDialog(page, 'Tell people'),
  },
  {
    ...{ path: '/settings/provider', label: 'Over more than so many organizations', verb: 'Save' },
    reach: (page) => turnOn(page, 'Large bulk operations wait'),
  },
  {
    ...{ path: '/settings/provider', label: 'For at most so many minutes', verb: 'Save overlap' },
    reach: (page) => turnOn(page, 'Rotations may let the old key work on'),
  },
  {
    ...{ path: '/webhooks', label: 'The present secret signs on for so many hours', verb: 'Rotate and show secret' },
    reach: async (page, site) => {
      await addEndpoint(page, 'Of whole numbers', site.receiver.url);
      await goTo(page, site, '/webhooks');
      await choose(page, 'Of whole numbers', 'Rotate secret');
    },
  },
  {
    ...{ path: '/rotation/plan', label: 'Overlap, in minutes', verb: 'See what would happen' },
    reach: async () => undefined,
  },
];

/** What stands there while nothing does, and after 30 was typed. */
async function emptied(field: Locator, save: Locator) {
  await expect.poll(() => save.isDisabled()).toBe(false);
  await field.fill('');
  const empty = { value: await field.inputValue(), canSave: await save.isEnabled() };
  await field.pressSequentially('30');
  return { empty, typed: { value: await field.inputValue(), canSave: await save.isEnabled() } };
}

test.for(places)(
  '$label: a cleared field is empty, and nothing is sent until it has a number',
  async (place, { open, site }) => {
    const page = await open('PROVIDER_ADMIN', place.path);
    await settled(page);
    await place.reach(page, site);
    const save = page.getByRole('button', { name: place.verb, exact: true }).last();
    expect(await emptied(page.getByLabel(place.label), save)).toEqual({
      empty: { value: '', canSave: false },
      typed: { value: '30', canSave: true },
    });
  },
);

test('fields of an overlap that go out of sight hold nothing back', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/settings/provider');
  await settled(page);
  await turnOn(page, 'Rotations may let the old key work on');
  await button(page, 'Save overlap').click();
  await page.getByText('an old key may work on for up to 4 hours').first().waitFor();
  await page.getByRole('link', { name: 'Rotation', exact: true }).click();
  await settled(page);
  await addPolicyDialog(page, 'Rotate by itself');
  const add = dialog(page).getByRole('button', { name: 'Add policy' });
  await expect.poll(() => add.isEnabled()).toBe(true);
  await dialog(page).getByLabel('Overlap, in minutes').fill('');
  expect(await add.isEnabled()).toBe(false);
  await dialog(page).getByRole('radio', { name: 'Tell people' }).check();
  expect(await add.isEnabled()).toBe(true);
});
