import { setTimeout as wait } from 'node:timers/promises';
import { KeywardError } from './keyward-error.ts';

/** One HTTP request. It is made anew for every attempt. */
export interface Outgoing {
  readonly url: string;
  readonly init: RequestInit;
}

export interface Terms {
  readonly fetch: typeof fetch;
  /** How long one attempt may take until its answer begins. */
  readonly timeoutMs: number;
  /** How long it is tried again, all attempts together. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;
const NO_USE_TO_REPEAT = new Set([501, 505]);

/**
 * Sends a request, and again after 429, 5xx or no answer, with longer and longer pauses of random length, or as long as
 * `Retry-After` says.
 * @param mayRepeat false: not when it may have been worked on, so after 429 and a refused connection only
 * @returns the last answer, whatever its status
 * @throws KeywardError `UNAVAILABLE` when the last attempt had none; the signal's reason once it is aborted
 */
export async function sendPatiently(
  make: () => Outgoing | Promise<Outgoing>,
  terms: Terms,
  mayRepeat = true,
): Promise<Response> {
  const until = performance.now() + terms.patienceMs;
  for (let attempt = 0; ; attempt++) {
    const { url, init } = await make();
    const outcome = await sendOnce(url, init, terms);
    const delayMs = isWorthRepeating(outcome, mayRepeat) ? delayBefore(outcome, attempt) : null;
    if (delayMs === null || performance.now() + delayMs > until) {
      if (outcome instanceof Response) return outcome;
      throw new KeywardError('UNAVAILABLE', `${new URL(url).origin} does not answer.`, null, { cause: outcome });
    }
    if (outcome instanceof Response) await discard(outcome);
    await wait(delayMs, undefined, { signal: terms.signal }).catch(() => terms.signal.throwIfAborted());
  }
}

/** @throws the signal's reason once it is aborted */
async function sendOnce(
  url: string,
  init: RequestInit,
  { fetch, timeoutMs, signal }: Terms,
): Promise<Response | Error> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any([signal, late.signal]) });
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer); // what has begun may take as long as it needs
  }
}

function isWorthRepeating(outcome: Response | Error, mayRepeat: boolean): boolean {
  if (!(outcome instanceof Response)) return mayRepeat || neverArrived(outcome);
  const { status, headers } = outcome;
  // The calls of the period are used up: no pause of ours ends that.
  if (status === 429) return headers.get('x-denied-code') !== 'THRESHOLD_EXCEEDED';
  return mayRepeat && status >= 500 && !NO_USE_TO_REPEAT.has(status);
}

function neverArrived({ cause }: Error): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND');
}

/** Random, so that those who were refused together do not come back together. */
function delayBefore(outcome: Response | Error, attempt: number): number {
  const most = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  const random = most * (0.5 + Math.random() / 2);
  return random + (outcome instanceof Response ? retryAfterMs(outcome.headers.get('retry-after')) : 0);
}

/** Whole seconds, or a date. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** Nobody reads it: its connection is given back. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
