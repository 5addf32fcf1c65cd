import type { Services } from './context.ts';

/**
 * Does some work for one after the other. What fails for one is logged, and holds up none of the others.
 * @param what names the work in the log, and so does each item: it is what the work is found by, and no secret
 * @throws the first failure, so that it is known to be unfinished: in the end, or at once when the database is away
 */
export async function eachAlone<Item>(
  { database, log }: Services,
  what: string,
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for await (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (database.isAway(error)) throw error;
      failures.push(error);
      log.error({ err: error, of: item }, `${what} failed; it is tried again`);
    }
  }
  if (failures.length > 0) throw failures[0];
}
