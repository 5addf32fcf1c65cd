import type { Page } from 'playwright-core';
import { settled } from './console.ts';

/** What the API answers to whoever is signed in on the page. @throws Error with its errors */
export async function askAs<Data>(
  page: Page,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Data> {
  const { origin } = new URL(page.url());
  const data = { query, variables };
  const sent = await page.context().request.post(`${origin}/graphql`, { data, headers: { origin } });
  const answer = (await sent.json()) as { data?: Data; errors?: unknown };
  if (answer.data === undefined || answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

export interface Found {
  readonly id: string;
  readonly name: string;
}

/** Organizations of the demo fleet as the viewer's filter finds them, by name. */
export async function find(page: Page, filter: Readonly<Record<string, unknown>>): Promise<Found[]> {
  const query =
    'query($filter: OrganizationFilter) { organizations(filter: $filter, first: 200) { nodes { id name } } }';
  const { organizations } = await askAs<{ organizations: { nodes: Found[] } }>(page, query, { filter });
  return organizations.nodes;
}

/** As whoever is signed in on the page, and behind its back. */
export async function disable(page: Page, organizationId: string): Promise<void> {
  const query = 'mutation($input: DisableApiKeyInput!) { disableApiKey(input: $input) { userErrors { code } } }';
  await askAs(page, query, { input: { organizationId, reason: 'NON_PAYMENT' } });
}

interface OpenOptions {
  readonly tab?: string;
  /** The how manieth of those that match. */
  readonly index?: number;
  readonly choose?: (all: readonly Found[]) => Found | undefined;
}

export function longestNamed(all: readonly Found[]): Found | undefined {
  return all.toSorted((a, b) => b.name.length - a.name.length)[0];
}

export function rightToLeft(all: readonly Found[]): Found | undefined {
  return all.find(({ name }) => /^\P{L}*[\u0590-\u08ff]/u.test(name));
}

/** Goes to a tab of the first organization that a filter finds. */
export async function openFirst(
  page: Page,
  filter: Readonly<Record<string, unknown>>,
  { tab = 'key', index = 0, choose }: OpenOptions = {},
): Promise<Found> {
  const all = await find(page, filter);
  const found = choose === undefined ? all[index] : choose(all);
  if (found === undefined) throw new Error(`nothing matches ${JSON.stringify(filter)}`);
  await page.goto(new URL(`/organizations/${found.id}/${tab}`, page.url()).href);
  await settled(page);
  return found;
}

export const ACTIVE = { apiKeyStatus: ['ENABLED'], subscriptionStatus: ['ACTIVE'] };
export const by = (source: string) => ({ disablementSource: [source] });

/** The string that the page shows, once it does. */
export async function shownKey(page: Page): Promise<string> {
  await page.getByRole('timer').waitFor();
  return (await key(page).textContent()) ?? '';
}

/** Everything of a page that somebody could read later: what is in it, its address, its history and its storage. */
export function textsOfPage(page: Page): Promise<string> {
  return page.evaluate<string>(`[
    document.documentElement.outerHTML,
    ...Array.from(document.querySelectorAll('input, textarea'), ({ value }) => value),
    document.title,
    location.href,
    JSON.stringify(history.state),
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    document.cookie,
  ].join('\\n')`);
}

export const key = (page: Page) => page.getByRole('status', { name: 'API key' });
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const dialog = (page: Page) => page.getByRole('dialog');
