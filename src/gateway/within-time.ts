import { DomainError } from '../errors.ts';

/** Well below the time-outs of gateways, which then would have to guess. */
const LONGEST_DECISION_MS = 2000;

/** The call must not pass. Whatever was under way may still be counted. */
export function unavailable(): DomainError {
  return new DomainError('DECISION_UNAVAILABLE', 'The call could not be decided in time. Refuse it, and try again.');
}

/**
 * What `work` comes to, or a refusal when that takes too long.
 * @param work is told until when somebody waits for it, in `performance.now()`
 * @throws DomainError `DECISION_UNAVAILABLE`
 */
export function withinTime<Result>(work: (until: number) => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable()), LONGEST_DECISION_MS);
    work(performance.now() + LONGEST_DECISION_MS)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
