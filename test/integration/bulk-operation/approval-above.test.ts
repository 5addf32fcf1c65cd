import { describe, expect } from 'vitest';
import type { Actor } from '../../../src/identity/actor.ts';
import { setApprovalAbove } from '../../../src/service-provider/set-approval-above.service.ts';
import { test } from '../../support/approvals.ts';
import type { KeyWorld } from '../../support/key-world.ts';

describe('above how many organizations a second person is asked', () => {
  const setAs = (world: KeyWorld, actor: Actor, approvalAbove: number | null) =>
    setApprovalAbove(world.as(actor), { serviceProvider: world.tenants.reseller, approvalAbove, idempotencyKey: null });
  const read = async ({ keyward, tenants }: KeyWorld) => {
    const [row] = await keyward.database.query<{ above: number | null }>(
      'select approval_above as above from service_provider where id = $1',
      [tenants.reseller.serviceProviderId],
    );
    return row?.above;
  };

  test('is set by those who manage the provider, and written down', async ({ world }) => {
    for (const [actor, value] of [
      [world.providerAdmin, 5],
      [world.parentAdmin, 0],
      [world.platformAdmin, null],
    ] as const) {
      expect(await setAs(world, actor, value)).toEqual(world.tenants.reseller);
      expect(await read(world)).toBe(value);
    }
    const rows = await world.keyward.database.query(
      `select before::json->'approvalAbove' as before, after::json->'approvalAbove' as after from audit_event
       where action = 'service_provider.set_approval_above' and target = $1 order by id`,
      [world.tenants.reseller.serviceProviderId],
    );
    expect(rows).toEqual([
      { before: null, after: 5 },
      { before: 5, after: 0 },
      { before: 0, after: null },
    ]);
  });

  test('is refused to others, and what is no number of organizations', async ({ world }) => {
    const cases = [
      [world.siblingAdmin, 5, 'NOT_FOUND'],
      [world.foreignAdmin, 5, 'NOT_FOUND'],
      [world.providerSupport, 5, 'FORBIDDEN'],
      [world.orgAdmin, 5, 'FORBIDDEN'],
      [world.providerAdmin, -1, 'VALIDATION_FAILED'],
      [world.providerAdmin, 1.5, 'VALIDATION_FAILED'],
    ] as const;
    for (const [actor, value, code] of cases) {
      await expect(setAs(world, actor, value)).rejects.toMatchObject({ code });
    }
    expect(await read(world)).toBeNull();
  });
});
