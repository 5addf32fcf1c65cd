import pg from 'pg';
import type { Logger } from 'pino';
import { currentDoing, failureOf } from '../watching/current.ts';
import { Samples } from '../watching/samples.ts';

/** After another one of its transaction had failed: that one tells. */
const TRANSACTION_ABORTED = '25P02';
/** What the program has an answer to: an index or a foreign key refused, tried again, or told to be busy. */
const FORESEEN = /^(23...|40001|40P01|55P03)$/;

/** Knows when the statements of one connection were begun, which the server works off one after the other. */
export interface Pace {
  lastAnsweredAt: number;
}

/**
 * Tells the log of statements that take long or fail, a sample of each, and traces of all. Of a statement only its name is
 * told: its values are nobody's business.
 */
export class StatementWatch {
  readonly #log: Logger;
  readonly #slowMs: number;
  readonly #slow = new Samples();
  readonly #failed = new Samples();

  /** @param slowMs a statement that takes longer is slow */
  constructor(log: Logger, slowMs: number) {
    this.#log = log;
    this.#slowMs = slowMs;
  }

  async run<Result>(name: string, pace: Pace, send: () => Promise<Result>): Promise<Result> {
    const sentAt = performance.now();
    const span = currentDoing()?.span?.child(name, { kind: 'CLIENT', attributes: { 'db.system.name': 'postgresql' } });
    try {
      const result = await send();
      this.#answered(name, pace, sentAt);
      span?.end();
      return result;
    } catch (error) {
      this.#refused(name, error, this.#durationMs(pace, sentAt));
      span?.end(failureOf(error));
      throw error;
    }
  }

  /** Several are sent at once: what one waits for another is not its own. */
  #durationMs(pace: Pace, sentAt: number): number {
    const now = performance.now();
    const durationMs = now - Math.max(sentAt, pace.lastAnsweredAt);
    pace.lastAnsweredAt = now;
    return durationMs;
  }

  #answered(statement: string, pace: Pace, sentAt: number): void {
    const durationMs = this.#durationMs(pace, sentAt);
    if (durationMs < this.#slowMs) return;
    const sample = this.#slow.take(statement);
    if (sample !== null) {
      this.#log.warn({ statement, durationMs: Math.round(durationMs), ...sample }, 'a statement took long');
    }
  }

  #refused(statement: string, error: unknown, durationMs: number): void {
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
    if (code === TRANSACTION_ABORTED) return;
    const sample = this.#failed.take(`${statement} ${code}`);
    if (sample === null) return;
    const told = { statement, err: error, durationMs: Math.round(durationMs), ...sample };
    if (FORESEEN.test(code)) this.#log.info(told, 'a statement was refused');
    else this.#log.warn(told, 'a statement failed');
  }
}
