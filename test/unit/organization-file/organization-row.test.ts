import { describe, expect, test } from 'vitest';
import { toCsv, withoutMark } from '../../../src/csv.ts';
import type { OrganizationId } from '../../../src/ids.ts';
import { decideRow, type ExistingOrganization } from '../../../src/organization-file/decide-row.ts';
import {
  arrangeCells,
  importColumns,
  parseHeader,
  parseInstant,
  parseRow,
} from '../../../src/organization-file/organization-row.ts';
import { fold } from '../../../src/text.ts';

const NOW = new Date('2026-11-21T08:00:00Z');

/** Cells by the names of their columns. */
function cellsOf(given: Readonly<Record<string, string>>): string[] {
  return importColumns.map((column) => given[column] ?? '');
}

function errorsOf(given: Readonly<Record<string, string>>): unknown[] {
  return (parseRow(7, cellsOf(given)).errors ?? []).map(({ row, column, code }) => [row, column, code]);
}

describe('a header', () => {
  test('may have its columns in any order, and leave out all but the name', () => {
    const header = parseHeader([' plan ', 'name']);
    expect(arrangeCells(['API', 'Alpha'], header)).toEqual(['Alpha', '', 'API', '', '', '', '']);
  });

  test.for([
    [['plan'], 'name'],
    [['name', 'plan', 'plan'], 'plan'],
    [['name', 'Plan'], undefined],
    [['name', ''], undefined],
    [[], 'name'],
  ] as const)('%j is refused', ([cells, column]) => {
    expect(() => parseHeader(cells)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
    try {
      parseHeader(cells);
    } catch (error) {
      expect(Object(error).field?.[0]).toBe(column);
    }
  });
});

describe('a row', () => {
  test('says all that its cells say', () => {
    const given = {
      name: ' Alpha ',
      externalId: 'A-1',
      plan: 'API',
      startsAt: '2026-01-01',
      endsAt: '2027-01-01T00:00:00+02:00',
      callThreshold: '100',
      thresholdPeriod: 'DAY',
    };
    expect(parseRow(7, cellsOf(given)).organization).toEqual({
      row: 7,
      name: 'Alpha',
      externalId: 'A-1',
      subscription: {
        plan: 'API',
        startsAt: new Date('2026-01-01T00:00:00Z'),
        endsAt: new Date('2026-12-31T22:00:00Z'),
        callThreshold: 100,
        thresholdPeriod: 'DAY',
      },
    });
  });

  test('without a word of a subscription has none', () => {
    expect(parseRow(2, cellsOf({ name: 'Alpha' })).organization).toEqual({
      row: 2,
      name: 'Alpha',
      externalId: null,
      subscription: null,
    });
  });

  const good = { name: 'Alpha', plan: 'API', endsAt: '2100-01-01' };
  test.for<[Record<string, string>, (string | null)[]]>([
    [{ name: '' }, ['name']],
    [{ name: 'x'.repeat(201) }, ['name']],
    [{ name: 'two\nlines' }, ['name']],
    [{ externalId: 'x'.repeat(101) }, ['externalId']],
    [{ plan: '' }, ['plan']],
    [{ plan: 'x'.repeat(101) }, ['plan']],
    [{ endsAt: '' }, ['endsAt']],
    [{ startsAt: 'tomorrow' }, ['startsAt']],
    [{ callThreshold: '1.5' }, ['callThreshold']],
    [{ callThreshold: '-1' }, ['callThreshold']],
    [{ callThreshold: '2147483648' }, ['callThreshold']],
    [{ thresholdPeriod: 'day' }, ['thresholdPeriod']],
    [{ name: '', startsAt: 'x', endsAt: 'y' }, ['name', 'startsAt', 'endsAt']],
  ])('with %j is refused, with every error', ([more, columns]) => {
    expect(errorsOf({ ...good, ...more })).toEqual(columns.map((column) => [7, column, 'VALIDATION_FAILED']));
  });
});

test.for<[string, string | null]>([
  ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  ['2026-11-21T08:00:00Z', '2026-11-21T08:00:00.000Z'],
  ['2026-11-21t08:00:00.25z', '2026-11-21T08:00:00.250Z'],
  ['2026-11-21T00:00:00-01:30', '2026-11-21T01:30:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-02-29', null],
  ['2026-02-30T00:00:00Z', null],
  ['2026-13-01', null],
  ['2026-11-21T08:00:00', null],
  ['2026-11-21 08:00:00Z', null],
  ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31', '9999-12-31T00:00:00.000Z'],
  ['0000-12-31', null],
  ['9999-12-31T23:59:59-00:01', null],
  ['21.11.2026', null],
  ['+012026-11-21', null],
  ['', null],
])('the instant %j is %s', ([text, instant]) => {
  const parse = () => parseInstant('endsAt', text).toISOString();
  if (instant === null) expect(parse).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
  else expect(parse()).toBe(instant);
});

describe('the decision on a row', () => {
  const id = (text: string) => text as OrganizationId;
  const term = { plan: 'API', startsAt: new Date('2026-01-01'), endsAt: new Date('2026-06-01') };
  const threshold = { callThreshold: 10, thresholdPeriod: 'DAY' } as const;
  const there: ExistingOrganization[] = [
    { organizationId: id('alpha'), name: 'Alpha', externalId: 'A', subscription: { ...term, ...threshold } },
    { organizationId: id('beta'), name: 'Beta', externalId: null, subscription: null },
  ];
  const existing = {
    byExternalId: (externalId: string) => there.find((organization) => organization.externalId === externalId),
    byFoldedName: (folded: string) => there.find(({ name }) => fold(name) === folded),
  };
  const subscribed = {
    plan: 'API',
    startsAt: '2026-01-01',
    endsAt: '2026-06-01',
    callThreshold: '10',
    thresholdPeriod: 'DAY',
  };

  test.for<[Record<string, string>, string]>([
    [{ name: 'New' }, 'CHANGED'],
    [{ name: 'New', externalId: 'N', plan: 'API', endsAt: '2100-01-01' }, 'CHANGED'],
    [{ name: 'New', plan: 'API', endsAt: '2026-06-01' }, 'VALIDATION_FAILED endsAt'],
    [{ name: 'New', plan: 'API', endsAt: '2100-01-01', callThreshold: '5' }, 'VALIDATION_FAILED thresholdPeriod'],
    [
      { name: 'New', plan: 'API', endsAt: '2100-01-01', callThreshold: '0', thresholdPeriod: 'DAY' },
      'VALIDATION_FAILED callThreshold',
    ],
    [{ name: 'Alpha', externalId: 'A', ...subscribed }, 'UNCHANGED'], // although it has ended
    [{ name: 'Alpha', externalId: 'A', ...subscribed, startsAt: '' }, 'UNCHANGED'],
    [{ name: 'Alpha', externalId: 'A' }, 'UNCHANGED'],
    [{ name: 'Beta' }, 'UNCHANGED'],
    [{ name: 'Other', externalId: 'A' }, 'DUPLICATE_NAME name'],
    [{ name: 'alpha', externalId: 'A' }, 'DUPLICATE_NAME name'],
    [{ name: 'Alpha', externalId: 'B' }, 'DUPLICATE_NAME name'],
    [{ name: 'Alpha' }, 'DUPLICATE_NAME externalId'],
    [{ name: 'BETA' }, 'DUPLICATE_NAME name'],
    [{ name: 'Beta', plan: 'API', endsAt: '2100-01-01' }, 'SUBSCRIPTION_REQUIRED plan'],
    [{ name: 'Alpha', externalId: 'A', ...subscribed, plan: 'Other' }, 'SUBSCRIPTION_EXISTS plan'],
    [{ name: 'Alpha', externalId: 'A', ...subscribed, startsAt: '2026-01-02' }, 'SUBSCRIPTION_EXISTS startsAt'],
    [{ name: 'Alpha', externalId: 'A', ...subscribed, endsAt: '2026-06-02' }, 'SUBSCRIPTION_EXISTS endsAt'],
    [{ name: 'Alpha', externalId: 'A', ...subscribed, callThreshold: '11' }, 'SUBSCRIPTION_EXISTS callThreshold'],
    [{ name: 'Alpha', externalId: 'A', ...subscribed, thresholdPeriod: 'HOUR' }, 'SUBSCRIPTION_EXISTS thresholdPeriod'],
  ])('%j is %s', ([cells, expected]) => {
    const { organization } = parseRow(2, cellsOf(cells));
    if (organization === undefined) throw new Error('it is well-formed');
    const decision = decideRow(organization, existing, NOW);
    const { outcome } = decision;
    expect(outcome === 'REFUSED' ? `${decision.errors[0].code} ${decision.errors[0].column}` : outcome).toBe(expected);
  });
});

test.for(['=1', '+1', '-1', '@x', '\t=1', '\n=1', "'=1", "''=1", '＝1', 'plain', "it's", '-'])(
  'a cell %j is no formula in a file, and comes back',
  (text) => {
    const written = toCsv([[text]])
      .replace(/\r\n$/, '')
      .replace(/^"|"$/g, '');
    expect(written).not.toMatch(/^[=+\-@\t\r\n\uff1d]/);
    expect(withoutMark(written)).toBe(text);
  },
);
