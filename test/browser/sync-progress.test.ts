import pg from 'pg';
import { expect } from 'vitest';
import { growFleet } from '../../src/seed/grow-fleet.ts';
import { settled, test } from './console.ts';
import { typeCount } from './sync-steps.ts';

const FLEET = 3000;

/** Keeps an organization in the middle of a sync as it is, until it is let go. */
async function holdOne(ownerUrl: string): Promise<AsyncDisposable> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('begin');
  await client.query(
    `select from api_key k where kind = 'CLOUD_SERVICE' and (root_provider_id, organization_id) in (
       select root_provider_id, percentile_disc(0.6) within group (order by organization_id) from api_key
       where kind = 'CLOUD_SERVICE' and fingerprint is not null group by root_provider_id)
     for update`,
  );
  return { [Symbol.asyncDispose]: () => client.end() };
}

test('a large sync is looked ahead and run in the background, watched as it moves on, and cancelled', {
  timeout: 120_000,
}, async ({ site, open }) => {
  await growFleet(site.server.services, { organizations: FLEET, now: new Date() });
  const page = await open('PROVIDER_ADMIN', '/sync/new?key=ENABLED,DISABLED,NONE');
  await settled(page);
  await page.getByRole('radio', { name: /^Change the others/ }).check();
  await page.getByRole('button', { name: 'See what would happen' }).click();
  await page.getByLabel(/^Type .* to confirm$/).waitFor({ timeout: 60_000 });
  const count = await typeCount(page);
  expect(count).toBeGreaterThan(1000);
  const held = await holdOne(site.server.database.ownerUrl);
  await page.getByRole('button', { name: /^Sync [\d,]+ organizations$/ }).click();
  await page.getByText('It goes on by itself: you may close this.').waitFor();
  const bar = page.getByRole('progressbar', { name: 'Progress' });
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 30_000 })
    .toBeGreaterThan(0);
  await page.getByRole('link', { name: 'See every organization' }).click();
  await page.getByRole('button', { name: 'Cancel operation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel operation' }).click();
  await page
    .getByText(/It ends after what it is at\.$/)
    .first()
    .waitFor();
  await held[Symbol.asyncDispose]();
  await page.getByText(/^It was cancelled\. [\d,]+ organizations were changed before that\.$/).waitFor();
  await page.getByRole('button', { name: 'Download report' }).waitFor();
});
