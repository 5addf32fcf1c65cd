import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type ConsoleRole, settled, test } from './console.ts';
import { find, textsOfPage } from './key.ts';
import { becomeColleague, selectRows, setApprovalAbove, startSync, typeCount } from './sync-steps.ts';

/** For what several people do, or one in many steps. */
const LONG = { timeout: 90_000 };
const KEY_STRING = /^[A-Za-z0-9]{12}$/;

async function seeAhead(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'See what would happen' }).click();
  await page.getByText('Would change').waitFor();
}

function tile(page: Page, label: string) {
  return page.locator('dl > div').filter({ hasText: label }).locator('dd').first();
}

test(
  'a key is generated for all that match: seen ahead, confirmed by the count, shown once and hidden',
  LONG,
  async ({ open }) => {
    const page = await open('PROVIDER_ADMIN', '/sync');
    await page.getByRole('link', { name: 'New sync' }).first().click();
    await settled(page);
    await page.getByRole('button', { name: 'API key' }).click();
    await page.getByRole('checkbox', { name: 'Enabled' }).click();
    await page.getByRole('button', { name: 'Remove the filter API key: Enabled' }).waitFor();
    await page.keyboard.press('Escape');
    const [, matching] =
      /^(\d+) organization/.exec((await page.getByText(/^\d+ organizations in all/).textContent()) ?? '') ?? [];
    await seeAhead(page);
    const run = page.getByRole('button', { name: /^Sync \d+ organizations$/ });
    expect(await run.isDisabled()).toBe(true);
    await page.getByText('This action cannot be undone.').waitFor();
    expect(await typeCount(page)).toBe(Number(matching));
    await run.click();
    const shown = page.getByRole('status', { name: 'New key' });
    await shown.waitFor();
    const key = (await shown.textContent()) ?? '';
    expect(key).toMatch(KEY_STRING);
    await expect.poll(() => tile(page, 'Changed').textContent()).toBe(matching);
    await page.getByRole('button', { name: 'Hide key' }).click();
    expect(await textsOfPage(page)).not.toContain(key);
    await page.getByRole('link', { name: 'See every organization' }).click();
    await page.getByRole('heading', { name: `Sync of ${matching} organizations` }).waitFor();
  },
);

test('those that refuse can be left out, and the report holds every one', LONG, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/sync/new?key=ENABLED,NONE');
  await settled(page);
  await seeAhead(page);
  await page.getByText(/^Nothing would be changed: \d+ of \d+ organizations refuse/).waitFor();
  await page.getByRole('list', { name: 'Refused' }).getByText('KEY_NOT_FOUND').first().waitFor();
  await page.getByRole('button', { name: 'Leave them out' }).click();
  await page.getByLabel(/^Type .* to confirm$/).waitFor();
  const changed = await typeCount(page);
  await page.getByRole('button', { name: `Sync ${changed} organizations` }).click();
  await page.getByText('Done in part').waitFor();
  await page.getByRole('link', { name: 'See every organization' }).click();
  await page.getByRole('button', { name: /^Refused \d+$/ }).click();
  const outcomes = () => page.locator('tr[data-row] td:nth-child(2)').allTextContents();
  await expect.poll(async () => [...new Set(await outcomes())]).toEqual(['Refused']);
  const total = Number(/\d+/.exec((await page.getByRole('heading', { level: 1 }).textContent()) ?? '')?.[0]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download report' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^sync-key-.*\.csv$/);
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines[0]).toBe('organization_id,organization,external_id,provider,outcome,code,message');
  expect(lines).toHaveLength(total + 1);
  expect(lines.filter((line) => line.includes(',CHANGED,'))).toHaveLength(changed);
});

test('a key that is typed must be one, and is gone from the page before anything happens', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/sync/new?key=ENABLED&subscription=ACTIVE');
  await settled(page);
  await page.getByRole('radio', { name: 'Type a key' }).check();
  const field = page.getByRole('textbox', { name: 'New key' });
  await field.fill('tooShort');
  await page.getByRole('button', { name: 'See what would happen' }).click();
  await page.getByText('A key is exactly 12 characters of A-Z, a-z and 0-9.').waitFor();
  await field.fill('Agreed0nBy20');
  await seeAhead(page);
  expect(await textsOfPage(page)).not.toContain('Agreed0nBy20');
});

test('those that drifted are brought in line with the string of the others', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/sync/drift');
  await page.getByRole('link', { name: /^Bring \d+ organizations in line$/ }).click();
  await page.getByText('Holding another string').waitFor();
  expect(await page.getByRole('radio', { name: 'Take the key of an organization' }).isChecked()).toBe(true);
  const holder = await page.getByRole('combobox', { name: 'Whose key' }).inputValue();
  await page.getByRole('radio', { name: /^Change the others/ }).check();
  await seeAhead(page);
  await page.getByText(`the same key from then on: that of ${holder}.`).waitFor();
  await typeCount(page);
  await page.getByRole('button', { name: /^Sync \d+ organizations$/ }).click();
  await page.getByRole('link', { name: 'See every organization' }).waitFor();
  expect(await page.getByRole('status', { name: 'New key' }).count()).toBe(0);
  const left = await tile(page, 'Refused').textContent();
  await page.goto(new URL('/sync/drift', page.url()).href);
  await page.getByText('Hold another key').waitFor();
  expect(await tile(page, 'Hold another key').textContent()).toBe(left);
});

test('selected organizations are disabled and enabled from the table, and found out about ahead', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/organizations?key=ENABLED&subscription=ACTIVE');
  await selectRows(page, 2);
  const bar = page.getByRole('region', { name: 'Selection' });
  expect(await bar.getByRole('button').allTextContents()).not.toContain('Sync key');
  expect(await bar.getByRole('button').allTextContents()).not.toContain('Renew');
  await bar.getByRole('button', { name: 'Disable' }).click();
  const dialog = page.getByRole('dialog', { name: 'Disable the keys of 2 organizations' });
  await dialog.getByLabel('Note').fill('three reminders');
  await seeAhead(page);
  expect(await typeCount(page)).toBe(2);
  await dialog.getByRole('button', { name: 'Disable 2 keys' }).click();
  await dialog.getByText('Done', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('searchbox').waitFor();
  const disabled = await find(page, { disablementSource: ['SERVICE_PROVIDER'] });
  expect(disabled.length).toBeGreaterThanOrEqual(2);
});

test('a selection stays until something was done with it, however the dialog is closed then', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations?key=ENABLED&subscription=ACTIVE');
  await selectRows(page, 1);
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByRole('button', { name: 'Regenerate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Regenerate the keys of 1 organization' });
  await seeAhead(page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await bar.isVisible()).toBe(true);
  await bar.getByRole('button', { name: 'Regenerate' }).click();
  await seeAhead(page);
  await typeCount(page);
  await dialog.getByRole('button', { name: 'Regenerate 1 key' }).click();
  await dialog.getByText('Done', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await bar.waitFor({ state: 'hidden' });
});

test('a renewal names its date and its count', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations?subscription=EXPIRED');
  await selectRows(page, 1);
  await page.getByRole('button', { name: 'Renew' }).click();
  await page.getByLabel('New end').fill('2090-01-01');
  await seeAhead(page);
  await page.getByText('1 subscription ends on 2090-01-01, 00:00 UTC.').waitFor();
  await typeCount(page);
  await page.getByRole('button', { name: 'Renew 1 subscription' }).click();
  await page.getByRole('dialog').getByText('Done', { exact: true }).waitFor();
});

test(
  'an operation over too many waits for a second person, who sees its dry run and approves it',
  LONG,
  async ({ open }) => {
    const first = await open('PROVIDER_ADMIN', '/sync/new?key=ENABLED&subscription=ACTIVE');
    await settled(first);
    await setApprovalAbove(first, 5);
    await first.getByRole('radio', { name: /^Change the others/ }).check();
    await seeAhead(first);
    const count = await typeCount(first);
    await first.getByRole('button', { name: `Sync ${count} organizations` }).click();
    await first.getByText('Somebody else has to approve it, and nothing is done before.').waitFor();
    expect(await first.getByRole('status', { name: 'New key' }).count()).toBe(0);
    await first.getByRole('link', { name: 'See every organization' }).click();
    await first.getByText('Needs approval').waitFor();
    expect(await first.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    const second = await open('PROVIDER_ADMIN', '/organizations');
    await settled(second);
    await setApprovalAbove(second, null);
    await becomeColleague(second);
    await second.goto(new URL('/sync', second.url()).href);
    await second.getByRole('link', { name: 'Approvals 1 for you to decide' }).click();
    const card = second.getByRole('article', { name: `Sync of ${count} organizations` });
    await card.getByText('Ingrid Halvorsen').waitFor();
    expect(await card.locator('dl > div').filter({ hasText: 'Would change' }).locator('dd').textContent()).toBe(
      String(count),
    );
    await card.getByRole('button', { name: 'Approve' }).click();
    const dialog = second.getByRole('dialog');
    await dialog.getByLabel('Note').fill('as agreed on the phone');
    await dialog.getByRole('button', { name: 'Approve operation' }).click();
    await second.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();

    // Told by the stream, without a reload.
    await first.getByText('Approved by Signe Aaberg').waitFor();
    await first.getByText('as agreed on the phone').waitFor();
    await first.getByRole('button', { name: 'Download report' }).waitFor();
    await expect.poll(() => tile(first, 'Changed').textContent()).toBe(String(count));
  },
);

test('a rejection needs a note, and whoever started it reads it', LONG, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await setApprovalAbove(page, 5);
  const { id } = await startSync(page, { filter: { apiKeyStatus: ['ENABLED'] }, atomicity: 'PER_ORGANIZATION' });
  await setApprovalAbove(page, null);
  const platform = await open('PLATFORM_ADMIN', `/sync/operations/${id}`);
  await platform.getByRole('button', { name: 'Reject' }).click();
  const dialog = platform.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Reject operation' }).click();
  expect(await dialog.isVisible()).toBe(true);
  await dialog.getByLabel('Why').fill('not before the holidays');
  await dialog.getByRole('button', { name: 'Reject operation' }).click();
  await platform.getByText('Cancelled').waitFor();
  await page.goto(new URL(`/sync/operations/${id}`, page.url()).href);
  await page.getByText('not before the holidays').waitFor();
  await page.getByText(/^Rejected by/).waitFor();
});

test('what waits can be withdrawn by whoever started it', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  await setApprovalAbove(page, 5);
  const { id } = await startSync(page, { filter: { apiKeyStatus: ['ENABLED'] }, atomicity: 'PER_ORGANIZATION' });
  await setApprovalAbove(page, null);
  await page.goto(new URL(`/sync/operations/${id}`, page.url()).href);
  await page.getByRole('button', { name: 'Withdraw operation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw operation' }).click();
  await page.getByText('It was cancelled. Nothing was changed.').waitFor();
});

test('a selection is saved as a group, synced as one, renamed and deleted', LONG, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations?key=ENABLED&subscription=ACTIVE');
  await selectRows(page, 3);
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Pilot customers');
  await page.getByRole('button', { name: 'Save group' }).click();
  await page.getByText('Pilot customers has 3 organizations').waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sync' }).click();
  await page.getByRole('link', { name: 'Saved groups' }).click();
  await page.getByRole('button', { name: 'Actions for Pilot customers' }).click();
  await page.getByRole('menuitem', { name: 'Sync key' }).click();
  await page.getByText(/^3 organizations/).waitFor();
  await seeAhead(page);
  expect(await typeCount(page)).toBe(3);
  await page.getByRole('button', { name: 'Sync 3 organizations' }).click();
  await page.getByRole('status', { name: 'New key' }).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sync' }).click();
  await page.getByRole('link', { name: 'Saved groups' }).click();
  await page.getByRole('button', { name: 'Actions for Pilot customers' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('First wave');
  await page.getByRole('button', { name: 'Rename group' }).click();
  await page.getByRole('button', { name: 'Actions for First wave' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete group' }).click();
  await page.getByRole('heading', { name: 'No saved groups yet' }).waitFor();
});

test('platform staff, who have no provider, choose whose group it is', async ({ open }) => {
  const page = await open('PLATFORM_ADMIN', '/organizations');
  await selectRows(page, 1);
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('combobox', { name: 'Provider' }).inputValue()).toBe('');
});

test.for<ConsoleRole>(['PROVIDER_SUPPORT', 'PROVIDER_VIEWER'])(
  '%s may look at Sync and start none',
  async (role, { open }) => {
    const page = await open(role, '/sync');
    await settled(page);
    expect(await page.getByRole('link', { name: 'New sync' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Drift' }).click();
    await page.getByText('Who shares a key').waitFor();
    expect(await page.getByRole('link', { name: /in line$/ }).count()).toBe(0);
    await page.goto(new URL('/sync/new', page.url()).href);
    await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  },
);

test("an organization's own people have neither Sync nor the support desk", async ({ open }) => {
  const page = await open('ORG_ADMIN', '/');
  await settled(page);
  const rail = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents();
  expect(rail).not.toContain('Sync');
  expect(rail).not.toContain('Support desk');
  await page.goto(new URL('/sync', page.url()).href);
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
});

test('an operation that does not exist says so', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/sync/operations/bm90aGluZw');
  await page.getByRole('heading', { name: 'There is no such operation' }).waitFor();
});
