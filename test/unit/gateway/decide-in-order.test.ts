import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallSlot } from '../../../src/gateway/call.ts';
import { decideInOrder, type KnownCall } from '../../../src/gateway/decide-in-order.ts';
import { notSignedIn } from '../../../src/gateway/gateway-request.ts';
import { Ledger } from '../../../src/gateway/ledger.ts';
import type { OrganizationId, ServiceProviderId } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import type { Fingerprint } from '../../../src/secrets/tenant-keys.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const RIGHT = 'right' as Fingerprint;

function slotOf(organization: string, callThreshold: number | null): CallSlot {
  return {
    rootProviderId: 'root' as ServiceProviderId,
    organizationId: organization as OrganizationId,
    kind: 'CLOUD_SERVICE',
    version: 1,
    overlap: null,
    fingerprint: RIGHT,
    disabledBy: [],
    subscription: {
      startsAt: new Date(0),
      endsAt: new Date('2027-01-01'),
      cancelledAt: null,
      previousEndedAt: null,
    },
    callThreshold,
    thresholdPeriod: callThreshold === null ? null : 'DAY',
    windowOpenedAt: null,
  };
}

function callOf(slot: CallSlot | null, cost = 1, fingerprint = RIGHT): KnownCall {
  const organization = { externalId: 'unused here' };
  const presented = { by: 'KEY', organization, key: new Secret(''), kind: 'CLOUD_SERVICE' } as const;
  const call = { presented, cost, method: null, address: '192.0.2.1' };
  return { call, refusal: null, slot, proof: { by: 'KEY', fingerprint } };
}

const disable = (slot: CallSlot): CallSlot => ({ ...slot, disabledBy: ['CALL_THRESHOLD'], version: slot.version + 1 });
const said = (outcomes: ReturnType<typeof decideInOrder>) =>
  outcomes.map((outcome) => (outcome.kind === 'DECIDED' ? outcome.decision.code : outcome.kind));

describe('calls that are decided together', () => {
  const few = slotOf('few', 2);
  const many = slotOf('many', null);

  test('are decided as one after the other, each slot by itself', () => {
    const ledger = new Ledger([few, many], []);
    const calls = [callOf(few), callOf(many), callOf(few, 1, 'wrong' as Fingerprint), callOf(few), callOf(many, 5)];
    expect(said(decideInOrder(calls, ledger, NOW, null))).toEqual(['VALID', 'VALID', 'NOT_FOUND', 'VALID', 'VALID']);
    expect(ledger.counterOf(few)?.used).toBe(2);
    expect(ledger.counterOf(many)?.used).toBe(6);
  });

  test('are put off from the first of a slot on that is over its threshold, cheaper ones after it too', () => {
    const ledger = new Ledger([few, many], []);
    const calls = [callOf(few), callOf(few, 2), callOf(few), callOf(many)];
    expect(said(decideInOrder(calls, ledger, NOW, null))).toEqual(['VALID', 'EXCEEDS', 'EXCEEDS', 'VALID']);
    expect(ledger.counterOf(few)?.used).toBe(1);
  });

  test('or disable the key there, once, so that nothing after it is accepted', () => {
    const ledger = new Ledger([few], []);
    let disabled = 0;
    const outcomes = decideInOrder([callOf(few), callOf(few, 2), callOf(few)], ledger, NOW, (slot) => {
      disabled += 1;
      return disable(slot);
    });
    expect(said(outcomes)).toEqual(['VALID', 'THRESHOLD_EXCEEDED', 'THRESHOLD_EXCEEDED']);
    expect(outcomes[1]).toMatchObject({ decision: { disabledBy: ['CALL_THRESHOLD'], callsUsed: 1 } });
    expect([disabled, ledger.counterOf(few)?.used]).toEqual([1, 1]);
  });

  test('are asked again when their counter is not held, unless nothing is told of it anyway', () => {
    const ledger = new Ledger([], []);
    const calls = [callOf(many), callOf(many, 1, 'wrong' as Fingerprint), callOf(null)];
    expect(said(decideInOrder(calls, ledger, NOW, null))).toEqual(['AGAIN', 'NOT_FOUND', 'NOT_FOUND']);
  });

  test('of a gateway that may not ask count for nothing', () => {
    const ledger = new Ledger([many], []);
    const refused = { ...callOf(many), refusal: notSignedIn() };
    expect(said(decideInOrder([refused, callOf(many)], ledger, NOW, null))).toEqual(['REFUSED', 'VALID']);
    expect(ledger.counterOf(many)?.used).toBe(1);
  });

  test('come to the same in one batch as in many, and to no more than the threshold', () => {
    const costs = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 60 }), (given, threshold) => {
        const slot = slotOf('one', threshold);
        const together = new Ledger([slot], []);
        const codes = said(
          decideInOrder(
            given.map((cost) => callOf(slot, cost)),
            together,
            NOW,
            disable,
          ),
        );
        let state = slot;
        const alone = new Ledger([slot], []);
        const oneByOne = given.flatMap((cost) =>
          said(
            decideInOrder([callOf(state, cost)], alone, NOW, (before) => {
              state = disable(before);
              return state;
            }),
          ),
        );
        expect(codes).toEqual(oneByOne);
        expect(together.counterOf(slot)?.used ?? 0).toBeLessThanOrEqual(threshold);
        expect(together.counterOf(slot)).toEqual(alone.counterOf(slot));
      }),
    );
  });
});

describe('what is to be written down', () => {
  test('is the last state of each counter that has changed, with all finished hours and notices', () => {
    const [fresh, known, unused] = [slotOf('fresh', 4), slotOf('known', null), slotOf('unused', null)];
    const hour = new Date('2026-11-21T11:00:00.000Z');
    const counter = { windowStart: new Date('2026-11-01'), used: 8, hour, hourCalls: 3, threshold: null };
    const ledger = new Ledger([fresh, known, unused], [{ ...known, counter }]);
    decideInOrder([callOf(fresh, 3), callOf(known), callOf(known), callOf(fresh)], ledger, NOW, null);
    const { inserts, updates, hours, notices } = ledger.writes;
    expect(inserts).toMatchObject([{ ref: { organizationId: 'fresh' }, counter: { used: 4 }, address: '192.0.2.1' }]);
    expect(updates).toMatchObject([{ ref: { organizationId: 'known' }, counter: { used: 10, hourCalls: 2 } }]);
    expect(hours).toMatchObject([{ ref: { organizationId: 'known' }, hour, calls: 3 }]);
    expect(notices.map(({ percent, used }) => [percent, used])).toEqual([
      [75, 3],
      [90, 4],
      [100, 4],
    ]);
  });
});
