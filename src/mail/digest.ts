import { HOUR_MS, periodAt } from '../usage/usage-window.ts';

export const mailDigests = ['IMMEDIATE', 'HOURLY', 'DAILY'] as const;
export type MailDigest = (typeof mailDigests)[number];

const MINUTE_MS = 60_000;
/** Of the day, in UTC. */
const DAILY_AT_MS = 6 * HOUR_MS;
const PAUSES_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS];
const LONGEST_PAUSE_MS = HOUR_MS;
/** An address that was refused for so long is left alone. */
const LONGEST_REFUSING_MS = 72 * HOUR_MS;

/**
 * When something that has just been seen is to be told of.
 * @param pauseMs between two mails to whoever wants them at once: what happens in it comes with the next
 */
export function dueAtOf(digest: MailDigest, lastSentAt: Date | null, pauseMs: number, now: Date): Date {
  switch (digest) {
    case 'IMMEDIATE': {
      // A mail of the future was sent before the clock was set back.
      const isKnown = lastSentAt !== null && lastSentAt <= now;
      return isKnown ? new Date(Math.max(now.getTime(), lastSentAt.getTime() + pauseMs)) : now;
    }
    case 'HOURLY':
      return periodAt('HOUR', now).endsAt;
    case 'DAILY': {
      const day = periodAt('DAY', new Date(now.getTime() - DAILY_AT_MS));
      return new Date(day.endsAt.getTime() + DAILY_AT_MS);
    }
  }
}

/** When to try again. The server may be away for as long as it likes: nothing is given up, it only grows. @param attempts made so far */
export function retryAt(attempts: number, now: Date): Date {
  return new Date(now.getTime() + (PAUSES_MS[attempts - 1] ?? LONGEST_PAUSE_MS));
}

/** Whether an address that has just been refused again is to be left alone. */
export function isRefusedForLong(failingSince: Date | null, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() >= LONGEST_REFUSING_MS;
}
