import { describe, expect } from 'vitest';
import { rollUpUsage } from '../../../src/usage/roll-up-usage.service.ts';
import { allowCalls, credentialsOf, globalIdOf, openGateway } from '../../support/gateways.ts';
import type { Json } from '../../support/graphql-client.ts';
import { test as base } from '../../support/graphql-world.ts';
import { commandInput, commands, type KeyWorld } from '../../support/key-world.ts';

const DAY_MS = 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;
/** Midnight, so many days before today. */
const daysAgo = (days: number) => new Date((Math.floor(Date.now() / DAY_MS) - days) * DAY_MS);
const hoursLater = (date: Date, hours: number) => new Date(date.getTime() + hours * HOUR_MS);

const USAGE = `query ($id: ID!) { organization(id: $id) { apiKey {
  lastUsedAt lastUsedAddress
  usage { used threshold period windowStartsAt resetsAt warnings { percent used threshold } }
} } }`;

const HISTORY = `query ($id: ID!, $since: DateTime!, $until: DateTime, $granularity: UsageGranularity!) {
  organization(id: $id) { apiKey { usage {
    history(since: $since, until: $until, granularity: $granularity) { startsAt calls }
  } } }
}`;

const test = base
  .extend('call', async ({ server, world }) => {
    const gateway = await openGateway(server, world.providerAdmin, world.tenants.reseller);
    return async (cost = 1) => {
      const credentials = await credentialsOf(world);
      return (await gateway.verify({ ...credentials, cost, address: '198.51.100.7' })).body.code;
    };
  })
  .extend('usage', ({ signIn, world }) => async () => {
    const client = await signIn('orgViewer');
    return (await client.query(USAGE, { id: globalIdOf(world.organization) })).at('organization.apiKey');
  })
  .extend('history', ({ signIn, world }) => async (since: Date, granularity: string, until: Date | null = null) => {
    const client = await signIn('orgViewer');
    const variables = { id: globalIdOf(world.organization), since, until, granularity };
    return client.query(HISTORY, variables);
  });

/** Hours that were counted in the past. */
async function countedBefore(world: KeyWorld, hours: readonly (readonly [Date, number])[]): Promise<void> {
  for (const [hour, calls] of hours) {
    await world.keyward.database.query(
      `insert into usage_hour (root_provider_id, organization_id, kind, provider_path, hour, calls)
       select root_provider_id, organization_id, kind, provider_path, $2, $3 from api_key
       where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [world.organization.organizationId, hour, calls],
    );
  }
}

/** The periods with calls. */
function counted(points: Json | undefined): Json[][] {
  if (!Array.isArray(points)) throw new Error('no points');
  return (points as { startsAt: string; calls: number }[])
    .filter(({ calls }) => calls > 0)
    .map(({ startsAt, calls }) => [startsAt, calls]);
}

describe('the usage of a key', () => {
  test('is nothing before the first call', async ({ world, usage }) => {
    await allowCalls(world, 100, 'DAY');
    expect(await usage()).toEqual({
      lastUsedAt: null,
      lastUsedAddress: null,
      usage: {
        used: 0,
        threshold: 100,
        period: 'DAY',
        windowStartsAt: daysAgo(0).toISOString(),
        resetsAt: daysAgo(-1).toISOString(),
        warnings: [],
      },
    });
  });

  test('counts what was accepted, tells of what is nearly used up, and from where it was last used', async ({
    world,
    call,
    usage,
  }) => {
    await allowCalls(world, 100);
    const codes: string[] = [];
    for (const cost of [74, 1, 20, 6]) codes.push(await call(cost));
    expect(codes).toEqual(['VALID', 'VALID', 'VALID', 'THRESHOLD_EXCEEDED']);
    expect(await usage()).toMatchObject({
      lastUsedAt: expect.stringMatching(/^20/),
      lastUsedAddress: '198.51.100.7',
      usage: {
        used: 95,
        period: 'MONTH',
        warnings: [
          { percent: 75, used: 75, threshold: 100 },
          { percent: 90, used: 95, threshold: 100 },
        ],
      },
    });
  });

  test('begins anew, warnings too, in the window that support opens, and the history goes on', async ({
    world,
    call,
    usage,
    history,
  }) => {
    await allowCalls(world, 4);
    for (const cost of [4, 1]) await call(cost);
    const before = await usage();
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    expect(await usage()).toMatchObject({ usage: { used: 0, warnings: [] } });
    expect(await call(3)).toBe('VALID');
    const after = await usage();
    expect(after).toMatchObject({ usage: { used: 3, warnings: [{ percent: 75, used: 3 }] } });
    expect(before).toMatchObject({ usage: { used: 4, warnings: [{}, {}, {}] } });
    expect(counted((await history(daysAgo(1), 'DAY')).at('organization.apiKey.usage.history')).at(-1)?.[1]).toBe(7);
  });
});

describe('the history of a key', () => {
  test('is the same before and after its hours have become days', async ({ server, world, call, history }) => {
    await countedBefore(world, [
      [hoursLater(daysAgo(40), 3), 5],
      [hoursLater(daysAgo(40), 23), 6],
      [hoursLater(daysAgo(39), 0), 7],
      [hoursLater(daysAgo(36), 1), 8],
      [hoursLater(daysAgo(35), 0), 9],
      [hoursLater(daysAgo(2), 13), 10],
    ]);
    await call();
    const days = async () => counted((await history(daysAgo(41), 'DAY')).at('organization.apiKey.usage.history'));
    const before = await days();
    expect(before).toEqual([
      [daysAgo(40).toISOString(), 11],
      [daysAgo(39).toISOString(), 7],
      [daysAgo(36).toISOString(), 8],
      [daysAgo(35).toISOString(), 9],
      [daysAgo(2).toISOString(), 10],
      [daysAgo(0).toISOString(), 1],
    ]);
    for (let time = 0; time < 2; time++) await rollUpUsage(server.services, new Date());
    expect(await days()).toEqual(before);
    const rows = (table: string) =>
      server.database.query(`select from ${table} where organization_id = $1`, [world.organization.organizationId]);
    expect([(await rows('usage_hour')).length, (await rows('usage_day')).length]).toEqual([2, 3]);
    // An hour that comes late joins its day.
    await countedBefore(world, [[hoursLater(daysAgo(40), 4), 100]]);
    await Promise.all([1, 2].map(() => rollUpUsage(server.services, new Date())));
    expect((await days())[0]).toEqual([daysAgo(40).toISOString(), 111]);
  });

  test('has a point for every hour, and none of them twice', async ({ world, call, history }) => {
    await countedBefore(world, [[hoursLater(daysAgo(3), 5), 2]]);
    await call(3);
    const answer = (await history(daysAgo(3), 'HOUR', daysAgo(2))).at('organization.apiKey.usage.history');
    expect(answer).toHaveLength(24);
    expect(counted(answer)).toEqual([[hoursLater(daysAgo(3), 5).toISOString(), 2]]);
    const month = (await history(daysAgo(3), 'MONTH')).at('organization.apiKey.usage.history');
    expect(counted(month).reduce((sum, [, calls]) => sum + Number(calls), 0)).toBe(5);
  });

  test('refuses what it does not have', async ({ history }) => {
    for (const answer of [
      await history(daysAgo(36), 'HOUR'),
      await history(daysAgo(0), 'DAY', daysAgo(1)),
      await history(new Date('2000-01-01'), 'DAY'),
    ]) {
      expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION_FAILED']);
    }
  });
});
