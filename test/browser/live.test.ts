import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { addGroup, goTo, planFor } from './automation.ts';
import { AWAY, settled, test } from './console.ts';
import { ACTIVE, askAs, disable, find, openFirst } from './key.ts';
import { openApproval } from './sync-steps.ts';

const STREAM = '**/graphql/stream';
const disabled = (page: Page) => page.getByRole('region', { name: 'Disabled by provider' });

/** All that a stream tells before it is cut. */
const FIRST_WORD = `:\n\nevent: next\ndata: ${JSON.stringify({ data: { events: { events: [], hasMissed: false } } })}\n\n`;

test('what happened while the stream was cut is looked up once there is another', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const another = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  let streams = 0;
  await page.route(STREAM, async (route) => {
    streams += 1;
    if (streams === 1) return route.fulfill({ contentType: 'text/event-stream', body: FIRST_WORD });
    another.resolve();
    await letGo.promise;
    await route.fallback();
  });
  const { id } = await openFirst(page, ACTIVE);
  await another.promise;
  const colleague = await open('PROVIDER_SUPPORT', `/organizations/${id}/key`);
  await settled(colleague);
  await disable(page, id);
  // Told to everybody who listens: the stream that is opened now does not tell it any more.
  await disabled(colleague).waitFor();
  expect(await disabled(page).count()).toBe(0);
  letGo.resolve();
  await disabled(page).waitFor();
});

test('a stream that has fallen silent is given up for another', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const [first] = await find(page, ACTIVE);
  const asked = Promise.withResolvers<void>();
  let streams = 0;
  await page.route(STREAM, (route) => {
    streams += 1;
    if (streams > 1) return route.fallback();
    asked.resolve();
  });
  await page.clock.install();
  await goTo(page, site, `/organizations/${first?.id}/key`);
  await asked.promise;
  await disable(page, first?.id ?? '');
  await page.clock.fastForward(31_000);
  await disabled(page).waitFor();
});

/** What a browser does when another tab is looked at. */
const show = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
    document.dispatchEvent(new Event('visibilitychange'))`);

test('a tab that nobody looks at holds no stream, and catches up when somebody does', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  await planFor(page, new Date(Date.now() + 7 * 86_400_000));
  const query = '{ bulkOperations(planned: true, first: 1) { nodes { id } } }';
  const { bulkOperations } = await askAs<{ bulkOperations: { nodes: { id: string }[] } }>(page, query, {});
  const id = bulkOperations.nodes[0]?.id ?? '';
  let isOpen = 0;
  const isStream = (url: string) => url.endsWith('/graphql/stream');
  page.on('request', (request) => {
    if (isStream(request.url())) isOpen += 1;
  });
  page.on('requestfailed', (request) => {
    if (isStream(request.url())) isOpen -= 1;
  });
  await goTo(page, site, `/sync/operations/${id}`);
  await page.getByText('Planned for').waitFor();
  await expect.poll(() => isOpen).toBe(2);
  await show(page, 'hidden');
  await expect.poll(() => isOpen).toBe(0);
  await askAs(page, 'mutation($id: ID!) { cancelBulkOperation(id: $id) { userErrors { code } } }', { id });
  await show(page, 'visible');
  await page.getByText('It was cancelled. Nothing was changed.').waitFor();
});

test('what waits for a decision is looked at again until its dry run has come, over no stream of its own', {
  timeout: 60_000,
}, async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/sync');
  let isBeingMade = true;
  await page.route('**/graphql', async (route) => {
    if (!/query AwaitingPage\b/.test(route.request().postData() ?? '') || !isBeingMade) return route.fallback();
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: text.replace(/"dryRunStatus":"\w+"/g, '"dryRunStatus":null') });
  });
  const streams: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql/stream')) streams.push(request.postData() ?? '');
  });
  await openApproval(page);
  const approve = page.getByRole('button', { name: 'Approve' }).first();
  expect(await approve.isDisabled()).toBe(true);
  isBeingMade = false;
  await expect.poll(() => approve.isDisabled(), { timeout: 15_000 }).toBe(false);
  expect(streams.filter((body) => body.includes('WatchOperation'))).toEqual([]);
});

const MANY = 250;

/** Answers for a fleet that is larger than what a list hears of at once. */
async function growList(page: Page, nameOf: (index: number) => string): Promise<void> {
  await page.route('**/graphql', async (route) => {
    const { query = '', variables = {} } = route.request().postDataJSON() ?? {};
    if (!/query OrganizationsPage\b/.test(query)) return route.fallback();
    const answer = await route.fetch({ postData: { query, variables: { ...variables, first: 1, after: null } } });
    const { data } = await answer.json();
    const [row] = data.organizations.nodes;
    const start = Number(variables.after ?? 0);
    const end = Math.min(MANY, start + variables.first);
    const nodes = Array.from({ length: end - start }, (_, index) => ({
      ...row,
      id: `of-${start + index}`,
      name: nameOf(start + index),
    }));
    const pageInfo = { hasNextPage: end < MANY, endCursor: String(end) };
    await route.fulfill({ json: { data: { organizations: { nodes, pageInfo } } } });
  });
}

test('a long list in which nobody has scrolled hears of what happens', async ({ open, site }) => {
  const page = await open('PROVIDER_ADMIN', AWAY);
  const [first] = await find(page, ACTIVE);
  let word = 'before';
  await growList(page, (index) => `Customer ${index} ${word}`);
  await goTo(page, site, '/organizations');
  await page.getByText('Customer 0 before').waitFor();
  word = 'after';
  await addGroup(page, 'Heard of', [first?.id ?? '']);
  await page.getByText('Customer 0 after').waitFor();
});

test('whoever has done something to a row keeps their place in the list', async ({ open }) => {
  const page = await open('PROVIDER_ADMIN', '/organizations');
  await settled(page);
  const scroller = page.getByRole('table').locator('..');
  const last = () => page.locator('tr[data-row]').last().getAttribute('aria-rowindex');
  const total = Number.parseInt((await page.getByText(/^\d+ organizations$/).textContent()) ?? '', 10);
  expect(total).toBeGreaterThan(100);
  // Again and again: the list is longer with each page that has come.
  const lastAtTheEnd = async () => {
    await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    return last();
  };
  await expect.poll(lastAtTheEnd, { timeout: 15_000 }).toBe(String(total + 1));
  await settled(page);
  const ofLast = (await page.locator('tr[data-row]').last().getByRole('checkbox').getAttribute('aria-label')) ?? '';
  await page.getByRole('checkbox', { name: ofLast, exact: true }).check();
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('The last of them');
  const anew = page.waitForResponse((answer) => /query OrganizationsPage/.test(answer.request().postData() ?? ''));
  await page.getByRole('button', { name: 'Save group' }).click();
  await anew;
  await settled(page);
  await expect.poll(last).toBe(String(total + 1));
});
