import { describe, expect } from 'vitest';
import {
  disableByPlatform,
  disableByProvider,
  emptySlot,
  endSubscription,
  exceedThreshold,
} from '../../support/key-states.ts';
import { commandInput, commands, readSlot, test } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';

describe('disable', () => {
  test('adds one disablement and leaves the string as it is', async ({ world }) => {
    const before = await readSlot(world);
    const ctx = world.as(world.providerSupport);
    const outcome = await commands.DISABLE(
      ctx,
      commandInput(world.organization, { reason: 'OTHER', note: ' abuse\nsee ticket 4 ' }),
    );
    expect(outcome.keyString).toBeNull();
    expect(await readSlot(world)).toEqual({ ...before, version: before.version + 1, disabledBy: ['SERVICE_PROVIDER'] });
    const rows = await world.keyward.database.query(
      'select source, reason, note, at, by_id, by_name from disablement where organization_id = $1',
      [world.organization.organizationId],
    );
    const by = { by_id: world.providerSupport.id, by_name: world.providerSupport.displayName };
    expect(rows).toEqual([
      { source: 'SERVICE_PROVIDER', reason: 'OTHER', note: 'abuse\nsee ticket 4', at: ctx.now, ...by },
    ]);
  });

  test('is one audit row with the reason, from ENABLED to DISABLED', async ({ world }) => {
    const { version, fingerprint } = await readSlot(world);
    const input = commandInput(world.organization, { note: 'see ticket 4' });
    const rows = await auditOf(world.keyward.database, () => commands.DISABLE(world.as(world.platformSupport), input));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'api_key.disable',
      result: 'OK',
      note: 'SECURITY_INCIDENT: see ticket 4',
      before: { version, status: 'ENABLED', fingerprint, disabledBy: [] },
      after: { version: version + 1, status: 'DISABLED', fingerprint, disabledBy: ['PLATFORM'] },
    });
  });

  test('of the platform stands beside that of the provider, and the threshold beside both', async ({ world }) => {
    await disableByProvider(world);
    await disableByPlatform(world);
    await exceedThreshold(world);
    expect((await readSlot(world)).disabledBy).toEqual(
      expect.arrayContaining(['SERVICE_PROVIDER', 'PLATFORM', 'CALL_THRESHOLD']),
    );
  });

  test('works on an empty slot and on one whose subscription ended', async ({ world }) => {
    await emptySlot(world);
    await endSubscription(world);
    await disableByProvider(world);
    expect(await readSlot(world)).toMatchObject({ keyString: null, disabledBy: ['SERVICE_PROVIDER'] });
  });
});

describe('enable', () => {
  test('by the provider above lifts the disablement of the provider', async ({ world }) => {
    await disableByProvider(world);
    const before = await readSlot(world);
    await commands.ENABLE(world.as(world.parentAdmin), commandInput(world.organization));
    expect(await readSlot(world)).toEqual({ ...before, version: before.version + 1, disabledBy: [] });
  });

  test("by the provider lifts what is its own and the threshold, and leaves the platform's", async ({ world }) => {
    await disableByProvider(world);
    await disableByPlatform(world);
    await exceedThreshold(world);
    const [row] = await auditOf(world.keyward.database, () =>
      commands.ENABLE(world.as(world.providerAdmin), commandInput(world.organization, { note: 'sorted out' })),
    );
    expect((await readSlot(world)).disabledBy).toEqual(['PLATFORM']);
    expect(row).toMatchObject({
      action: 'api_key.enable',
      note: 'sorted out',
      before: {
        status: 'DISABLED',
        disabledBy: expect.arrayContaining(['SERVICE_PROVIDER', 'PLATFORM', 'CALL_THRESHOLD']),
      },
      after: { status: 'DISABLED', disabledBy: ['PLATFORM'] },
    });
  });

  test('by the platform lifts everything that is kept', async ({ world }) => {
    await disableByProvider(world);
    await disableByPlatform(world);
    await exceedThreshold(world);
    await commands.ENABLE(world.as(world.platformSupport), commandInput(world.organization));
    expect((await readSlot(world)).disabledBy).toEqual([]);
  });

  test('does not make a key work whose subscription ended', async ({ world }) => {
    await disableByProvider(world);
    await endSubscription(world);
    const [row] = await auditOf(world.keyward.database, () =>
      commands.ENABLE(world.as(world.providerAdmin), commandInput(world.organization)),
    );
    expect(row).toMatchObject({ after: { status: 'DISABLED', disabledBy: ['SUBSCRIPTION_EXPIRED'] } });
  });
});
