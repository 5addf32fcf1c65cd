import { sessionState } from '../session/session-state.ts';

/** Until somebody has signed in, or nobody waits any more. */
export function untilSignedIn(signal: AbortSignal): Promise<void> {
  return until(() => sessionState.get() === 'SIGNED_IN', sessionState.subscribe, signal);
}

/** Until the tab is looked at, or nobody waits any more. */
export function untilLookedAt(signal: AbortSignal): Promise<void> {
  return until(() => document.visibilityState === 'visible', onVisibility, signal);
}

export function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

function until(
  isSo: () => boolean,
  subscribe: (listener: () => void) => () => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo() && !signal.aborted) return;
      stop();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const stop = subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}
