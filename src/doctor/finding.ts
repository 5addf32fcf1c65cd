/** What `keyward doctor` looks at, in this order. */
export const checks = [
  'configuration',
  'database',
  'migrations',
  'roles',
  'clock',
  'keys',
  'queue',
  'scheduled jobs',
  'audit trail',
] as const;
export type Check = (typeof checks)[number];

/** Of a warning Keyward works all the same; of a problem something does not, or is not safe. */
export type FindingStatus = 'OK' | 'WARNING' | 'PROBLEM' | 'NOT_CHECKED';

/** One thing that was looked at. Neither text has a secret in it. */
export interface Finding {
  readonly check: Check;
  readonly status: FindingStatus;
  readonly message: string;
  /** What to do; null where nothing is to be done. */
  readonly advice: string | null;
}

export function ok(check: Check, message: string): Finding {
  return { check, status: 'OK', message, advice: null };
}

export function warning(check: Check, message: string, advice: string): Finding {
  return { check, status: 'WARNING', message, advice };
}

export function problem(check: Check, message: string, advice: string): Finding {
  return { check, status: 'PROBLEM', message, advice };
}

/** A refusal to start: its one line says what is wrong, and after a colon what to do. */
export function problemOf(check: Check, line: string): Finding {
  const [, message = '', advice = ''] = /^(.*?[^:]): ([^:].*)$/.exec(line) ?? [];
  if (message === '') return problem(check, line, 'Correct that, then run this again.');
  return problem(check, `${message}.`, `${advice.charAt(0).toUpperCase()}${advice.slice(1)}`);
}

/** The one that is about to be made. */
export function nextCheck(findings: readonly Finding[]): Check {
  const found = new Set(findings.map(({ check }) => check));
  return checks.find((check) => !found.has(check)) ?? 'configuration';
}

export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => checks.indexOf(one.check) - checks.indexOf(other.check));
}

/** Those that nothing was found out about, since something before them is missing. */
export function notChecked(findings: readonly Finding[], reason: string): Finding[] {
  const found = new Set(findings.map(({ check }) => check));
  const left = checks.filter((check) => !found.has(check));
  return left.map((check) => ({ check, status: 'NOT_CHECKED', message: reason, advice: null }));
}

/** The check that all is well with, unless there is something to tell of it. */
export function orOk(findings: readonly Finding[], check: Check, message: string): Finding[] {
  return findings.length === 0 ? [ok(check, message)] : [...findings];
}

export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'PROBLEM');
}
