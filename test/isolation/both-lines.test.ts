import { expect } from 'vitest';
import { lookUps, phases, schema } from './cells.ts';
import { describeMatrix } from './describe-matrix.ts';
import { type Coordinate, coordinatesOf } from './schema-fields.ts';

const test = describeMatrix('as the program runs', { services: true, rows: true }, phases);

test('what is in sight is found, or forbidden, and nothing fails', ({ report }) => {
  expect(report.wrongRefusals).toEqual([]);
  expect(report.unforeseen).toEqual([]);
});

test('whatever can be named shows somebody what is theirs', ({ report }) => {
  expect(lookUps().filter((name) => !report.shown.has(name))).toEqual([]);
});

/** What no answer here holds, and why. */
const neverAnswered: Readonly<Record<Coordinate, string>> = {
  'ChangePasswordPayload.message': 'nobody gives their right password',
};

test('every field of the schema has answered with a value', ({ report }) => {
  const silent = coordinatesOf(schema).filter((coordinate) => !report.answered.has(coordinate));
  expect(silent).toEqual(Object.keys(neverAnswered));
});
