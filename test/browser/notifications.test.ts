import { expect } from 'vitest';
import { settled, test } from './console.ts';
import { choose, rowOf } from './people.ts';

test('a recipient is added, changed, disabled, enabled and deleted, and a server without a mail server says so', async ({
  open,
}) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  await page.getByRole('link', { name: 'Mail', exact: true }).click();
  await page.getByText('This server has no mail server and sends no mail.').waitFor();
  await page.getByRole('button', { name: 'Add recipient' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a mail recipient' });
  await dialog.getByLabel('Address').fill('on-call@msp.example');
  await dialog.getByRole('radio', { name: 'Daily' }).check();
  expect(await dialog.getByRole('button', { name: 'Add recipient' }).isDisabled()).toBe(true);
  await dialog.getByRole('checkbox', { name: 'Subscriptions', exact: true }).check();
  await dialog.getByRole('button', { name: 'Add recipient' }).click();
  const row = rowOf(page, 'on-call@msp.example');
  await row.getByText('Daily').waitFor();

  await choose(page, 'on-call@msp.example', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Edit on-call@msp.example' });
  await edit.getByRole('radio', { name: 'Hourly' }).check();
  await edit.getByRole('radio', { name: 'Some alone' }).check();
  expect(await edit.getByRole('button', { name: 'Save changes' }).isDisabled()).toBe(true);
  await edit.getByRole('combobox', { name: 'Organizations' }).click();
  await page.getByRole('option').first().click();
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await row.getByText('Hourly').waitFor();

  await choose(page, 'on-call@msp.example', 'Disable');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable recipient' }).click();
  await row.getByText('Disabled').waitFor();
  await choose(page, 'on-call@msp.example', 'Enable');
  await row.getByText('Enabled').waitFor();
  await choose(page, 'on-call@msp.example', 'Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete recipient' }).click();
  await page.getByRole('heading', { name: 'Nobody is told by mail yet' }).waitFor();
});

test('support has no mail recipients', async ({ open }) => {
  const page = await open('PROVIDER_SUPPORT', '/notifications');
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
});
