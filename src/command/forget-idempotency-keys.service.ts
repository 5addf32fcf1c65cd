import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { deleteOldIdempotencyKeys } from './idempotency.repository.ts';

/** A month longer than an operation may be planned ahead: sent again after it has run, its command must not be done again. */
const KEPT_FOR_MS = 400 * 24 * 3600 * 1000;
const BATCH = 5000;

/** A command that is sent again is known for more than a year (ADR 46). */
export async function forgetIdempotencyKeys({ database }: Services, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_FOR_MS);
  const forget = () => database.withTransaction(PLATFORM_SCOPE, (tx) => deleteOldIdempotencyKeys(tx, before, BATCH));
  while ((await forget()) === BATCH) {
    // until none is left
  }
}
