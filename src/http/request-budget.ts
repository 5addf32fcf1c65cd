import type { Authenticate } from '../authentication/authenticate.ts';
import type { RequestBudget } from '../authentication/request-budget.ts';

/** `authenticate`, which then takes of the budget of whoever it is. Requests of nobody in particular cost nobody anything. */
export function withRequestBudget(authenticate: Authenticate, budget: RequestBudget): Authenticate {
  return async (credentials, now) => {
    const actor = await authenticate(credentials, now);
    if (actor !== null && actor.id !== null) budget.take(actor.id, now);
    return actor;
  };
}
