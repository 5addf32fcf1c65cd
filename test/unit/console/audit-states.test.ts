import { expect, test } from 'vitest';
import { auditedValues } from '../../../web/src/components/audit-states.ts';

const disabled = { kind: 'CLOUD_SERVICE', status: 'DISABLED', disabledBy: ['SERVICE_PROVIDER', 'PLATFORM'] };
const enabled = { kind: 'CLOUD_SERVICE', status: 'ENABLED', disabledBy: [] };

function told(before: object | null, after: object | null) {
  const text = (state: object | null) => (state === null ? null : JSON.stringify(state));
  return auditedValues(text(before), text(after));
}

test('what moved comes first, with what it was', () => {
  expect(told(enabled, disabled)).toEqual([
    { label: 'Status', before: 'enabled', after: 'disabled', hasMoved: true },
    { label: 'Disabled by', before: null, after: 'service provider, platform', hasMoved: true },
    { label: 'Kind', before: 'cloud service', after: 'cloud service', hasMoved: false },
  ]);
});

test('a state that stands alone is told, and is no change: of what was deleted, or only shown', () => {
  expect(told({ name: 'Sign-in of Northwind', isEnabled: true }, null)).toEqual([
    { label: 'Name', before: 'Sign-in of Northwind', after: null, hasMoved: false },
    { label: 'Is enabled', before: 'true', after: null, hasMoved: false },
  ]);
});

test('times are exact, numbers have separators, and of a fingerprint there is enough to tell two apart', () => {
  const after = {
    endsAt: '2026-11-21T00:00:00.000Z',
    callThreshold: 12_000,
    fingerprint: '0123456789abcdef'.repeat(4),
  };
  expect(told(null, after).map(({ label, after: value }) => `${label}: ${value}`)).toEqual([
    'Ends at: 2026-11-21 00:00 UTC',
    'Call threshold: 12,000',
    'Fingerprint: 0123456789ab…',
  ]);
});

test('a name in capitals is told as somebody has typed it', () => {
  expect(told(null, { name: 'ACME', plan: 'GOLD' }).map(({ after }) => after)).toEqual(['ACME', 'GOLD']);
});

test('what is no state is told as it is', () => {
  expect(auditedValues('not JSON', null)).toEqual([
    { label: 'State', before: 'not JSON', after: null, hasMoved: false },
  ]);
  expect(auditedValues(null, null)).toEqual([]);
});
