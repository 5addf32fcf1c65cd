import fc from 'fast-check';
import type { Step, Who } from './model.ts';

/** Ends and starts are a few milliseconds apart, so that the clock often stands on one of them exactly. */
const soon = fc.integer({ min: -4, max: 12 });
const later = fc.integer({ min: 1, max: 40 });
const staff = fc.constantFrom<Who>('org', 'provider', 'platform');
const anybody = fc.constantFrom<Who>('org', 'provider', 'platform', 'system');

function weighted(weight: number, arbitrary: fc.Arbitrary<Draft>): fc.WeightedArbitrary<Draft> {
  return { weight, arbitrary };
}

type DistributiveOmit<Type> = Type extends unknown ? Omit<Type, 'key'> : never;
/** A step whose string has no name yet. */
type Draft = DistributiveOmit<Step>;

// DOMAIN.md does not let the system add, edit, regenerate, delete or reveal, and does not say what it would be told.
const draft: fc.Arbitrary<Draft> = fc.oneof(
  weighted(
    3,
    staff.map((by) => ({ do: 'add', by })),
  ),
  weighted(
    2,
    staff.map((by) => ({ do: 'regenerate', by })),
  ),
  weighted(
    4,
    fc
      .tuple(staff, fc.constantFrom('fresh', 'fresh', 'same', 'malformed'))
      .map(([by, input]) => ({ do: 'edit', by, input })),
  ),
  weighted(
    1,
    staff.map((by) => ({ do: 'delete', by })),
  ),
  weighted(
    1,
    staff.map((by) => ({ do: 'reveal', by })),
  ),
  weighted(
    2,
    fc
      .tuple(anybody, fc.boolean(), fc.boolean())
      .map(([by, hasNote, isOther]) => ({ do: 'disable', by, hasNote, isOther })),
  ),
  weighted(
    4,
    fc.tuple(anybody, fc.nat(5)).map(([by, dice]) => ({ do: 'enable', by, hasNote: dice > 0, isOther: false })),
  ),
  weighted(
    2,
    fc.tuple(soon, later).map(([startsIn, lasts]) => ({ do: 'apply', startsIn, endsIn: startsIn + lasts - 2 })),
  ),
  weighted(
    2,
    fc.integer({ min: -2, max: 40 }).map((endsIn) => ({ do: 'renew', endsIn })),
  ),
  weighted(1, fc.constant({ do: 'cancel' })),
  weighted(
    4,
    fc.nat(6).map((ms) => ({ do: 'wait', for: ms })),
  ),
);

/** Exactly this many steps (at most 100), each bringing a string of its own. */
export function sequences(length: number): fc.Arbitrary<Step[]> {
  return fc
    .array(draft, { minLength: length, maxLength: length, size: 'max' })
    .map((drafts) => drafts.map((each, index) => ({ ...each, key: `key ${index}` })));
}
