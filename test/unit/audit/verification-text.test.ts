import { describe, expect, test } from 'vitest';
import { breachKinds } from '../../../src/audit/chain-check.ts';
import { isBroken, lineOf, type RootReport, summaryOf } from '../../../src/audit/verification-text.ts';
import { type Id, PLATFORM_ROOT_ID } from '../../../src/ids.ts';

const root = '01939c2e-5c00-7000-8000-000000000001' as Id<'ServiceProvider'>;
const whole: RootReport = { rootProviderId: root, events: 12, waiting: 0, unsignedSince: null, breach: null };
const fine = { chains: 2, broken: 0, changedKeys: [], areKeysProven: true };

describe('the line of a chain', () => {
  test('counts what is whole, and says what is not sealed or not signed yet', () => {
    expect(lineOf(whole)).toBe(`${root}: ok, 12 events`);
    expect(lineOf({ ...whole, rootProviderId: PLATFORM_ROOT_ID, waiting: 3 })).toBe(
      'platform: ok, 12 events, 3 waiting to be sealed',
    );
    expect(lineOf({ ...whole, unsignedSince: new Date('2026-11-21T03:17:27.677Z') })).toBe(
      `${root}: ok, 12 events, not signed, sealed last at 2026-11-21T03:17:27.677Z`,
    );
  });

  test.each(breachKinds)('names the first row at fault and what is wrong with it: %s', (kind) => {
    const line = (sequence: number | null, eventId: string | null) =>
      lineOf({ ...whole, breach: { kind, sequence, eventId } });
    expect(line(7, 'E')).toMatch(/: BROKEN at link 7, event E: .+/);
    expect(line(7, null)).toMatch(/: BROKEN at link 7: .+/);
    expect(line(null, 'E')).toMatch(/: BROKEN at event E: .+/);
    expect(line(null, null)).toMatch(/: BROKEN: .+/);
  });
});

describe('the summary', () => {
  test('says what was compared with what, and what could not be', () => {
    const checkpoints = {
      byRoot: new Map([
        ['a', [1, 2]],
        ['b', [3]],
      ]),
      unreadable: 0,
      later: 0,
    };
    expect(summaryOf(fine, checkpoints)).toEqual(['3 checkpoints compared.', '2 chains, 0 broken.']);
    expect(
      summaryOf({ ...fine, areKeysProven: false, broken: 1 }, { ...checkpoints, unreadable: 4, later: 7 }),
    ).toEqual([
      'There is no key encryption key: signatures were checked by keys that a superuser can swap.',
      '3 checkpoints compared.',
      '7 of a later time were left out.',
      '4 lines of their file cannot be read.',
      '2 chains, 1 broken.',
    ]);
    expect(summaryOf(fine, null)[0]).toMatch(/no checkpoints/);
    expect(summaryOf({ ...fine, changedKeys: ['k'] }, null)[0]).toBe('signing key k: BROKEN: its row was changed');
  });

  test('is a breach when a chain is broken, or a key was changed', () => {
    expect([fine, { ...fine, broken: 1 }, { ...fine, changedKeys: ['k'] }].map(isBroken)).toEqual([false, true, true]);
  });
});
