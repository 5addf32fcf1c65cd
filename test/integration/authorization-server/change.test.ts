import { describe, expect } from 'vitest';
import {
  deleteAuthorizationServer,
  disableAuthorizationServer,
  enableAuthorizationServer,
  updateAuthorizationServer,
} from '../../../src/authorization-server/authorization-server.service.ts';
import { lookUpAuthorizationServer } from '../../../src/authorization-server/look-up-authorization-server.ts';
import type { ServerCommand } from '../../../src/authorization-server/run-server-command.ts';
import type { RequestContext } from '../../../src/context.ts';
import { type AuthorizationServerRef, newId } from '../../../src/ids.ts';
import { createServer, NOTHING_CHANGED, serverCommand, test } from '../../support/authorization-server-world.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { auditOf, readRows } from '../../support/rows.ts';

const commands: Readonly<
  Record<string, (ctx: RequestContext, input: ServerCommand) => Promise<AuthorizationServerRef>>
> = {
  update: (ctx, input) => updateAuthorizationServer(ctx, { ...input, ...NOTHING_CHANGED, name: 'Another' }),
  enable: enableAuthorizationServer,
  disable: disableAuthorizationServer,
  delete: deleteAuthorizationServer,
};

const stateOf = (world: KeyWorld, ref: AuthorizationServerRef) =>
  lookUpAuthorizationServer(world.as(world.orgAdmin), ref);

describe('an authorization server', () => {
  test('changes in what is given', async ({ world, keySets, keyward }) => {
    const ref = await createServer(world, keySets);
    const ctx = world.as(world.orgAdmin);
    const update = { ...serverCommand(ref), ...NOTHING_CHANGED };
    const audit = await auditOf(keyward.database, () => updateAuthorizationServer(ctx, { ...update, name: 'Another' }));
    expect(audit).toMatchObject([
      { action: 'authorization_server.update', before: { name: 'Company login' }, after: { name: 'Another' } },
    ]);
    const changes = { issuer: 'https://other.example', jwksUrl: `${keySets.origin}/other`, audience: 'other' };
    await updateAuthorizationServer(ctx, { ...update, ...changes });
    expect(await stateOf(world, ref)).toMatchObject({ name: 'Another', ...changes, isEnabled: true, version: 3 });
  });

  test('keeps its keys where they are when there are none at the new URL', async ({ world, keySets }) => {
    const ref = await createServer(world, keySets);
    const before = await stateOf(world, ref);
    const jwksUrl = `${keySets.origin}/private`;
    const update = { ...serverCommand(ref), ...NOTHING_CHANGED, jwksUrl };
    const refusal = await refusalOf(() => updateAuthorizationServer(world.as(world.orgAdmin), update));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['jwksUrl'] });
    expect(await stateOf(world, ref)).toEqual(before);
  });

  test('is enabled in the moment in which the other one is disabled', async ({ world, keySets, keyward }) => {
    const [first, second] = [await createServer(world, keySets), await createServer(world, keySets, { name: 'B' })];
    const ctx = world.as(world.orgAdmin);
    const audit = await auditOf(keyward.database, () => enableAuthorizationServer(ctx, serverCommand(second)));
    expect(audit).toMatchObject([
      { action: 'authorization_server.disable', target: first.authorizationServerId, after: { isEnabled: false } },
      { action: 'authorization_server.enable', target: second.authorizationServerId, after: { isEnabled: true } },
    ]);
    const states = [await stateOf(world, first), await stateOf(world, second)];
    expect(states.map((state) => state?.isEnabled)).toEqual([false, true]);
    expect(await refusalOf(() => enableAuthorizationServer(ctx, serverCommand(second)))).toMatchObject({
      code: 'NOT_DISABLED',
    });
    await disableAuthorizationServer(ctx, serverCommand(second));
    expect(await refusalOf(() => disableAuthorizationServer(ctx, serverCommand(second)))).toMatchObject({
      code: 'ALREADY_DISABLED',
    });
  });

  test('is the enabled one or not, however many at once switch', async ({ world, keySets, keyward }) => {
    const refs = [await createServer(world, keySets), await createServer(world, keySets, { name: 'B' })];
    const ctx = world.as(world.orgAdmin);
    const tries = Array.from({ length: 20 }, (_, index) => serverCommand(refs[index % 2] ?? null));
    await Promise.allSettled(tries.map((input) => enableAuthorizationServer(ctx, input)));
    const [row] = await keyward.database.query<{ enabled: string }>(
      'select count(*) filter (where enabled) as enabled from authorization_server where organization_id = $1',
      [world.organization.organizationId],
    );
    expect(Number(row?.enabled)).toBe(1);
  });

  test('makes room when it is deleted', async ({ world, keySets }) => {
    const first = await createServer(world, keySets);
    await createServer(world, keySets, { name: 'B' });
    await deleteAuthorizationServer(world.as(world.orgAdmin), serverCommand(first));
    expect(await stateOf(world, first)).toBeNull();
    const third = await createServer(world, keySets, { name: 'C' });
    expect(await stateOf(world, third)).toMatchObject({ place: 1, isEnabled: true });
  });
});

describe.for(Object.entries(commands))('%s', ([name, command]) => {
  const action = `authorization_server.${name}`;
  /** The state in which the command would succeed. */
  const arranged = async (world: KeyWorld, keySets: Parameters<typeof createServer>[1]) => {
    const ref = await createServer(world, keySets);
    if (name === 'enable') await disableAuthorizationServer(world.as(world.orgAdmin), serverCommand(ref));
    return ref;
  };

  test('is refused to others, and to those who do not see it as if there were none', async ({
    world,
    keySets,
    keyward,
  }) => {
    const ref = await arranged(world, keySets);
    for (const actor of [world.orgViewer, world.providerSupport, world.platformSupport]) {
      const expected = { action, code: 'FORBIDDEN' as const, actor, trail: world.orgAdmin.home };
      await expectRefusal(keyward.database, expected, () => command(world.as(actor), serverCommand(ref)));
    }
    const unknown = { ...ref, authorizationServerId: newId<'AuthorizationServer'>() };
    const missing = await refusalOf(() => command(world.as(world.orgAdmin), serverCommand(unknown)));
    expect(missing.code).toBe('NOT_FOUND');
    for (const actor of [world.foreignAdmin, world.siblingAdmin, world.otherOrgAdmin]) {
      const expected = { action, code: 'NOT_FOUND' as const, actor, trail: actor.home };
      const { error } = await expectRefusal(keyward.database, expected, () =>
        command(world.as(actor), serverCommand(ref)),
      );
      expect([error.message, error.field]).toEqual([missing.message, missing.field]);
    }
  });

  test('is refused when the version has moved', async ({ world, keySets }) => {
    const ref = await arranged(world, keySets);
    const { version = 0 } = (await stateOf(world, ref)) ?? {};
    const at = (expectedVersion: number) => ({ ...serverCommand(ref), expectedVersion });
    const refusal = await refusalOf(() => command(world.as(world.orgAdmin), at(version + 1)));
    expect(refusal).toMatchObject({ code: 'VERSION_CONFLICT', field: ['expectedVersion'] });
    await command(world.as(world.orgAdmin), at(version));
  });

  test('is done once, when it is sent twice', async ({ world, keySets, keyward }) => {
    const input = { ...serverCommand(await arranged(world, keySets)), idempotencyKey: 'once' };
    const ctx = world.as(world.orgAdmin);
    const first = await command(ctx, input);
    const before = await readRows(keyward.database, []);
    expect(await command(ctx, input)).toEqual(first);
    expect(await readRows(keyward.database, ['audit_link', 'audit_chain', 'audit_unsealed'])).toMatchObject(
      Object.fromEntries(Object.entries(before).filter(([table]) => !table.startsWith('audit_'))),
    );
  });

  test('leaves nothing behind when the audit row cannot be written', async ({ world, keySets, keyward }) => {
    const { database } = keyward;
    const ref = await arranged(world, keySets);
    const before = await readRows(database, []);
    await database.query('revoke insert on audit_event from keyward_runtime');
    try {
      await expect(command(world.as(world.orgAdmin), serverCommand(ref))).rejects.toMatchObject({ code: '42501' });
    } finally {
      await database.query('grant insert on audit_event to keyward_runtime');
    }
    expect(await readRows(database, [])).toEqual(before);
  });
});
