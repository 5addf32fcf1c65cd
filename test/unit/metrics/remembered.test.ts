import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { remembered } from '../../../src/metrics/remembered.ts';

const KEPT_MS = 60_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Asks that are answered when the test says so. */
function answeredByHand() {
  const asked: PromiseWithResolvers<number>[] = [];
  const look = remembered(KEPT_MS, () => {
    const answer = Promise.withResolvers<number>();
    asked.push(answer);
    return answer.promise;
  });
  return { asked, look };
}

describe('what is remembered', () => {
  test('is asked for once, however many want it at once and within the time', async () => {
    const { asked, look } = answeredByHand();
    const looks = [look(), look(), look()];
    asked[0]?.resolve(7);
    expect(await Promise.all(looks)).toEqual([7, 7, 7]);
    vi.advanceTimersByTime(KEPT_MS - 1);
    expect(await look()).toBe(7);
    expect(asked).toHaveLength(1);
  });

  test('is asked for anew afterwards', async () => {
    const { asked, look } = answeredByHand();
    const first = look();
    asked[0]?.resolve(7);
    await first;
    vi.advanceTimersByTime(KEPT_MS);
    const second = look();
    asked[1]?.resolve(8);
    expect(await second).toBe(8);
  });

  test('is nothing when the question fails, until it is asked again', async () => {
    const { asked, look } = answeredByHand();
    const first = look();
    asked[0]?.reject(new Error('away'));
    expect(await first).toBeNull();
    expect(await look()).toBeNull();
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(KEPT_MS);
    const second = look();
    asked[1]?.resolve(8);
    expect(await second).toBe(8);
  });

  test('holds nobody up: what takes long is waited for by two seconds, and told when it is there', async () => {
    const { asked, look } = answeredByHand();
    const first = look();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await first).toBeNull();
    asked[0]?.resolve(7);
    await vi.advanceTimersByTimeAsync(0);
    expect(await look()).toBe(7);
    expect(asked).toHaveLength(1);
  });
});
