import { describe, expect } from 'vitest';
import { setScopeStatements } from '../../../src/database/scope.ts';
import { endDelegation } from '../../../src/delegation/answer-delegation.service.ts';
import {
  type Delegation,
  delegationSides,
  delegationStatus,
  delegationStatuses,
  sideOf,
} from '../../../src/delegation/delegation.ts';
import {
  countListedDelegations,
  listDelegations,
  lookUpDelegation,
  positionOf,
} from '../../../src/delegation/list-delegations.service.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { DelegationRef } from '../../../src/ids.ts';
import {
  actingUnder,
  test as bothTest,
  DAY_MS,
  type DelegationWorld,
  grant,
  lend,
  named,
} from '../../support/delegations.ts';
import { refusalOf } from '../../support/expect-refusal.ts';

const ANY = { side: null, isActive: null, status: null };
const USABLE = { side: 'RECEIVED', isActive: true, status: null } as const;
const SOON = new Date(Date.now() + DAY_MS);

type Granted = Readonly<Record<'pending' | 'active' | 'ended' | 'expiring' | 'within', DelegationRef>>;

/** One of each state, and one within the root: from a reseller to its sibling. */
const test = bothTest.extend('granted', async ({ both }): Promise<Granted> => {
  const pending = await grant(both);
  const active = await lend(both);
  const ended = await lend(both);
  await endDelegation(both.as(both.providerAdmin), { ...named(ended), note: null });
  const expiring = await lend(both, { expiresAt: SOON });
  return { pending, active, ended, expiring, within: await grant(both, { grantee: both.tenants.otherReseller }) };
});

async function listed(
  both: DelegationWorld,
  actor: Actor,
  filter: Parameters<typeof listDelegations>[1] = ANY,
  now?: Date,
) {
  const ctx = both.as(actor, now);
  const page = await listDelegations(ctx, filter, { first: 200, after: null });
  expect(await countListedDelegations(ctx, filter)).toBe(page.items.length);
  return page.items;
}

const idsOf = (delegations: readonly Delegation[]) => delegations.map(({ id }) => id);
const newestFirst = (...refs: DelegationRef[]) => refs.map(({ delegationId }) => delegationId).toReversed();

describe('the list', () => {
  test('shows each side its own, the newest first', async ({ both, granted }) => {
    const { pending, active, ended, expiring, within } = granted;
    const all = newestFirst(pending, active, ended, expiring, within);
    expect(idsOf(await listed(both, both.providerAdmin))).toEqual(all);
    expect(idsOf(await listed(both, both.parentAdmin))).toEqual(all);
    expect(idsOf(await listed(both, both.granteeAdmin.actor))).toEqual(newestFirst(pending, active, ended, expiring));
    expect(idsOf(await listed(both, both.siblingAdmin))).toEqual([within.delegationId]);
    const seenByPlatform = idsOf(await listed(both, both.platformAdmin));
    expect(all.filter((id) => !seenByPlatform.includes(id))).toEqual([]);
  });

  test('is filtered by side, status and what is active, as the rules see it', async ({ both, granted }) => {
    expect(Object.keys(granted)).toHaveLength(5);
    const people = [
      both.providerAdmin,
      both.parentAdmin,
      both.granteeAdmin.actor,
      both.siblingAdmin,
      both.platformAdmin,
    ];
    for (const actor of people) {
      for (const now of [new Date(), new Date(SOON.getTime() - 1), SOON, new Date(SOON.getTime() + 40 * DAY_MS)]) {
        const all = await listed(both, actor, ANY, now);
        for (const side of [null, ...delegationSides]) {
          for (const isActive of [null, true, false]) {
            const expected = all.filter(
              (row) =>
                (side === null || sideOf(actor.scope, row) === side) &&
                (isActive === null || (delegationStatus(row, now) === 'ACTIVE') === isActive),
            );
            expect(idsOf(await listed(both, actor, { side, isActive, status: null }, now))).toEqual(idsOf(expected));
          }
          for (const status of delegationStatuses) {
            const expected = all.filter(
              (row) => (side === null || sideOf(actor.scope, row) === side) && delegationStatus(row, now) === status,
            );
            expect(idsOf(await listed(both, actor, { side, isActive: null, status }, now))).toEqual(idsOf(expected));
          }
        }
      }
    }
  });

  test('is walked page by page without a gap, also where instants are equal', async ({ both, granted }) => {
    const { database } = both.keyward;
    const ids = Object.values(granted).map(({ delegationId }) => delegationId);
    await database.query(
      `update delegation set created_at = '2026-01-01T00:00:00Z', expires_at = '2027-01-01T00:00:00Z' where id = any ($1::uuid[])`,
      [ids],
    );
    const ctx = both.as(both.parentAdmin);
    const walked: string[] = [];
    for (let after: ReturnType<typeof positionOf> | null = null; ; ) {
      const page: Awaited<ReturnType<typeof listDelegations>> = await listDelegations(ctx, ANY, { first: 2, after });
      walked.push(...idsOf(page.items));
      const last = page.items.at(-1);
      if (!page.hasNextPage || last === undefined) break;
      after = positionOf(last);
    }
    expect(walked).toEqual(ids.toSorted().toReversed());
  });

  test('refuses a cursor that is no instant', async ({ both }) => {
    const after = { value: 'yesterday', id: both.organization.organizationId };
    const refusal = await refusalOf(() => listDelegations(both.as(both.providerAdmin), ANY, { first: 1, after }));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['after'] });
  });
});

describe('whoever does not manage staff', () => {
  test('finds the delegations to act under, and no other', async ({ both, granted }) => {
    for (const { actor } of [both.granteeSupport, both.granteeViewer]) {
      expect(idsOf(await listed(both, actor, USABLE))).toEqual(newestFirst(granted.active, granted.expiring));
      expect(idsOf(await listed(both, actor, USABLE, SOON))).toEqual([granted.active.delegationId]);
      for (const [name, ref] of Object.entries(granted)) {
        const found = await lookUpDelegation(both.as(actor), ref);
        expect(found !== null, name).toBe(name === 'active' || name === 'expiring');
      }
      for (const filter of [
        ANY,
        { ...USABLE, isActive: null },
        { ...USABLE, isActive: false },
        { ...USABLE, side: null },
      ]) {
        expect((await refusalOf(() => listDelegations(both.as(actor), filter, { first: 1, after: null }))).code).toBe(
          'FORBIDDEN',
        );
        expect((await refusalOf(() => countListedDelegations(both.as(actor), filter))).code).toBe('FORBIDDEN');
      }
    }
  });

  test('on the granting side sees none', async ({ both, granted }) => {
    for (const actor of [both.providerSupport, both.providerViewer, both.platformSupport]) {
      expect(await listed(both, actor, USABLE)).toEqual([]);
      expect(await lookUpDelegation(both.as(actor), granted.active)).toBeNull();
    }
  });
});

describe('whoever is on neither side', () => {
  test('sees none: in lists, counts or by id', async ({ both, granted }) => {
    for (const [who, { actor }] of Object.entries(both.strangers)) {
      const ofRoot = both.siblingAdmin.id === actor.id ? [granted.within.delegationId] : [];
      expect(idsOf(await listed(both, actor)), who).toEqual(ofRoot);
      for (const ref of [granted.pending, granted.active, granted.ended]) {
        expect(await lookUpDelegation(both.as(actor), ref), who).toBeNull();
      }
    }
  });

  test('not even by row-level security alone, nor while acting under one', async ({ both, granted }) => {
    const acting = await actingUnder(both, granted.active, both.granteeAdmin.actor);
    expect(await listed(both, acting, USABLE)).toEqual([]);
    expect(await lookUpDelegation(both.as(acting), granted.active)).toBeNull();
    const strangers = Object.values(both.strangers).map(({ actor }) => actor);
    for (const actor of [...strangers.filter(({ id }) => id !== both.siblingAdmin.id), acting]) {
      const client = await both.keyward.services.database.pool.connect();
      try {
        await client.query(['begin', ...setScopeStatements(actor.scope)].join('; '));
        const seen = await client.query('select id from delegation where root_provider_id = $1', [
          granted.active.rootProviderId,
        ]);
        const ended = await client.query('update delegation set ended_by_name = ended_by_name');
        expect([seen.rowCount, ended.rowCount]).toEqual([0, 0]);
      } finally {
        await client.query('rollback');
        client.release();
      }
    }
  });
});
