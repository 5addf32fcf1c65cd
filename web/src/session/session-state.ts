import { createStore } from '../store.ts';

/** `ENDED`: somebody was signed in, and what they were doing is still on the screen. */
export type SessionState = 'UNKNOWN' | 'SIGNED_OUT' | 'SIGNED_IN' | 'ENDED';

export const sessionState = createStore<SessionState>('UNKNOWN');
