import { type Finding, ok, problem, warning } from './finding.ts';

/** What became of opening what a key encryption key has wrapped. */
export interface KeyFacts {
  readonly hasKey: boolean;
  /** There is a second one, which `keyward secrets rotate` makes superfluous. */
  readonly hasPreviousKey: boolean;
  readonly opened: number;
  /** How many of them need the previous key. */
  readonly openedByPrevious: number;
  /** Wrapped by a key that is not here, and by how many such keys. */
  readonly foreign: number;
  readonly foreignKeys: number;
  /** Wrapped by a key that is here, and yet they do not open: they were changed. */
  readonly broken: readonly string[];
}

const RESTORE =
  'Set KEYWARD_KEY_ENCRYPTION_KEY (or …_FILE) to the key that this database was set up with. It is not in the backups of the database.';

export function judgeKeys(facts: KeyFacts): Finding[] {
  const check = 'keys';
  if (!facts.hasKey) {
    return [problem(check, 'There is no key encryption key: key strings can be neither read nor written.', RESTORE)];
  }
  const findings: Finding[] = [];
  if (facts.foreign > 0) {
    findings.push(
      problem(
        check,
        `${facts.foreign} of ${facts.opened + facts.foreign + facts.broken.length} stored keys were wrapped by ${facts.foreignKeys === 1 ? 'another key encryption key' : `${facts.foreignKeys} other key encryption keys`}.`,
        `${RESTORE} While it is being replaced, give the old one as KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY.`,
      ),
    );
  }
  if (facts.broken.length > 0) {
    findings.push(
      problem(
        check,
        `Stored keys do not open, so they were changed in the database: ${facts.broken.join(', ')}.`,
        'Restore these rows of data_key or signing_key from a backup, and run `keyward audit verify`.',
      ),
    );
  }
  if (findings.length > 0) return findings;
  if (facts.hasPreviousKey && facts.openedByPrevious > 0) {
    return [
      warning(
        check,
        `${facts.openedByPrevious} of ${facts.opened} stored keys still need the previous key encryption key.`,
        'Run `keyward secrets rotate`, then remove KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY.',
      ),
    ];
  }
  if (facts.hasPreviousKey) {
    return [
      warning(check, 'Nothing needs the previous key encryption key.', 'Remove KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY.'),
    ];
  }
  if (facts.opened === 0) return [ok(check, 'There is a key encryption key, and nothing is wrapped by it yet.')];
  return [ok(check, `The key encryption key opens all ${facts.opened} stored keys.`)];
}
