import { useEffect } from 'react';
import { tidings } from './revision.ts';

/** For what is no event of its own: while the tab is looked at, what is on the screen looks again. @param afterMs null: not now */
export function useLookAgain(afterMs: number | null): void {
  useEffect(() => {
    if (afterMs === null) return;
    const look = () => document.visibilityState === 'visible' && tidings.set(tidings.get() + 1);
    const timer = setInterval(look, afterMs);
    return () => clearInterval(timer);
  }, [afterMs]);
}
