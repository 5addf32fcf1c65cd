import { type Finding, ok, orOk, problem, warning } from './finding.ts';

/** A job is taken within moments while any process is free. */
const LONGEST_WAIT_SECONDS = 60;
/** Jobs come due once a minute. */
const LATE_AFTER_SECONDS = 180;

export interface QueueFacts {
  readonly waiting: number;
  /** How long the oldest of them could have been taken; null when none waits. */
  readonly oldestSeconds: number | null;
  /** What gave up, by what it was to do. */
  readonly failedTasks: readonly string[];
}

const START =
  'Start `keyward serve` with the role `worker` or `all`, or more of them; their log says what holds them up.';

export function judgeQueue({ waiting, oldestSeconds, failedTasks }: QueueFacts): Finding[] {
  const check = 'queue';
  const findings: Finding[] = [];
  if (oldestSeconds !== null && oldestSeconds > LONGEST_WAIT_SECONDS) {
    findings.push(problem(check, `${waiting} jobs wait, the oldest for ${Math.round(oldestSeconds)} s.`, START));
  }
  if (failedTasks.length > 0) {
    findings.push(
      warning(
        check,
        `${failedTasks.length} jobs gave up: ${[...new Set(failedTasks)].join(', ')}.`,
        'The log says why ("job queue"). What is left to do is put in line again by itself; be rid of these by "DELETE FROM graphile_worker._private_jobs WHERE attempts >= max_attempts AND locked_at IS NULL".',
      ),
    );
  }
  return orOk(findings, check, waiting === 0 ? 'No job waits.' : `${waiting} jobs wait, none of them long.`);
}

/** @param oldestSeconds how long the oldest event waits that is in no chain yet */
export function judgeTrail(oldestSeconds: number): Finding {
  const check = 'audit trail';
  if (oldestSeconds <= LONGEST_WAIT_SECONDS) return ok(check, 'Every event is in its chain, or is about to be.');
  const message = `The oldest event that is in no chain waits for ${Math.round(oldestSeconds)} s; webhooks, mails and live events wait with it.`;
  return problem(
    check,
    message,
    'Start `keyward serve` with the role `worker` or `all`; where one runs, its log says why ("sealing the audit trail").',
  );
}

export interface ScheduleFacts {
  readonly jobs: readonly {
    readonly name: string;
    /** Since it was last put in line; null: it never was. */
    readonly queuedSeconds: number | null;
    /** Whether the last run that ended has failed. */
    readonly isFailing: boolean;
  }[];
  /** Whether any Keyward is connected to the database. */
  readonly isServed: boolean;
}

export function judgeSchedule({ jobs, isServed }: ScheduleFacts): Finding[] {
  const check = 'scheduled jobs';
  if (jobs.length === 0) return [ok(check, 'No server has been started yet.')];
  const failing = jobs.filter(({ isFailing }) => isFailing).map(({ name }) => name);
  const findings: Finding[] = [];
  if (failing.length > 0) {
    findings.push(
      problem(
        check,
        `The last run failed of ${failing.join(', ')}.`,
        'They are tried again each minute. The log says why: look for "a scheduled job failed".',
      ),
    );
  }
  const everQueued = jobs.flatMap(({ queuedSeconds }) => queuedSeconds ?? []);
  const sinceSeconds = Math.min(...everQueued);
  if (everQueued.length > 0 && sinceSeconds > LATE_AFTER_SECONDS) {
    const message = `What is due each minute was last looked at ${Math.round(sinceSeconds)} s ago`;
    findings.push(
      isServed
        ? problem(check, `${message}, although servers are connected.`, START)
        : warning(check, `${message}: no server is running.`, 'Start `keyward serve`.'),
    );
  }
  return orOk(findings, check, `${jobs.length} jobs run each minute, and none of them failed.`);
}
