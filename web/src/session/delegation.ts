import { createStore } from '../store.ts';

/** Under which delegation requests are sent: the right lent by another provider. Forgotten when the page is left. */
export interface ActingUnder {
  readonly id: string;
  readonly serviceProviderName: string;
}

export const delegation = createStore<ActingUnder | null>(null);
