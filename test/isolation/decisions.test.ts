import { expect, test } from 'vitest';
import { schema } from './cells.ts';
import { decisions } from './decisions.ts';
import { coordinatesToDecide } from './schema-fields.ts';

test('every query, every mutation and every field with arguments has a decision', () => {
  const undecided = coordinatesToDecide(schema).filter((coordinate) => !(coordinate in decisions));
  const howTo = 'Say in test/isolation/decisions/ how it can name a thing of another tenant.';
  expect(undecided, howTo).toEqual([]);
});

test('every decision is about a field that there is', () => {
  const coordinates: string[] = coordinatesToDecide(schema);
  const gone = Object.keys(decisions).filter((coordinate) => !coordinates.includes(coordinate));
  expect(gone, 'Take it out of test/isolation/decisions/.').toEqual([]);
});
