import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { errorCodes } from '../../../src/errors.ts';
import { emptyModel, isLapsed, type Model, nextOf, type Step, statusOf } from './model.ts';
import {
  emptyWorld,
  keyNameIn,
  type Moment,
  perform,
  play,
  sourcesIn,
  statusIn,
  storedIn,
  type World,
} from './play.ts';
import { sequences } from './sequences.ts';

const RUNS = 1000;
const LENGTH = 100;
const sourceNamed: Readonly<Record<string, string>> = { S: 'SERVICE_PROVIDER', P: 'PLATFORM', C: 'CALL_THRESHOLD' };

/** DOMAIN.md, "Disablements", column "lifted by". */
const mayLift: Readonly<Record<string, readonly string[]>> = {
  org: [],
  provider: ['SERVICE_PROVIDER', 'CALL_THRESHOLD'],
  platform: ['SERVICE_PROVIDER', 'CALL_THRESHOLD', 'PLATFORM'],
  system: [],
};

describe('against a model', () => {
  test('1,000 sequences of 100 commands give the same answers and the same states', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.boolean(), sequences(LENGTH), (isSandbox, steps) => {
        const states = { world: emptyWorld(isSandbox), model: emptyModel(isSandbox) };
        for (const step of steps) {
          const moment = perform(states.world, step);
          const next = nextOf(states.model, step);
          const result = typeof next === 'string' ? next : 'OK';
          states.world = moment.after;
          states.model = typeof next === 'string' ? states.model : { ...states.model, ...next };
          const differences = differencesOf(moment, result, states.model);
          if (differences.length > 0) throw new Error(`${JSON.stringify(step)}: ${differences.join('; ')}`);
          seen.set(`${step.do} ${result}`, (seen.get(`${step.do} ${result}`) ?? 0) + 1);
        }
      }),
      { numRuns: RUNS },
    );
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(RUNS * LENGTH);
    expect([...seen.keys()].sort()).toEqual(everyAnswer.sort());
  });
});

function differencesOf({ result, after }: Moment, expected: string, model: Model): string[] {
  const sources = [...model.disabledBy].map((letter) => sourceNamed[letter] ?? letter);
  if (isLapsed(model)) sources.push('SUBSCRIPTION_EXPIRED');
  const pairs: [string, unknown, unknown][] = [
    ['result', result, expected],
    ['key', keyNameIn(after), model.key],
    ['status', statusIn(after), statusOf(model)],
    ['disabled by', sourcesIn(after).join(), sources.sort().join()],
    ['clock', after.now.getTime() - emptyWorld(false).now.getTime(), model.now],
  ];
  return pairs
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(([what, actual, wanted]) => `${what} is ${actual}, not ${wanted}`);
}

/** Each answer that a step may get; the sequences must come across all of them. */
const everyAnswer = [
  ...answers(
    'add',
    'KEY_EXISTS',
    'KEY_DISABLED',
    'SUBSCRIPTION_REQUIRED',
    'SUBSCRIPTION_NOT_STARTED',
    'SUBSCRIPTION_EXPIRED',
  ),
  ...answers('edit', 'KEY_NOT_FOUND', 'INVALID_KEY_FORMAT', 'KEY_UNCHANGED', 'KEY_NOT_EDITABLE', 'KEY_DISABLED'),
  ...['edit SUBSCRIPTION_NOT_STARTED', 'edit SUBSCRIPTION_EXPIRED'],
  ...answers('regenerate', 'KEY_NOT_FOUND', 'KEY_DISABLED', 'SUBSCRIPTION_NOT_STARTED', 'SUBSCRIPTION_EXPIRED'),
  ...answers('delete', 'KEY_NOT_FOUND', 'KEY_DISABLED', 'SUBSCRIPTION_NOT_STARTED', 'SUBSCRIPTION_EXPIRED'),
  ...answers('reveal', 'KEY_NOT_FOUND'),
  ...answers('disable', 'ALREADY_DISABLED', 'FORBIDDEN', 'NOTE_REQUIRED'),
  ...answers('enable', 'NOT_DISABLED', 'FORBIDDEN', 'NOTE_REQUIRED'),
  ...answers('apply', 'SUBSCRIPTION_EXISTS', 'VALIDATION_FAILED'),
  ...answers('renew', 'SUBSCRIPTION_REQUIRED', 'VALIDATION_FAILED'),
  ...answers('cancel', 'SUBSCRIPTION_REQUIRED', 'SUBSCRIPTION_EXPIRED'),
  ...answers('wait'),
];

function answers(what: Step['do'], ...codes: (typeof errorCodes)[number][]): string[] {
  return ['OK', ...codes].map((code) => `${what} ${code}`);
}

describe('whatever the sequence of commands', () => {
  test('nothing but enable makes a disabled slot work, and nothing but a subscription or the clock an expired one', () => {
    eachMoment(({ step, before, after }) => {
      if (statusIn(before) !== 'DISABLED' || statusIn(after) === 'DISABLED') return;
      if (storedIn(before).length > 0) expect(step.do).toBe('enable');
      else expect(['apply', 'renew', 'wait']).toContain(step.do);
    });
  });

  test('the clock brings an expired slot back only when the next subscription starts', () => {
    eachMoment(({ step, before, after }) => {
      if (step.do !== 'wait' || statusIn(before) !== 'DISABLED' || statusIn(after) === 'DISABLED') return;
      const { startsAt } = subscriptionIn(after);
      expect(before.now < startsAt && startsAt <= after.now).toBe(true);
    });
  });

  test('a disablement is lifted only by enable, and only by those who may lift it', () => {
    eachMoment(({ step, before, after }) => {
      const lifted = storedIn(before).filter((source) => !storedIn(after).includes(source));
      if (lifted.length === 0) return;
      expect(step.do).toBe('enable');
      expect(lifted.filter((source) => !mayLiftIn(step).includes(source))).toEqual([]);
    });
  });

  test('after an enable only those disablements remain that the caller may not lift', () => {
    eachMoment(({ step, before, after, result }) => {
      if (step.do !== 'enable' || result !== 'OK') return;
      expect(storedIn(after)).toEqual(storedIn(before).filter((source) => !mayLiftIn(step).includes(source)));
      expect(storedIn(after).length).toBeLessThan(storedIn(before).length);
    });
  });

  test('a disable adds the caller’s own disablement and keeps every other', () => {
    const own: Readonly<Record<string, string>> = {
      provider: 'SERVICE_PROVIDER',
      platform: 'PLATFORM',
      system: 'CALL_THRESHOLD',
    };
    eachMoment(({ step, before, after, result }) => {
      if (step.do !== 'disable' || result !== 'OK') return;
      expect(storedIn(after)).toEqual([...storedIn(before), own[step.by]]);
      expect(statusIn(after)).toBe('DISABLED');
    });
  });

  test('add, edit, regenerate, delete, reveal, the subscription and the clock leave the disablements that are kept alone', () => {
    eachMoment(({ step, before, after }) => {
      if (step.do !== 'disable' && step.do !== 'enable') expect(storedIn(after)).toEqual(storedIn(before));
    });
  });

  test('disable, enable, reveal, renew and cancel leave the string alone', () => {
    eachMoment(({ step, before, after }) => {
      if (['disable', 'enable', 'reveal', 'renew', 'cancel'].includes(step.do))
        expect(keyNameIn(after)).toBe(keyNameIn(before));
    });
  });

  test('a refused command changes nothing', () => {
    fc.assert(
      fc.property(fc.boolean(), sequences(50), (isSandbox, steps) => {
        const states = { world: emptyWorld(isSandbox) };
        for (const step of steps) {
          const snapshot = structuredClone(states.world);
          const { result, after } = perform(states.world, step);
          expect(states.world).toEqual(snapshot);
          if (result !== 'OK') expect(after).toEqual(snapshot);
          states.world = after;
        }
      }),
    );
  });

  test('while expired nobody adds, edits, regenerates or deletes', () => {
    eachMoment(({ step, before, result }) => {
      const isChange = ['add', 'edit', 'regenerate', 'delete'].includes(step.do);
      if (isChange && sourcesIn(before).includes('SUBSCRIPTION_EXPIRED')) expect(result).not.toBe('OK');
    });
  });

  test('no source disables twice', () => {
    eachMoment(({ after }) => {
      expect(new Set(storedIn(after)).size).toBe(storedIn(after).length);
    });
  });
});

function eachMoment(check: (moment: Moment) => void): void {
  fc.assert(
    fc.property(fc.boolean(), sequences(60), (isSandbox, steps) => {
      for (const moment of play(isSandbox, steps)) check(moment);
    }),
    { numRuns: 200 },
  );
}

function mayLiftIn(step: Step): readonly string[] {
  return 'by' in step ? (mayLift[step.by] ?? []) : [];
}

function subscriptionIn({ slot }: World): { readonly startsAt: Date } {
  if (slot.subscription === null) throw new Error('there is no subscription');
  return slot.subscription;
}
