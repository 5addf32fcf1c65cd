import { describe, expect } from 'vitest';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';

async function checked(world: KeyWorld, more: Parameters<typeof syncInput>[1] = {}) {
  const ctx = world.as(world.parentAdmin);
  const input = { filter: { ...WHOLE_FLEET, serviceProvider: world.tenants.otherReseller }, newKey: KEY, ...more };
  const { ref } = await sync(ctx, syncInput(null, { ...input, dryRun: true }));
  const run = (by: Parameters<typeof syncInput>[1]) => sync(ctx, syncInput(null, { ...input, ...by }));
  return { ref, run };
}

describe('what runs by a dry run that somebody has looked at', () => {
  test('are the same organizations', async ({ world }) => {
    const { services, database } = world.keyward;
    const fleet = await insertKeyedFleet(services, database.query, world.tenants.otherReseller, 3);
    const { ref, run } = await checked(world);
    const { operation } = await run({ checkedBy: ref });
    expect(operation).toMatchObject({ status: 'SUCCEEDED', dryRun: false, total: 3 });
    expect(new Set(await readStrings(services, fleet))).toEqual(new Set([KEY]));
  });

  test('are no others: one that came meanwhile refuses it all, and one that left', async ({ world }) => {
    const { services, database } = world.keyward;
    const fleet = await insertKeyedFleet(services, database.query, world.tenants.otherReseller, 3);
    const before = await readStrings(services, fleet);
    const { ref, run } = await checked(world);
    await createTestOrganization(services, world.tenants.platformAdmin, world.tenants.otherReseller);
    const refusal = { code: 'VERSION_CONFLICT', field: ['dryRunId'] };
    expect(await refusalOf(() => run({ checkedBy: ref }))).toMatchObject(refusal);
    const ctx = world.as(world.parentAdmin);
    for (const organizations of [fleet.slice(1), [...fleet, world.organization].slice(1)]) {
      const input = syncInput(organizations, { newKey: KEY, checkedBy: ref });
      expect(await refusalOf(() => sync(ctx, input))).toMatchObject(refusal);
    }
    expect(await readStrings(services, fleet)).toEqual(before);
  });

  test('is no operation that is out of sight, none that ran, and no id of something else', async ({ world }) => {
    const { services, database } = world.keyward;
    const { platformAdmin, otherReseller, foreignRoot } = world.tenants;
    await insertKeyedFleet(services, database.query, otherReseller, 3);
    const { ref, run } = await checked(world);
    const { ref: ran } = await run({ checkedBy: ref });
    expect(await refusalOf(() => run({ checkedBy: ran }))).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await refusalOf(() => run({ checkedBy: 'UNKNOWN' }))).toMatchObject({ code: 'NOT_FOUND' });
    const theirs = await createTestOrganization(services, platformAdmin, foreignRoot);
    const foreign = syncInput([theirs], { newKey: KEY, checkedBy: ref });
    expect(await refusalOf(() => sync(world.as(world.foreignAdmin), foreign))).toMatchObject({
      ...{ code: 'NOT_FOUND', field: ['dryRunId'] },
    });
  });
});
