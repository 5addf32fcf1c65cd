import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';

/**
 * What stands against a command by the word of somebody else's server; null when nothing does. It is asked before the
 * command's transaction begins, which then holds no connection while that server thinks, and for nobody who may not give
 * the command anyway: then what stands against it is that.
 * @param allow throws what refuses the caller; sends its statements at once
 */
export async function askFirst(
  { database, actor }: RequestContext,
  allow: (tx: Tx) => Promise<unknown>,
  ask: () => Promise<DomainError | null>,
): Promise<DomainError | null> {
  try {
    await database.read(actor.scope, allow);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return ask();
}
