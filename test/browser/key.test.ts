import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, askAs, button, dialog, key, openFirst, shownKey, textsOfPage } from './key.ts';

const clipboard = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');

/** Tests change what they look at: each has an organization of its own, by its place in the list. */
const own = { reveal: 0, hide: 1, copy: 2, regenerate: 3, edit: 4, delete: 5, moved: 8, keyboard: 9 };

test('a key is shown when asked for, with a countdown, and gone from everywhere after 30 seconds', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await page.clock.install();
  await openFirst(page, ACTIVE, { index: own.reveal });
  const masked = await key(page).textContent();
  expect(masked).toMatch(/^•{8}[A-Za-z0-9]{4}$/);
  await button(page, 'Reveal key').click();
  const text = await shownKey(page);
  expect(text.slice(-4)).toBe(masked?.slice(-4));
  expect(await page.getByRole('timer').textContent()).toMatch(/^(30|29) s$/);
  await page.clock.fastForward(20_000);
  await page.getByRole('timer', { name: /^Hidden again in (10|9|8) seconds$/ }).waitFor();
  expect(await key(page).textContent()).toBe(text);
  await page.clock.fastForward(11_000);
  await expect.poll(() => key(page).textContent()).toBe(masked);
  expect(await textsOfPage(page)).not.toContain(text);
});

test('a key that somebody hides, or leaves behind, is gone from everywhere at once', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { id } = await openFirst(page, ACTIVE, { index: own.hide });
  await button(page, 'Reveal key').click();
  const text = await shownKey(page);
  await button(page, 'Hide key').click();
  await expect.poll(() => key(page).textContent()).toMatch(/^•{8}/);
  expect(await textsOfPage(page)).not.toContain(text);
  await button(page, 'Reveal key').click();
  expect(await shownKey(page)).toBe(text);
  await page.getByRole('tab', { name: 'Sandbox submission' }).click();
  await page.getByText('No key', { exact: true }).first().waitFor();
  expect(await textsOfPage(page)).not.toContain(text);
  await page.getByRole('tab', { name: 'Cloud service' }).click();
  await expect.poll(() => key(page).textContent()).toMatch(/^•{8}/);
  expect(page.url()).toContain(id);
  expect(await textsOfPage(page)).not.toContain(text);
});

test('a key is copied without being shown', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await openFirst(page, ACTIVE, { index: own.copy });
  const masked = await key(page).textContent();
  await button(page, 'Copy key').click();
  await expect.poll(() => clipboard(page)).toMatch(/^[A-Za-z0-9]{12}$/);
  const text = await clipboard(page);
  expect(text.slice(-4)).toBe(masked?.slice(-4));
  expect(await textsOfPage(page)).not.toContain(text);
  await button(page, 'Copy base URL').click();
  await expect.poll(() => clipboard(page)).toMatch(/^https?:/);
});

test('whether something was copied is told in words', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await openFirst(page, ACTIVE, { index: own.copy });
  await button(page, 'Copy base URL').click();
  const told = (words: string) => page.getByRole('status').getByText(words, { exact: true });
  await told('Copied').waitFor();
  await told('Copied').waitFor({ state: 'detached' });
  await page.evaluate(
    'navigator.clipboard.writeText = () => Promise.reject(new Error("refused")), document.execCommand = () => false',
  );
  await button(page, 'Copy base URL').click();
  await told('The browser did not let it be copied').waitFor();
});

test('regenerating says what stops working, shows the new string once, and strikes out the old one', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: own.regenerate });
  const masked = (await key(page).textContent()) ?? '';
  await button(page, 'Regenerate').click();
  await page.getByRole('dialog', { name: `Regenerate the key of ${name}` }).waitFor();
  const words = (await dialog(page).textContent()) ?? '';
  expect(words).toContain(`Every program of ${name} that uses the key ${masked} stops working at once.`);
  expect(words).toContain('It was last changed');
  expect(words).toContain('This action cannot be undone.');
  await dialog(page).getByRole('button', { name: 'Regenerate key' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const text = await shownKey(page);
  expect(text.slice(-4)).not.toBe(masked.slice(-4));
  expect(await page.locator('s').textContent()).toBe(`No longer valid: ${masked}`);
  await page.getByText(`Regenerated the key of ${name}.`).waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Regenerate');
  await button(page, 'Copy key').click();
  await expect.poll(() => clipboard(page)).toBe(text);
  await button(page, 'Hide key').click();
  await expect.poll(() => textsOfPage(page)).not.toContain(text);
  await page.reload();
  await settled(page);
  expect(await key(page).textContent()).toBe(`••••••••${text.slice(-4)}`);
  expect(await page.locator('s').count()).toBe(0);
});

test('who shares a string is counted, listed on request, and told of before it is replaced', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  const query = '{ apiKeyGroups(first: 1) { nodes { fingerprint organizationCount } } }';
  const { apiKeyGroups } = await askAs<{
    apiKeyGroups: { nodes: { fingerprint: string; organizationCount: number }[] };
  }>(page, query, {});
  const [group] = apiKeyGroups.nodes;
  await openFirst(page, { fingerprint: group?.fingerprint });
  const others = `${(group?.organizationCount ?? 0) - 1} other organizations`;
  await button(page, 'Regenerate').click();
  await dialog(page).getByText(`${others} hold the same string and keep it.`).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: `Held by ${others}` }).click();
  await page.getByText(`${group?.organizationCount} organizations`, { exact: true }).waitFor();
});

test('editing takes a string of the right form, refuses the current one, and forgets what was typed', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: own.edit });
  await button(page, 'Reveal key').click();
  const current = await shownKey(page);
  await button(page, 'Hide key').click();
  await button(page, 'Edit').click();
  const field = dialog(page).getByLabel('New key');
  await field.fill('not valid!');
  await dialog(page).getByText('Only A–Z, a–z and 0–9. Take the other characters out.').waitFor();
  await field.fill(current);
  await dialog(page).getByRole('button', { name: 'Edit key' }).click();
  await dialog(page).getByText('This is the current key. Give a different one.').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await textsOfPage(page)).not.toContain(current);
  await button(page, 'Edit').click();
  expect(await field.inputValue()).toBe('');
  await field.fill('short');
  await dialog(page).getByRole('button', { name: 'Edit key' }).click();
  await dialog(page).getByText('A key is exactly 12 characters').waitFor();
  await field.fill('EditedKey123');
  await dialog(page).getByRole('button', { name: 'Edit key' }).click();
  await page.getByText(`Edited the key of ${name}.`).waitFor();
  expect(await shownKey(page)).toBe('EditedKey123');
  await button(page, 'Hide key').click();
  await expect.poll(() => textsOfPage(page)).not.toContain('EditedKey123');
});

test('deleting asks for the name to be typed; afterwards a key can be added', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { name } = await openFirst(page, ACTIVE, { index: own.delete });
  await button(page, 'Delete').click();
  const confirm = dialog(page).getByRole('button', { name: 'Delete key' });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog(page).getByRole('textbox').fill(name.slice(0, -1));
  await page.keyboard.press('Enter');
  expect(await confirm.isDisabled()).toBe(true);
  await dialog(page).getByRole('textbox').fill(name);
  await confirm.click();
  await page.getByText(`Deleted the key of ${name}.`).waitFor();
  await expect.poll(() => key(page).count()).toBe(0);
  expect(await button(page, 'Regenerate').count()).toBe(0);
  await button(page, 'Add key').click();
  await dialog(page).getByRole('button', { name: 'Add key' }).click();
  await page.getByText(`Added the key of ${name}.`).waitFor();
  expect(await shownKey(page)).toMatch(/^[A-Za-z0-9]{12}$/);
});

test('somebody who looks at an older state changes nothing, and is shown the new one', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const { id } = await openFirst(page, ACTIVE, { index: own.moved });
  await button(page, 'Regenerate').click();
  const mutation = 'mutation($input: EditApiKeyInput!) { editApiKey(input: $input) { userErrors { code } } }';
  await askAs(page, mutation, { input: { organizationId: id, newKey: 'Meanwhile123' } });
  await dialog(page).getByRole('button', { name: 'Regenerate key' }).click();
  await page.getByText('The key was changed meanwhile').waitFor();
  await page.getByText('VERSION_CONFLICT').waitFor();
  await dialog(page).waitFor({ state: 'detached' });
  await expect.poll(() => key(page).textContent()).toBe('••••••••e123');
});

test('works by keyboard alone', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await openFirst(page, ACTIVE, { index: own.keyboard });
  await page.getByRole('tab', { name: 'Cloud service' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Sandbox submission');
  await page.keyboard.press('ArrowLeft');
  await button(page, 'Reveal key').focus();
  await page.keyboard.press('Enter');
  await shownKey(page);
  await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Hide key');
  await page.keyboard.press('Enter');
  await page.getByRole('timer').waitFor({ state: 'detached' });
  await button(page, 'Regenerate').focus();
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Cancel');
  await page.keyboard.press('Enter');
  await dialog(page).waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Regenerate');
});

test('a page that could not be loaded says so, and is loaded again', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  let isBroken = true;
  await page.route('**/graphql', async (route) => {
    const isOurs = route.request().postData()?.includes('OrganizationKey') === true;
    const errors = [{ message: 'Try again in a moment.', extensions: { code: 'INTERNAL' } }];
    if (isBroken && isOurs) await route.fulfill({ json: { errors } });
    else await route.continue();
  });
  await openFirst(page, ACTIVE);
  await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
  isBroken = false;
  await button(page, 'Try again').click();
  await key(page).waitFor();
});

test('whoever may change a key but not see it is told that it is there', async ({ open }) => {
  const page = await open('PLATFORM_ADMIN', AWAY);
  await openFirst(page, ACTIVE, { index: 12 });
  await button(page, 'Regenerate').click();
  await dialog(page).getByRole('button', { name: 'Regenerate key' }).click();
  await page.getByText('Your role does not show it').waitFor();
  expect(await key(page).textContent()).toMatch(/^•{8}/);
  expect(await button(page, 'Reveal key').count()).toBe(0);
});
