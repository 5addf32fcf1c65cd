import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../context.ts';
import { recordAudit } from './record-audit.ts';

/** Of one actor and one thing: reading is cheap to repeat, and the trail is not to be filled by it. */
const ONCE_IN_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/** @param target the id of one thing that was asked for; null: of several, or of none */
export type RecordRefusedReads = (
  ctx: RequestContext,
  what: readonly string[],
  target?: string | null,
) => Promise<void>;

/**
 * @returns a function that writes down that an actor asked for what they may not read; the same again within a minute is
 * not written again by this process. What it is told are names of the schema, never anything that a client made up.
 */
export function createRefusedReads(): RecordRefusedReads {
  const recorded = new LRUCache<string, true>({ max: MOST_REMEMBERED, ttl: ONCE_IN_MS });
  return async (ctx, what, target = null) => {
    const { actor } = ctx;
    const keyOf = (name: string) => [actor.id, actor.onBehalfOf, name, target].join('|');
    const names = [...new Set(what)].filter((name) => !recorded.has(keyOf(name))).sort();
    if (names.length === 0) return;
    for (const name of names) recorded.set(keyOf(name), true);
    await ctx.database.withTransaction(actor.scope, (tx) =>
      recordAudit(tx, ctx, {
        action: 'query.read',
        subject: actor.home,
        target,
        result: 'FORBIDDEN',
        before: null,
        after: null,
        note: names.join(', '),
      }),
    );
  };
}
