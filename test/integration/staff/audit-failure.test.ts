import { expect } from 'vitest';
import { DomainError } from '../../../src/errors.ts';
import { createStaffMember } from '../../../src/staff/create-staff-member.service.ts';
import { createCustomRole, deleteCustomRole, updateCustomRole } from '../../../src/staff/custom-role.service.ts';
import { test } from '../../support/key-world.ts';
import { makeRole, newcomer, staffChanges } from '../../support/people.ts';
import { readRows } from '../../support/rows.ts';

test('no audit row, no change: no command on people leaves anything behind', async ({ world }) => {
  const { database } = world.keyward;
  const ctx = world.as(world.parentAdmin);
  const { id } = world.people.providerViewer.member;
  const { reseller } = world.tenants;
  const customRole = await makeRole(ctx, reseller, ['apiKey:view']);
  const idempotencyKey = 'once';
  const { reactivate: _, demote: __, ...changes } = staffChanges;
  const commands: (() => Promise<unknown>)[] = [
    () => createStaffMember(ctx, newcomer({ serviceProvider: reseller, customRole, idempotencyKey })),
    () =>
      createCustomRole(ctx, { serviceProvider: reseller, name: 'New', permissions: ['apiKey:view'], idempotencyKey }),
    () => updateCustomRole(ctx, { customRole, name: 'Other', permissions: ['audit:view'], idempotencyKey }),
    () => deleteCustomRole(ctx, { customRole, idempotencyKey }),
    ...Object.values(changes).map((change) => () => change(ctx, id)),
  ];
  await database.query('revoke insert on audit_event from keyward_runtime');
  try {
    const before = await readRows(database, []);
    for (const command of commands) {
      const error: unknown = await command().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: '42501' });
      expect(error).not.toBeInstanceOf(DomainError);
    }
    expect(await readRows(database, [])).toEqual(before);
  } finally {
    await database.query('grant insert on audit_event to keyward_runtime');
  }
});
