import { expect, test } from 'vitest';
import { parseAuditExport } from '../../src/audit/audit-export.input.ts';
import { parseFleetExport } from '../../src/fleet/fleet-export.input.ts';
import { DateTimeScalar } from '../../src/graphql/date-time.ts';
import { parseInstant } from '../../src/organization-file/organization-row.ts';

/** Wherever an instant comes in from outside. */
const doors: Readonly<Record<string, (text: string) => Date | null>> = {
  GraphQL: (text) => DateTimeScalar.parseValue(text),
  'the export of the trail': (since) => parseAuditExport({ since }).filter.since,
  'the export of the fleet': (keyModifiedSince) => parseFleetExport({ keyModifiedSince }).filter.keyModifiedSince,
  'a file of organizations': (text) => parseInstant('startsAt', text),
};

test.each(Object.entries(doors))('%s takes the years 1 to 9999', (_, parse) => {
  for (const text of ['0001-01-01T00:00:00.000Z', '0999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'])
    expect(parse(text)?.toISOString()).toBe(text);
  for (const text of ['0000-12-31T23:59:59.999Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'])
    expect(() => parse(text), text).toThrow(/must be|outside 1 to 9999/);
});
