import { describe, expect } from 'vitest';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { acceptDelegation, endDelegation } from '../../../src/delegation/answer-delegation.service.ts';
import { findDelegation } from '../../../src/delegation/delegation.repository.ts';
import { type Delegation, delegationStatus } from '../../../src/delegation/delegation.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { type DelegationRef, newId } from '../../../src/ids.ts';
import { actingUnder, DAY_MS, type DelegationWorld, grant, lend, named, test } from '../../support/delegations.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { auditOf, readRows } from '../../support/rows.ts';

async function read(both: DelegationWorld, ref: DelegationRef): Promise<Delegation> {
  const { database } = both.keyward.services;
  const row = await database.read(PLATFORM_SCOPE, (tx) => findDelegation(tx, ref));
  if (row === null) throw new Error('no such delegation');
  return row;
}

const accept = (both: DelegationWorld, actor: Actor, ref: DelegationRef | null, now?: Date) =>
  acceptDelegation(both.as(actor, now), named(ref));
const end = (both: DelegationWorld, actor: Actor, ref: DelegationRef | null, now?: Date) =>
  endDelegation(both.as(actor, now), { ...named(ref), note: 'as agreed' });
const answers = { accept, end };

describe('accepting', () => {
  test('names the grantee, and is written into the trails of both sides', async ({ both }) => {
    const ref = await grant(both);
    const { actor, member } = both.granteeAdmin;
    const written = await auditOf(both.keyward.database, () => accept(both, actor, ref));
    const row = await read(both, ref);
    const name = row.granteeProviderName;
    expect(name).toMatch(/^Provider /);
    expect(row).toMatchObject({ acceptedById: actor.id, acceptedByName: actor.displayName, endedAt: null });
    expect(written.map((event) => event.root_provider_id)).toEqual([
      both.grantee.rootProviderId,
      both.grantor.rootProviderId,
    ]);
    expect(written.map((event) => event.provider_path)).toEqual([member.providerPath, row.providerPath]);
    for (const event of written) {
      expect(event).toMatchObject({
        action: 'delegation.accept',
        result: 'OK',
        actor_id: actor.id,
        organization_id: null,
        target: ref.delegationId,
        before: { status: 'PENDING', grantee: null },
        after: { status: 'ACTIVE', grantee: name, serviceProvider: row.providerName },
      });
    }
    // From where is for the actor's own side to know.
    expect(written.map((event) => event.ip_address)).toEqual(['192.0.2.1', null]);
  });

  test('twice changes nothing, and is written down all the same', async ({ both }) => {
    const ref = await lend(both);
    const before = await readRows(both.keyward.database);
    const written = await auditOf(both.keyward.database, () => accept(both, both.granteeAdmin.actor, ref));
    expect(await readRows(both.keyward.database)).toEqual(before);
    expect(written.map(({ result }) => result)).toEqual(['OK', 'OK']);
  });

  test('by two at once is one acceptance', async ({ both }) => {
    const ref = await grant(both);
    const two = [accept(both, both.granteeAdmin.actor, ref), accept(both, both.granteeAdmin.actor, ref)];
    expect(await Promise.all(two)).toEqual([ref, ref]);
    const changed = `select target from audit_event where action = 'delegation.accept' and before::jsonb->>'status' = 'PENDING' and target = $1`;
    expect(await both.keyward.database.query(changed, [ref.delegationId])).toHaveLength(2);
  });

  test('and ending at once never leaves an ended one in force', async ({ both }) => {
    for (let round = 0; round < 5; round++) {
      const ref = await grant(both);
      await Promise.allSettled([accept(both, both.granteeAdmin.actor, ref), end(both, both.providerAdmin, ref)]);
      expect(delegationStatus(await read(both, ref), new Date())).toBe('ENDED');
    }
  });

  test('of one within the same root works alike', async ({ both }) => {
    const ref = await grant(both, { grantee: both.tenants.otherReseller });
    const written = await auditOf(both.keyward.database, () => accept(both, both.siblingAdmin, ref));
    expect(written.map(({ provider_path: path }) => path.at(-1))).toEqual([
      both.tenants.otherReseller.serviceProviderId,
      both.grantor.serviceProviderId,
    ]);
  });
});

describe('ending', () => {
  const actors = (both: DelegationWorld) => ({
    'the grantor': both.providerAdmin,
    'the provider above it': both.parentAdmin,
    'the platform': both.platformAdmin,
    'the grantee': both.granteeAdmin.actor,
  });
  const sides = ['the grantor', 'the provider above it', 'the platform', 'the grantee'] as const;

  test.for(sides)('by %s is written into the trails of both sides', async (side, { both }) => {
    const ref = await lend(both);
    const actor = actors(both)[side];
    const written = await auditOf(both.keyward.database, () => end(both, actor, ref));
    const row = await read(both, ref);
    expect(row).toMatchObject({ endedById: actor.id, endedByName: actor.displayName });
    expect(delegationStatus(row, new Date())).toBe('ENDED');
    const own = side === 'the grantee' ? both.grantee : both.grantor;
    const other = side === 'the grantee' ? both.grantor : both.grantee;
    expect(written.map((event) => event.root_provider_id)).toEqual([own.rootProviderId, other.rootProviderId]);
    expect(written.map((event) => event.provider_path.at(-1))).toEqual([
      own.serviceProviderId,
      other.serviceProviderId,
    ]);
    expect(written.map((event) => event.ip_address)).toEqual(['192.0.2.1', null]);
    for (const event of written) {
      expect(event).toMatchObject({
        action: 'delegation.end',
        result: 'OK',
        actor_id: actor.id,
        before: { status: 'ACTIVE' },
        after: { status: 'ENDED' },
        note: 'as agreed',
      });
    }
  });

  test('one that nobody has accepted is written down at the grantor, and at the grantee when it declines', async ({
    both,
  }) => {
    const taken = await grant(both);
    const byGrantor = await auditOf(both.keyward.database, () => end(both, both.providerAdmin, taken));
    expect(byGrantor.map((event) => event.root_provider_id)).toEqual([both.grantor.rootProviderId]);
    const declined = await grant(both);
    const byGrantee = await auditOf(both.keyward.database, () => end(both, both.granteeAdmin.actor, declined));
    expect(byGrantee.map((event) => event.root_provider_id)).toEqual([
      both.grantee.rootProviderId,
      both.grantor.rootProviderId,
    ]);
    expect((await read(both, declined)).granteeProviderName).toBeNull();
  });

  test('at once by both sides is one end', async ({ both }) => {
    const ref = await lend(both);
    const results = await Promise.allSettled([
      end(both, both.providerAdmin, ref),
      end(both, both.granteeAdmin.actor, ref),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is told again under an idempotency key', async ({ both }) => {
    const ref = await lend(both);
    const input = { delegation: ref, idempotencyKey: 'end', note: null };
    for (const ctx of [both.as(both.granteeAdmin.actor), both.as(both.granteeAdmin.actor)]) {
      expect(await endDelegation(ctx, input)).toEqual(ref);
    }
  });

  test('refuses a note that is none', async ({ both }) => {
    const ref = await lend(both);
    const input = { ...named(ref), note: 'a\0b' };
    const refusal = await refusalOf(() => endDelegation(both.as(both.providerAdmin), input));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['note'] });
  });
});

describe('what is over', () => {
  test.for(['accept', 'end'] as const)('cannot be answered any more: %s', async (answer, { both }) => {
    const action = `delegation.${answer}` as const;
    const actor = both.granteeAdmin.actor;
    const trail = { rootProviderId: both.grantee.rootProviderId, organizationId: null };
    const expected = { code: 'DELEGATION_ENDED', action, actor, trail } as const;
    const ended = await lend(both);
    await end(both, both.providerAdmin, ended);
    const expired = await lend(both, { expiresAt: new Date(Date.now() + DAY_MS) });
    const pending = await grant(both, { expiresAt: new Date(Date.now() + DAY_MS) });
    const later = new Date(Date.now() + DAY_MS);
    for (const [ref, now] of [
      [ended, new Date()],
      [expired, later],
      [pending, later],
    ] as const) {
      const { error } = await expectRefusal(both.keyward.database, expected, () =>
        answers[answer](both, actor, ref, now),
      );
      expect(error.field).toEqual(['delegationId']);
    }
  });
});

describe('an answer is refused', () => {
  const trailOf = (actor: Actor) => actor.home;

  test.for(['accept', 'end'] as const)(
    'as if it did not exist to whoever is on neither side: %s',
    async (answer, { both }) => {
      const ref = await grant(both);
      const missing = { ...ref, delegationId: newId<'Delegation'>() };
      const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
      const others = [...Object.values(both.strangers).map((staff) => staff.actor), acting];
      for (const actor of others) {
        const action = `delegation.${answer}` as const;
        const expected = { code: 'NOT_FOUND', action, actor, trail: trailOf(actor) } as const;
        const refusals = [];
        for (const target of [ref, missing]) {
          const { error } = await expectRefusal(both.keyward.database, expected, () =>
            answers[answer](both, actor, target),
          );
          refusals.push([error.message, error.field]);
        }
        expect(refusals[0]).toEqual(refusals[1]);
        expect((await refusalOf(() => answers[answer](both, actor, null))).code).toBe('NOT_FOUND');
      }
    },
  );

  test.for(['accept', 'end'] as const)(
    'to staff of either side who do not manage staff: %s',
    async (answer, { both }) => {
      const ref = await lend(both);
      const staff = [both.granteeSupport.actor, both.granteeViewer.actor, both.providerSupport, both.platformSupport];
      for (const actor of staff) {
        expect((await refusalOf(() => answers[answer](both, actor, ref))).code).toBe('FORBIDDEN');
      }
    },
  );

  test('to the granting side and the platform, when it would accept in the name of the other', async ({ both }) => {
    const ref = await grant(both);
    for (const actor of [both.providerAdmin, both.parentAdmin, both.platformAdmin]) {
      const trail = { rootProviderId: both.grantor.rootProviderId, organizationId: null };
      const expected = { code: 'FORBIDDEN', action: 'delegation.accept', actor, trail } as const;
      await expectRefusal(both.keyward.database, expected, () => accept(both, actor, ref));
    }
  });
});

describe('an answer that cannot be written down', () => {
  test.for(['grantor', 'grantee'] as const)('in the trail of the %s is none', async (side, { both }) => {
    const ref = await grant(both);
    const { database } = both.keyward;
    const root = both[side].rootProviderId;
    await database.query(
      `alter table audit_event add constraint refuse check (root_provider_id <> '${root}') not valid`,
    );
    const before = await readRows(database);
    try {
      await expect(accept(both, both.granteeAdmin.actor, ref)).rejects.toMatchObject({ code: '23514' });
    } finally {
      await database.query('alter table audit_event drop constraint refuse');
    }
    expect(await readRows(database)).toEqual(before);
  });
});
