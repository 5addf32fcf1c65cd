import { createHash } from 'node:crypto';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { fold } from '../text.ts';

const WINDOW_MS = 60_000;

const begin = statement<{ readonly points: number }>(
  'api_wrong_key.begin',
  `insert into rate_limit as r (key, points, expire) values ($1, 0, $2::bigint)
   on conflict (key) do update set points = case when r.expire <= $3 then 0 else r.points end,
     expire = case when r.expire <= $3 then $2::bigint else r.expire end
   returning points`,
);

/**
 * How many wrong keys were tried with this name and its password within a minute. Whoever tries another one waits for the end
 * of this transaction: a burst is counted one by one.
 */
export async function beginGuess(tx: Tx, username: string, now: Date): Promise<number> {
  const ms = now.getTime();
  return (await tx.row(begin, [keyOf(username), ms + WINDOW_MS, ms])).points;
}

const count = statement<never>('api_wrong_key.count', 'update rate_limit set points = points + $2 where key = $1');

/** A failure of another kind takes the same work, and counts nothing. */
export async function countGuess(tx: Tx, username: string, isOnlyKeyWrong: boolean): Promise<void> {
  await tx.count(count, [keyOf(username), isOnlyKeyWrong ? 1 : 0]);
}

/** Names are kept as digests only: what was typed as a name may be a password. */
function keyOf(username: string): string {
  return `api_wrong_key:${createHash('sha256').update(fold(username)).digest('base64url')}`;
}
