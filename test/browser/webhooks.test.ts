import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { addEndpoint, addRecipient, goTo, sendTest } from './automation.ts';
import { settled, test } from './console.ts';
import { askAs, textsOfPage } from './key.ts';
import { choose, rowOf } from './people.ts';

test('a webhook is added with its secret shown once, tested, and takes what is signed with it', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  await page.getByRole('button', { name: 'Add webhook' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a webhook' });
  const add = dialog.getByRole('button', { name: 'Add and show secret' });
  await dialog.getByLabel('Name').fill('Ticket system');
  await dialog.getByLabel('URL').fill('http://169.254.169.254/latest');
  expect(await add.isDisabled()).toBe(true);
  await dialog.getByRole('checkbox', { name: 'Subscriptions', exact: true }).check();
  await dialog.getByRole('button', { name: 'Show events: Keys' }).click();
  await dialog.getByRole('checkbox', { name: 'Regenerated' }).check();
  await dialog.getByText('1 of 13').waitFor();
  await add.click();
  await dialog.locator('[class*="error"]').first().waitFor();

  await dialog.getByLabel('URL').fill(site.receiver.url);
  await add.click();
  const shown = page.getByRole('dialog', { name: 'Secret of Ticket system' });
  const secret = (await shown.getByLabel('Signing secret', { exact: true }).textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });
  expect(await textsOfPage(page)).not.toContain(secret);

  await rowOf(page, 'Ticket system').getByText('Enabled').waitFor();
  await choose(page, 'Ticket system', 'Send test event');
  await page.getByText('A test event goes to Ticket system').waitFor();
  await expect.poll(() => site.receiver.received.length, { timeout: 15_000 }).toBe(1);
  const [{ body = '', headers = {} } = {}] = site.receiver.received;
  expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();

  await rowOf(page, 'Ticket system').click();
  await rowOf(page, 'webhook_endpoint.tested').getByText('Delivered').waitFor();
});

test('a failing webhook says so with its answer and the next try; it is disabled, enabled, and deleted by its name', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  const id = await addEndpoint(page, 'Old tickets', `${site.keySets.origin}/forbidden`);
  await sendTest(page, id);
  await goTo(page, site, `/webhooks/${id}`);
  await page.getByText('Every attempt fails.').waitFor();
  const row = rowOf(page, 'webhook_endpoint.tested');
  await row.getByText('403').waitFor();
  await row.click();
  const delivery = page.getByRole('dialog', { name: 'webhook_endpoint.tested' });
  await delivery.getByText('Next try').waitFor();
  expect(await delivery.getByRole('button', { name: 'Send again' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');

  const more = page.getByRole('button', { name: 'More for Old tickets' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable webhook' }).click();
  await page.getByText('Somebody disabled it.').waitFor();
  expect(await page.getByRole('button', { name: 'Send test event' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByText('Somebody disabled it.').waitFor({ state: 'detached' });

  await more.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: 'Delete Old tickets' });
  expect(await question.getByRole('button', { name: 'Delete webhook' }).isDisabled()).toBe(true);
  await question.getByLabel(/^Type/).fill('Old tickets');
  await question.getByRole('button', { name: 'Delete webhook' }).click();
  await page.waitForURL('**/webhooks');
  await rowOf(page, 'Old tickets').waitFor({ state: 'detached' });
});

test('a delivery that is put in line after its page was loaded comes to be shown', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  const id = await addEndpoint(page, 'Looked at', site.receiver.url, ['mail_recipient.disabled']);
  // Whatever is done meanwhile by somebody else would have the page look again.
  await page.route('**/graphql/stream', () => undefined);
  await goTo(page, site, `/webhooks/${id}`);
  await page.getByText('Nothing was sent yet').waitFor();
  await sendTest(page, id);
  await rowOf(page, 'webhook_endpoint.tested').getByText('Delivered').waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('one delivery, and those of a time span, are sent once more', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  // Of what the demo fleet did there is none of these: only the test event is sent.
  const id = await addEndpoint(page, 'Replayed', site.receiver.url, ['mail_recipient.disabled']);
  const before = site.receiver.received.length;
  await sendTest(page, id);
  await goTo(page, site, `/webhooks/${id}`);
  await rowOf(page, 'webhook_endpoint.tested').getByText('Delivered').waitFor();
  await choose(page, 'webhook_endpoint.tested', 'Send again');
  await expect.poll(() => site.receiver.received.length, { timeout: 15_000 }).toBe(before + 2);
  await page.getByRole('button', { name: 'Send again', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Send again to Replayed' });
  await dialog.getByRole('button', { name: 'Send again' }).click();
  await page.getByText(/^\d+ events? goe?s? to Replayed once more\.$/).waitFor();
  await expect.poll(() => site.receiver.received.length, { timeout: 15_000 }).toBe(before + 3);
  expect(new Set(site.receiver.received.slice(before).map(({ id: event }) => event)).size).toBe(1);
});

test('a rotated secret is shown once, and says how long the one before signs', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  await addEndpoint(page, 'Rotated', site.receiver.url);
  await goTo(page, site, '/webhooks');
  await choose(page, 'Rotated', 'Rotate secret');
  await page.getByRole('button', { name: 'Rotate and show secret' }).click();
  const shown = page.getByRole('dialog', { name: 'New secret of Rotated' });
  await shown.getByText('For 24 hours the secret before signs too').waitFor();
  const secret = (await shown.getByLabel('Signing secret', { exact: true }).textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });
  expect(await textsOfPage(page)).not.toContain(secret);
  await rowOf(page, 'Rotated').click();
  await page.getByText('Two secrets sign').waitFor();
});

test.for(['PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'ORG_ADMIN'] as const)(
  '%s is offered no webhooks, and is told why at their address',
  async (role, { open }) => {
    const page = await open(role, '/webhooks');
    await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
    expect(await page.getByRole('link', { name: 'Webhooks', exact: true }).count()).toBe(0);
  },
);

test('webhooks and mail recipients are those of the provider in the breadcrumb; the rail marks both lists', async ({
  open,
  site,
}) => {
  const page = await open('PROVIDER_ADMIN', '/webhooks');
  await settled(page);
  await addEndpoint(page, 'Ours alone', site.receiver.url);
  await addRecipient(page, 'ours.alone@msp.example');
  const query = '{ serviceProviders(first: 50) { nodes { id parent { id } } } }';
  type Answer = { serviceProviders: { nodes: readonly { id: string; parent: { id: string } | null }[] } };
  const { nodes } = (await askAs<Answer>(page, query, {})).serviceProviders;
  const reseller = nodes.find(({ parent }) => parent !== null)?.id ?? '';
  const inRail = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Webhooks' });

  await goTo(page, site, `/webhooks?in=${encodeURIComponent(reseller)}`);
  await page.getByRole('heading', { name: /^No webhooks of .+ yet$/ }).waitFor();
  expect(await inRail.getAttribute('aria-current')).toBe('page');
  await page.getByRole('link', { name: 'Mail', exact: true }).click();
  await page.getByRole('heading', { name: /^Nobody at .+ is told by mail yet$/ }).waitFor();
  expect(await inRail.getAttribute('aria-current')).toBe('page');

  await goTo(page, site, '/notifications');
  await rowOf(page, 'ours.alone@msp.example').waitFor();
  await page.getByRole('link', { name: 'Endpoints', exact: true }).click();
  await rowOf(page, 'Ours alone').waitFor();
});
