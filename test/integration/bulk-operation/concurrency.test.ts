import { expect } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { statement } from '../../../src/database/statement.ts';
import { keyInput } from '../../support/fixtures.ts';
import { test as base } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readOperation, readStrings, sync, syncInput } from '../../support/sync.ts';

const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, 1500);
});

const lookAtAll = statement<{ fourths: string[] }>(
  'test.look_at_all',
  `select array_agg(distinct last_four order by last_four) as fourths from api_key
   where kind = 'CLOUD_SERVICE' and organization_id = any ($1)`,
);

test('fifty readers see the old string, then the new one in all organizations at once, and never the old one again', async ({
  world,
  fleet,
}) => {
  const { services } = world.keyward;
  const { ref } = await sync(world.as(world.providerAdmin), syncInput(fleet, { newKey: 'abcDEF123456' }));
  const ids = fleet.map(({ organizationId }) => organizationId);
  let isOver = false;
  const reader = async () => {
    const seen: string[] = [];
    for (let isLast = false; !isLast; ) {
      isLast = isOver;
      const { fourths } = await services.database.read(PLATFORM_SCOPE, (tx) => tx.row(lookAtAll, [ids]));
      seen.push(fourths.join(' '));
    }
    return seen.filter((one, index) => one !== seen[index - 1]);
  };
  const readers = Array.from({ length: 50 }, reader);
  await runBulkOperation(services, ref);
  isOver = true;
  for (const seen of await Promise.all(readers)) expect(seen.join(' then ')).toMatch(/^(0000 then )?3456$/);
});

test('overlapping syncs, and single changes in between, neither wait for each other in a circle nor lose anything', async ({
  world,
  fleet,
}) => {
  const { services, database } = world.keyward;
  const ctx = world.as(world.providerAdmin);
  const keys = ['first0000001', 'second000002', 'third0000003', 'fourth000004'];
  const [deadlocksBefore] = await database.query(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  const runs = keys.map(async (newKey, index) => {
    const some = [...fleet.slice(index * 100), ...fleet.slice(0, 50)].toReversed();
    const atomicity = index % 2 === 0 ? 'ALL_OR_NOTHING' : 'PER_ORGANIZATION';
    const { ref } = await sync(ctx, syncInput(some, { newKey, atomicity }));
    await runBulkOperation(services, ref);
    return readOperation(ctx, ref);
  });
  const singles = Array.from({ length: 60 }, (_, index) => {
    const organization = fleet[(index * 23) % fleet.length] ?? null;
    return regenerateApiKey(world.as(world.providerAdmin), keyInput(organization));
  });
  const operations = await Promise.all(runs);
  await Promise.all(singles);
  expect(operations.map(({ status }) => status)).toEqual(keys.map(() => 'SUCCEEDED'));
  const [deadlocksAfter] = await database.query(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(deadlocksAfter).toEqual(deadlocksBefore);
  // Each change moved the version of its slot by one, and is in the trail: none was written over.
  const lost = await database.query(
    `select k.organization_id from api_key k
     where k.kind = 'CLOUD_SERVICE' and k.organization_id = any ($1) and k.version - 1 - (select min(version) from api_key
       where organization_id = any ($1) and kind = 'SANDBOX_SUBMISSION') <> (select count(*) from audit_event e
       where e.organization_id = k.organization_id and e.result = 'OK' and e.after is not null)`,
    [fleet.map(({ organizationId }) => organizationId)],
  );
  expect(lost).toEqual([]);
  expect((await readStrings(services, fleet.slice(0, 20))).every((string) => string?.length === 12)).toBe(true);
});
