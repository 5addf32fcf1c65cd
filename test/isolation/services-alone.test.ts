import { expect } from 'vitest';
import { describeMatrix } from './describe-matrix.ts';

const test = describeMatrix('with row-level security off', { services: true, rows: false }, ['READS', 'HIDDEN']);

test('what is in sight is found, or forbidden, and nothing fails', ({ report }) => {
  expect(report.wrongRefusals).toEqual([]);
  expect(report.unforeseen).toEqual([]);
});
