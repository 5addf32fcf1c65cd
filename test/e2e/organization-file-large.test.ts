import { expect, test } from 'vitest';
import { finished, get, reseller, rowsOf, upload, viewOf } from '../support/import-client.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { startTestServer } from '../support/test-installation.ts';

const ROWS = 12_000;
const COLUMNS = 'name,externalId,plan,startsAt,endsAt,callThreshold,thresholdPeriod';

function manyRows(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => `Customer ${index},C-${index},API,2100-01-01`);
  return `name,externalId,plan,endsAt\n${rows.join('\n')}\n`;
}

test('a large file is imported in the background, and what is exported then changes nothing', {
  timeout: 240_000,
}, async () => {
  await using server = await startTestServer({ logLevel: 'warn' });
  const world = await createKeyWorld(server);
  const { providerAdmin } = world.people;
  const started = performance.now();
  const answer = await upload(server, providerAdmin, manyRows(ROWS), reseller(world));
  expect(answer.status).toBe(202);
  expect(await finished(server, providerAdmin, viewOf(answer))).toMatchObject({
    status: 'SUCCEEDED',
    total: ROWS,
    done: ROWS,
    changed: ROWS,
    refused: 0,
  });
  process.stdout.write(`imported ${Math.round((ROWS / (performance.now() - started)) * 1000)} rows/s\n`);
  const { text } = await get(server, providerAdmin, `/exports/organizations?columns=${COLUMNS}`);
  const lines = rowsOf(text);
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines.length).toBeGreaterThan(ROWS);
  const again = await upload(server, providerAdmin, text, { ...reseller(world), atomicity: 'PER_ORGANIZATION' });
  expect(await finished(server, providerAdmin, viewOf(again))).toMatchObject({
    status: 'SUCCEEDED',
    changed: 0,
    unchanged: lines.length,
    refused: 0,
  });
});
