import { showFailure } from '../components/toasts.tsx';
import { createStore } from '../store.ts';

/** Under which delegation requests are sent: the right lent by another provider. Forgotten when the page is left. */
export interface ActingUnder {
  readonly id: string;
  readonly serviceProviderName: string;
}

export const delegation = createStore<ActingUnder | null>(null);

/** What a request says of it. */
export function delegationHeaders(lent: ActingUnder | null): Readonly<Record<string, string>> {
  return lent === null ? {} : { 'x-keyward-delegation': lent.id };
}

/** The server takes it no more: either side has ended it, or its time is over. */
export function endDelegation(lent: ActingUnder): void {
  if (delegation.get()?.id !== lent.id) return;
  delegation.set(null);
  const message = `You act on behalf of ${lent.serviceProviderName} no more: the access that it lent has ended.`;
  showFailure({ code: 'DELEGATION_ENDED', message, field: null });
}
