import { withReadableTimes } from '../../components/time.ts';

const FINGERPRINT = /^[0-9a-f]{64}$/;
/** Enough to tell two apart. */
const SHOWN_OF_FINGERPRINT = 12;

export interface StateChange {
  readonly name: string;
  /** Null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

function parseState(json: string | null): Readonly<Record<string, unknown>> {
  if (json === null) return {};
  try {
    const state: unknown = JSON.parse(json);
    return typeof state === 'object' && state !== null && !Array.isArray(state) ? { ...state } : { state };
  } catch {
    return { state: json };
  }
}

function inWords(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((each) => String(each)).join(', ');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return FINGERPRINT.test(text) ? `${text.slice(0, SHOWN_OF_FINGERPRINT)}…` : withReadableTimes(text);
}

/** What an event's `before` and `after` say, a line for each of their values: those that moved come first. */
export function changesOf(before: string | null, after: string | null): readonly StateChange[] {
  const [old, now] = [parseState(before), parseState(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names
    .map((name) => ({ name, before: inWords(old[name]), after: inWords(now[name]) }))
    .filter((change) => change.before !== null || change.after !== null)
    .sort((a, b) => Number(a.before === a.after) - Number(b.before === b.after));
}
