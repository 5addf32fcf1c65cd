import { expect } from 'vitest';
import {
  createOrganizationGroup,
  updateOrganizationGroup,
} from '../../../src/organization-group/organization-group.service.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { test } from '../../support/key-world.ts';
import { byHand, holders, update } from '../../support/organization-groups.ts';

test('a group by hand holds at most 10,000 organizations', { timeout: 60_000 }, async ({ world }) => {
  const ctx = world.as(world.providerAdmin);
  const many = await holders(world, world.tenants.reseller, Array<null>(10_001).fill(null));
  const tooMany = byHand(world.tenants.reseller, 'Many', many);
  expect(await refusalOf(() => createOrganizationGroup(ctx, tooMany))).toMatchObject({
    code: 'VALIDATION_FAILED',
    field: ['organizationIds'],
  });
  const group = await createOrganizationGroup(ctx, { ...tooMany, members: many.slice(1) });
  expect(await refusalOf(() => updateOrganizationGroup(ctx, update(group, { add: many.slice(0, 2) })))).toMatchObject({
    code: 'VALIDATION_FAILED',
    field: ['addOrganizationIds'],
  });
  await updateOrganizationGroup(ctx, update(group, { add: many.slice(0, 1), remove: many.slice(1, 2) }));
});
