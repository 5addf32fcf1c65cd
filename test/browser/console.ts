import type { Browser, BrowserContext, Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import type { DemoCredentials } from '../../src/seed/credentials-file.ts';
import { type DemoTemplate, openDemoTemplate } from '../support/demo-template.ts';
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts';
import type { TestServer } from '../support/test-installation.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { launchChromium } from './chromium.ts';

/** Whom the console is drawn for. */
export const roles = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'ORG_ADMIN', 'PLATFORM_ADMIN'] as const;
export type ConsoleRole = (typeof roles)[number];

export const widths = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const;
export const themes = ['light', 'dark'] as const;

export interface PageOptions {
  readonly width?: keyof typeof widths;
  readonly theme?: (typeof themes)[number];
  /** In the page that an earlier test left, loaded anew: for a test that keeps nothing in the browser. */
  readonly again?: boolean;
  /** What the browser says of something that the test lets fail. */
  readonly forgive?: RegExp;
}

/** A page, and what it has done that it must never do. */
interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

export interface Site {
  readonly server: TestServer;
  readonly browser: Browser;
  readonly credentials: DemoCredentials;
  /** Key sets of authorization servers, which this site may ask for them. */
  readonly keySets: KeySetServer;
  /** Takes webhooks of this site. */
  readonly receiver: Receiver;
  /** The cookies of whoever has signed in already. */
  readonly signedIn: Map<ConsoleRole, Cookies>;
  /** Where the next test goes on that may. */
  readonly left: Map<ConsoleRole | null, WatchedPage>;
}

/** No page of the console: for whoever is signed in and goes to one from here. */
export const AWAY = '/healthz';

/** Opens the console at an address, signed in as somebody of the demo fleet; null: as nobody. */
export type OpenPage = (role: ConsoleRole | null, path: string, options?: PageOptions) => Promise<Page>;

async function openSite(browser: Browser, demo: DemoTemplate): Promise<Site & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const keySets = cleanup.use(await startKeySetServer());
  const receiver = cleanup.use(await startReceiver());
  const allowedPrivateHosts = [new URL(keySets.origin).host, receiver.host];
  const server = cleanup.use(await demo.startServer({ logLevel: 'warn', allowedPrivateHosts }));
  cleanup.defer(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  const kept = cleanup.move();
  return {
    server,
    browser,
    credentials: demo.credentials,
    keySets,
    receiver,
    signedIn: new Map(),
    left: new Map(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

export function credentialsOf({ credentials }: Site, role: ConsoleRole): { username: string; password: string } {
  const user = credentials.users.find((each) => each.role === role);
  if (user === undefined) throw new Error(`nobody in the demo fleet is ${role}`);
  return { username: user.username, password: user.password.expose() };
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** Once in a file, unless the session has ended since. */
async function signIn(site: Site, context: BrowserContext, role: ConsoleRole): Promise<void> {
  const kept = site.signedIn.get(role);
  if (kept !== undefined) {
    await context.addCookies(kept);
    const look = await context.request.post(`${site.server.url}/graphql`, {
      data: { query: '{ viewer { id } }' },
      headers: { origin: site.server.url },
    });
    if (((await look.json()) as { errors?: unknown }).errors === undefined) return;
  }
  const answer = await context.request.post(`${site.server.url}/auth/session`, { data: credentialsOf(site, role) });
  expect(answer.status()).toBe(204);
  site.signedIn.set(role, await context.cookies());
}

/** What a page must never do: complain, break, or speak to anybody else. What an open session's end says is expected. */
function watch(page: Page, origin: string, complaints: string[], forgive: RegExp | undefined): void {
  page.on('console', (message) => {
    const isAnswer = /the server responded with a status of (401|403)/.test(message.text());
    // A file that cannot be read is refused as a whole.
    const isBrokenFile =
      /status of 400/.test(message.text()) && message.location().url.endsWith('/imports/organizations');
    const isForgiven = isAnswer || isBrokenFile || (forgive?.test(message.text()) ?? false);
    if (message.type() === 'error' && !isForgiven) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:')
      complaints.push(`request to ${url.origin}`);
  });
}

async function newPage(site: Site, { width = 'wide', theme = 'light', forgive }: PageOptions): Promise<WatchedPage> {
  const context = await site.browser.newContext({
    viewport: widths[width],
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  watch(page, new URL(site.server.url).origin, complaints, forgive);
  return { page, complaints };
}

async function pageAgain(site: Site, role: ConsoleRole | null, options: PageOptions): Promise<WatchedPage> {
  const { width = 'wide', theme = 'light' } = options;
  const left = site.left.get(role) ?? (await newPage(site, options));
  site.left.set(role, left);
  await left.page.setViewportSize(widths[width]);
  await left.page.emulateMedia({ colorScheme: theme });
  return left;
}

/** A test with a server and a demo fleet for its file, in the browser of its process, which has seeded it once; it fails when a page of it complained. */
export const test = base
  .extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('demo', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const demo = await openDemoTemplate();
    onCleanup(() => demo[Symbol.asyncDispose]());
    return demo;
  })
  .extend('site', { scope: 'file' }, async ({ browser, demo }, { onCleanup }) => {
    const site = await openSite(browser, demo);
    onCleanup(() => site[Symbol.asyncDispose]());
    return site;
  })
  .extend('open', async ({ site }, { onCleanup }): Promise<OpenPage> => {
    const opened: WatchedPage[] = [];
    onCleanup(async () => {
      const kept = new Set(site.left.values());
      for (const each of opened) if (!kept.has(each)) await each.page.context().close();
      expect(opened.flatMap(({ complaints }) => complaints.splice(0))).toEqual([]);
    });
    return async (role, path, options = {}) => {
      const watched = options.again === true ? await pageAgain(site, role, options) : await newPage(site, options);
      opened.push(watched);
      const { page } = watched;
      if (role !== null) await signIn(site, page.context(), role);
      await page.goto(`${site.server.url}${path}`);
      return page;
    };
  });

const LOADING = '[aria-busy="true"], [data-stale], .mantine-Loader-root, .mantine-Skeleton-root';

/** Two frames later: by then what was just clicked has begun to load. */
const LOADING_SOON = `new Promise((tell) => {
  const count = () => tell(document.querySelectorAll(${JSON.stringify(LOADING)}).length);
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(count)));
})`;

/** Until something is shown and nothing is being loaded any more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('main').waitFor();
  await expect.poll(() => page.evaluate(LOADING_SOON), { timeout: 10_000 }).toBe(0);
}

/** To another page, by an address that nothing on this one may lead to, without loading the console anew. */
export async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate(`window.shownBefore = [...document.querySelector('main').children]`);
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}), dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await expect
    .poll(() => page.evaluate('window.shownBefore.some(({ isConnected }) => isConnected)'), { timeout: 15_000 })
    .toBe(false);
  await settled(page);
}
