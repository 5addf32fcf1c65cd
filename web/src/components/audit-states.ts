import { wholeNumber, withReadableTimes } from './time.ts';

const FINGERPRINT = /^[0-9a-f]{64}$/;
/** Enough to tell two apart. */
const SHOWN_OF_FINGERPRINT = 12;
/** Their values are the API's own names; a name in capitals is as somebody has typed it. */
const coded: readonly string[] = ['kind', 'status', 'disabledBy', 'disabledReason', 'thresholdPeriod', 'atomicity'];

/** One of the values that an event of the audit trail tells of before and after. */
export interface AuditedValue {
  readonly label: string;
  /** Null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** Both states are told, and differ in it. Of what came, went or was only shown there is one. */
  readonly hasMoved: boolean;
}

/** In fingerprints and states, never a string: those that moved come first. */
export function auditedValues(before: string | null, after: string | null): readonly AuditedValue[] {
  const [old, now] = [parsed(before), parsed(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names
    .map((name) => {
      const [was, is] = [inWords(name, old[name]), inWords(name, now[name])];
      return {
        label: labelOf(name),
        before: was,
        after: is,
        hasMoved: before !== null && after !== null && was !== is,
      };
    })
    .filter((value) => value.before !== null || value.after !== null)
    .sort((a, b) => Number(b.hasMoved) - Number(a.hasMoved));
}

function parsed(state: string | null): Readonly<Record<string, unknown>> {
  if (state === null) return {};
  try {
    const json: unknown = JSON.parse(state);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : { state: json };
  } catch {
    return { state };
  }
}

/** `callThreshold` is "Call threshold". */
function labelOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function inWords(name: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((each) => inWords(name, each)).join(', ');
  if (typeof value === 'number') return wholeNumber(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (FINGERPRINT.test(text)) return `${text.slice(0, SHOWN_OF_FINGERPRINT)}…`;
  return coded.includes(name) ? text.toLowerCase().replaceAll('_', ' ') : withReadableTimes(text);
}
