import { dateOnly, wholeNumber } from '../../../components/time.ts';

export interface Change {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

const labels: Readonly<Record<string, string>> = {
  kind: 'Kind',
  status: 'Status',
  fingerprint: 'Fingerprint',
  disabledBy: 'Disabled by',
  plan: 'Plan',
  startsAt: 'Starts',
  endsAt: 'Ends',
  callThreshold: 'Calls allowed',
  thresholdPeriod: 'In each',
  name: 'Name',
  externalId: 'External id',
};
const SHOWN_OF_FINGERPRINT = 12;

function parsed(state: string | null): Readonly<Record<string, unknown>> {
  if (state === null) return {};
  try {
    const json: unknown = JSON.parse(state);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}

function inWords(name: string, value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'nobody' : value.map(capitals).join(', ');
  if (typeof value === 'number') return wholeNumber(value);
  if (typeof value !== 'string') return String(value);
  if (name === 'fingerprint')
    return value.length > SHOWN_OF_FINGERPRINT ? `${value.slice(0, SHOWN_OF_FINGERPRINT)}…` : value;
  if (name.endsWith('At') && !Number.isNaN(Date.parse(value))) return dateOnly(Date.parse(value));
  return capitals(value);
}

/** `SERVICE_PROVIDER` is "service provider". */
function capitals(value: unknown): string {
  const text = String(value);
  return /^[A-Z][A-Z_]+$/.test(text) ? text.toLowerCase().replaceAll('_', ' ') : text;
}

/** What an event changed, in the audit trail's own words: fingerprints and states, never a string. */
export function changesOf(before: string | null, after: string | null): readonly Change[] {
  if (after === null) return [];
  const [old, now] = [parsed(before), parsed(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => name !== 'version' && JSON.stringify(old[name] ?? null) !== JSON.stringify(now[name] ?? null))
    .map((name) => ({
      label: labels[name] ?? name,
      before: inWords(name, old[name]),
      after: inWords(name, now[name]),
    }));
}
