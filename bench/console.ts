// The table of organizations with 100,000 of them, in Chromium, as platform staff who see them all: the first rows from an
// empty cache, each order and filter, and scrolling as fast as the wheel turns. Beside the promises of the console.

import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { analyze } from '../src/database/analyze.ts';
import { growFleet } from '../src/seed/grow-fleet.ts';
import { seedDemo } from '../src/seed/seed-demo.ts';
import { launchChromium } from '../test/browser/chromium.ts';
import { temporaryDirectory } from '../test/support/keyward-process.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { atMost, record } from './support/figures.ts';
import { median } from './support/load.ts';
import { watchBlankFrames, watchTable } from './support/watch-table.ts';

const ORGANIZATIONS = Number(process.env['BENCH_ORGANIZATIONS'] ?? 100_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const FIRST_ROWS_MS = 1000;
const CHANGE_MS = 500;
const BLANK_MS = 100;
const WHEEL_STEPS = 400;
const WHEEL_STEP_PX = 500;

const say = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${Math.round(value)} ms`;
const held = (value: number, most: number) => `${ms(value)} (promised ${ms(most)}${value <= most ? '' : ': NOT HELD'})`;

await using installation = await openBenchInstallation(0);
await using folder = await temporaryDirectory();
const { services, ownerUrl } = installation;
const now = new Date();
const credentialsFile = join(folder.path, 'credentials.json');
const { users } = await seedDemo(services, { now, url: tmpdir(), credentialsFile });
await growFleet(services, { organizations: ORGANIZATIONS, now });
await analyze(ownerUrl);
await using server = await installation.startServer();
const browser = await launchChromium();
await using _ = { [Symbol.asyncDispose]: () => browser.close() };

async function openPage(): Promise<Page> {
  const user = users.find(({ role }) => role === 'PLATFORM_ADMIN');
  if (user === undefined) throw new Error('there is no platform admin');
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const data = { username: user.username, password: user.password.expose() };
  await context.request.post(`${server.url}/auth/session`, { data });
  const page = await context.newPage();
  await page.addInitScript(watchTable);
  return page;
}

/** Since the address was entered, or since the click; as the page itself has it. */
interface Took {
  readonly tookMs: number;
  /** Of which the API took so much. */
  readonly answerMs: number;
}

async function timed(page: Page, act: () => Promise<unknown>): Promise<Took> {
  await page.evaluate('watchTable.begin()');
  await act();
  return page.evaluate<Took>('watchTable.next()');
}

async function tell(name: string, took: readonly Took[], mostMs: number): Promise<void> {
  const middle = median(took.map(({ tookMs }) => tookMs));
  const answer = median(took.map(({ answerMs }) => answerMs));
  say(`${name}: ${held(middle, mostMs)}, ${ms(answer)} of it the API`);
  const what = `${name} (${ms(answer)} of it the API)`;
  await record({ what, unit: 'ms', ours: middle, aim: atMost(mostMs) });
}

async function firstRows(): Promise<Took> {
  const page = await openPage();
  await page.goto(`${server.url}/organizations`);
  const took = await page.evaluate<Took>('watchTable.first()');
  await page.context().close();
  return took;
}

await firstRows(); // plans and code that only the first visitor waits for
const firsts: Took[] = [];
for (let round = 0; round < ROUNDS; round++) firsts.push(await firstRows());
say(`${ORGANIZATIONS.toLocaleString('en')} organizations, ${ROUNDS} rounds, medians`);
say(
  `load of the machine ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores: above 1 for each, times are others' as well`,
);
await tell('first rows, nothing cached', firsts, FIRST_ROWS_MS);

const page = await openPage();
await page.goto(`${server.url}/organizations`);
await page.evaluate('watchTable.first()');
const head = (label: string) => page.getByRole('columnheader', { name: label }).getByRole('button').first();
const changes: Record<string, readonly (() => Promise<unknown>)[]> = {};
for (const label of ['Ends', 'Key modified', 'Name']) {
  changes[`sort by ${label}, ascending and descending`] = [() => head(label).click(), () => head(label).click()];
}
const goTo = (search: string) => () => page.evaluate(`watchTable.go(${JSON.stringify(search)})`);
for (const search of [
  'key=DISABLED',
  'disabledBy=PLATFORM',
  'subscription=EXPIRED',
  'used=75',
  'used=100',
  'q=gmbh',
  'q=nobody%20is%20called%20this',
  'key=DISABLED&subscription=ACTIVE&sort=-KEY_LAST_MODIFIED_AT',
]) {
  changes[`filter ${decodeURIComponent(search)}`] = [goTo(search), goTo('')];
}
for (const [name, acts] of Object.entries(changes)) {
  const took: Took[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, act] of acts.entries()) {
      const each = await timed(page, act);
      if (index === 0 || name.startsWith('sort')) took.push(each);
    }
  }
  await tell(name, took, CHANGE_MS);
}

await page.mouse.move(700, 500);
await page.evaluate(watchBlankFrames);
for (let step = 0; step < WHEEL_STEPS; step++) await page.mouse.wheel(0, WHEEL_STEP_PX);
const { rows, longestBlankMs, longestFrameMs } = await page.evaluate<{
  rows: number;
  longestBlankMs: number;
  longestFrameMs: number;
}>('blankFrames.end()');
say(
  `scrolling through ${rows.toLocaleString('en')} rows: blank for ${held(longestBlankMs, BLANK_MS)} at most, ` +
    `longest frame ${ms(longestFrameMs)}`,
);
await record({
  what: `scrolling through ${rows.toLocaleString('en')} rows, longest blank`,
  unit: 'ms',
  ours: longestBlankMs,
  aim: atMost(BLANK_MS),
});
