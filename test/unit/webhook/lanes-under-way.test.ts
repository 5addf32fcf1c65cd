import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '../../../src/ids.ts';
import { LanesUnderWay } from '../../../src/webhook/lanes-under-way.ts';

const endpointId = newId<'WebhookEndpoint'>();
const rootsOf = (count: number) => Array.from({ length: count }, () => newId<'ServiceProvider'>()).sort();

/** Takes all that a root may have. */
function fill(underWay: LanesUnderWay, rootProviderId: ReturnType<typeof rootsOf>[number]): number {
  const room = underWay.roomFor(rootProviderId);
  for (let taken = 0; taken < room; taken++) underWay.enter({ rootProviderId, endpointId });
  return room;
}

test('a tenant has half of what the others leave, and they all the same share in the end', () => {
  const underWay = new LanesUnderWay(90);
  const [one = endless(), other = endless()] = rootsOf(2);
  expect(fill(underWay, one)).toBe(45);
  expect(fill(underWay, one)).toBe(0);
  expect(fill(underWay, other)).toBe(23);
  for (let round = 0; round < 20; round++) {
    for (const rootProviderId of [one, other]) {
      underWay.leave({ rootProviderId, endpointId });
      fill(underWay, rootProviderId);
    }
  }
  for (const root of [one, other]) {
    expect(underWay.roomFor(root)).toBe(0);
  }
  expect(underWay.roomFor(newId())).toBe(15);
});

test('however many take what they may, one more has room until all is taken, and never is there more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 30 }), (most, count) => {
      const underWay = new LanesUnderWay(most);
      const taken = rootsOf(count).reduce((sum, root) => sum + fill(underWay, root), 0);
      expect(taken).toBeLessThanOrEqual(most);
      expect(underWay.roomFor(newId()) > 0).toBe(taken < most);
    }),
  );
});

test('those after the last one that was taken come first', () => {
  const underWay = new LanesUnderWay(10);
  const roots = rootsOf(3);
  const [first = endless(), second = endless(), third = endless()] = roots;
  expect(underWay.inTurn(roots.toReversed())).toEqual(roots);
  underWay.enter({ rootProviderId: first, endpointId });
  expect(underWay.inTurn(roots)).toEqual([second, third, first]);
  underWay.enter({ rootProviderId: third, endpointId });
  expect(underWay.inTurn(roots)).toEqual(roots);
});

test('it counts the lanes of each endpoint', () => {
  const underWay = new LanesUnderWay(10);
  const lane = { rootProviderId: newId<'ServiceProvider'>(), endpointId };
  underWay.enter(lane);
  underWay.enter(lane);
  underWay.leave(lane);
  expect([...underWay.ofEndpoint]).toEqual([[endpointId, 1]]);
  underWay.leave(lane);
  expect(underWay.ofEndpoint.size).toBe(0);
  expect(underWay.roomFor(lane.rootProviderId)).toBe(5);
});

function endless(): never {
  throw new Error('unreachable');
}
