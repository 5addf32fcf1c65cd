import { describe, expect, test } from 'vitest';
import { exportFormats } from '../../../src/audit/audit-export.type.ts';
import type { AuditEvent } from '../../../src/audit/list-audit-events.ts';
import { type Id, PLATFORM_ROOT_ID } from '../../../src/ids.ts';

const event: AuditEvent = {
  rootProviderId: PLATFORM_ROOT_ID,
  id: '01939c2e-5c00-7000-8000-000000000002' as Id<'AuditEvent'>,
  at: new Date('2026-11-21T03:17:27.677Z'),
  action: 'auth.login',
  actorId: null,
  actorName: 'Ada',
  actorRole: null,
  onBehalfOf: null,
  organizationId: null,
  result: 'OK',
  before: null,
  after: null,
  note: null,
  ipAddress: null,
  requestId: null,
};

function cellsOf(note: string): string {
  const line = exportFormats.csv.lines([{ ...event, note }]);
  const [, cells = ''] = /,OK,,,([\s\S]*),,\r\n$/.exec(line) ?? [];
  return cells;
}

describe('a cell of the CSV', () => {
  test.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
    'is no formula: %j',
    (note) => {
      expect(cellsOf(note).replace(/^"/, '')).toMatch(/^'/);
      expect(cellsOf(note)).toContain(note);
    },
  );

  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['a\r\nb', '"a\r\nb"'],
    ["it's 1=1", "it's 1=1"],
    ['', ''],
  ])('is quoted where it must be: %j', (note, cells) => {
    expect(cellsOf(note)).toBe(cells);
  });
});

test('a line of the NDJSON is one line, whatever is in it', () => {
  const note = 'one\ntwo\u2028three "four"';
  const line = exportFormats.ndjson.lines([{ ...event, note }]);
  expect(line.endsWith('}\n')).toBe(true);
  expect(line.trimEnd()).not.toContain('\n');
  expect(JSON.parse(line)).toMatchObject({
    at: '2026-11-21T03:17:27.677Z',
    note,
    actor: { id: null, displayName: 'Ada' },
  });
});
