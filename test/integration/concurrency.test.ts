import { describe, expect } from 'vitest';
import { DomainError, type ErrorCode } from '../../src/errors.ts';
import {
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../src/subscription/subscription.service.ts';
import { countDeadlocks } from '../support/deadlocks.ts';
import { createTestOrganization, YEAR_MS } from '../support/fixtures.ts';
import { disableByProvider, emptySlot } from '../support/key-states.ts';
import { commandInput, commands, type KeyWorld, readSlot, test } from '../support/key-world.ts';
import { type AuditRow, auditOf } from '../support/rows.ts';

interface Results<Answer> {
  readonly answers: readonly Answer[];
  readonly refusals: readonly ErrorCode[];
}

/** Runs all of them at once. @throws whatever is no refusal: a deadlock, say */
async function allAtOnce<Answer>(calls: readonly (() => Promise<Answer>)[]): Promise<Results<Answer>> {
  const settled = await Promise.allSettled(calls.map((call) => call()));
  const answers: Answer[] = [];
  const refusals: ErrorCode[] = [];
  for (const result of settled) {
    if (result.status === 'fulfilled') answers.push(result.value);
    else if (result.reason instanceof DomainError) refusals.push(result.reason.code);
    else throw result.reason;
  }
  return { answers, refusals };
}

function times<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index));
}

const LONG = 120_000;

describe('200 commands at once on one slot', () => {
  test('under the same expected version: one wins, 199 are VERSION_CONFLICT', { timeout: LONG }, async ({ world }) => {
    const { version: expectedVersion } = await readSlot(world);
    const input = commandInput(world.organization, { expectedVersion });
    const people = [world.orgAdmin, world.providerAdmin, world.parentAdmin];
    const call = (index: number) => () => commands.REGENERATE(world.as(people[index % 3] ?? world.orgAdmin), input);
    const { answers, refusals } = await allAtOnce(times(200, call));
    const after = await readSlot(world);
    expect(answers.map(({ keyString }) => keyString?.expose())).toEqual([after.keyString]);
    expect(refusals).toEqual(Array(199).fill('VERSION_CONFLICT'));
    expect(after.version).toBe(expectedVersion + 1);
  });

  test('without one: each success moves the version by one, and the last string is the one that stays', {
    timeout: LONG,
  }, async ({ world }) => {
    const before = await readSlot(world);
    const { database } = world.keyward;
    const strings = new Set<string>();
    const rows = await auditOf(database, async () => {
      const call = () => commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization));
      const { answers, refusals } = await allAtOnce(times(200, () => call));
      expect(refusals).toEqual([]);
      for (const { keyString } of answers) strings.add(keyString?.expose() ?? '');
    });
    const after = await readSlot(world);
    const last = rows.find((row) => row.after?.['version'] === after.version);
    expect(after.version).toBe(before.version + 200);
    expect(strings.size).toBe(200);
    expect(strings).toContain(after.keyString);
    expect(last?.after?.['fingerprint']).toBe(after.fingerprint);
    expect(rows.map((row) => row.after?.['version']).sort(byNumber)).toEqual(
      times(200, (index) => before.version + 1 + index),
    );
  });
});

function byNumber(one: unknown, other: unknown): number {
  return Number(one) - Number(other);
}

describe('two at once, one wins', () => {
  const cases = [
    { action: 'ADD', arrange: emptySlot, loser: 'KEY_EXISTS' },
    { action: 'DELETE', arrange: null, loser: 'KEY_NOT_FOUND' },
    { action: 'EDIT', arrange: null, loser: 'KEY_UNCHANGED' },
    { action: 'DISABLE', arrange: null, loser: 'ALREADY_DISABLED' },
    { action: 'ENABLE', arrange: disableByProvider, loser: 'NOT_DISABLED' },
  ] as const;
  test.for(cases)('$action: the other is $loser', async ({ action, arrange, loser }, { world }) => {
    await arrange?.(world);
    const { version } = await readSlot(world);
    const call = () => commands[action](world.as(world.providerAdmin), commandInput(world.organization));
    const { answers, refusals } = await allAtOnce([call, call]);
    expect([answers.length, refusals]).toEqual([1, [loser]]);
    expect((await readSlot(world)).version).toBe(version + 1);
  });
});

/** What three people may do to an organization, keys and subscription alike. */
function anyCommand(world: KeyWorld, index: number): () => Promise<unknown> {
  const actor = [world.orgAdmin, world.providerAdmin, world.platformAdmin][index % 3] ?? world.orgAdmin;
  const { organization } = world;
  const ctx = world.as(actor);
  const terms = {
    organization,
    expectedVersion: null,
    idempotencyKey: null,
    endsAt: new Date(Date.now() + ((2 + index) * YEAR_MS) / 50),
  };
  const apply = { plan: 'API', startsAt: null, callThreshold: null, thresholdPeriod: null };
  const input = commandInput(organization, { newKey: `abcDEF${String(100_000 + index)}` });
  const calls = [
    () => commands.REGENERATE(ctx, input),
    () => commands.EDIT(ctx, input),
    () => commands.ADD(ctx, input),
    () => commands.DELETE(ctx, input),
    () => commands.DISABLE(ctx, input),
    () => commands.ENABLE(ctx, input),
    () => commands.REVEAL(ctx, input),
    () => applySubscription(ctx, { ...terms, ...apply }),
    () => renewSubscription(ctx, terms),
    () => cancelSubscription(ctx, terms),
  ];
  return () => calls[Math.floor(index / 3) % calls.length]?.() ?? Promise.reject(new Error('there is always one'));
}

const isChange = ({ action, result }: AuditRow) =>
  action.startsWith('api_key.') && action !== 'api_key.reveal' && result === 'OK';

describe('everything at once on three slots', () => {
  test('neither deadlocks nor fails, and each slot ends where its audit trail leads', { timeout: LONG }, async ({
    world,
  }) => {
    const { tenants, keyward } = world;
    const more = await Promise.all(
      times(2, () => createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller)),
    );
    const worlds = [world, ...more.map((organization) => ({ ...world, organization }))];
    const starts = await Promise.all(worlds.map((one) => readSlot(one)));
    const rows = await auditOf(keyward.database, () =>
      allAtOnce(times(450, (index) => anyCommand(worlds[(index % 7) % 3] ?? world, index))),
    );
    const ends = await Promise.all(worlds.map((one) => readSlot(one)));
    for (const [index, { organization }] of worlds.entries()) {
      const own = rows.filter(({ organization_id }) => organization_id === organization.organizationId);
      expect(own.filter(isChange).length).toBeGreaterThan(5);
      expect(gapsOf(own, starts[index], ends[index])).toEqual([]);
    }
    expect(await countDeadlocks(keyward.database)).toBe(0);
  });
});

interface State {
  readonly version?: unknown;
  readonly fingerprint?: unknown;
  readonly disabledBy?: unknown;
}

/** What of a state only commands on the key change. */
function kept(state: State | null | undefined) {
  const sources = Array.isArray(state?.disabledBy) ? state.disabledBy : [];
  const disabledBy = sources.filter((source) => source !== 'SUBSCRIPTION_EXPIRED').sort();
  return { version: Number(state?.version), fingerprint: state?.fingerprint, disabledBy };
}

/** Where the trail, in the order of versions, does not take up where it ended. */
function gapsOf(rows: readonly AuditRow[], start: State | undefined, end: State | undefined): unknown[] {
  const changes = rows.filter(isChange).sort((one, other) => kept(one.before).version - kept(other.before).version);
  const ends = [start, ...changes.map(({ after }) => after)].map(kept);
  const starts = [...changes.map(({ before }) => before), end].map(kept);
  const steps = ends.map((from, index) => ({ from, to: starts[index] }));
  return steps.filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
