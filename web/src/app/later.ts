import { useEffect, useState } from 'react';

const LONGEST_MS = 2000;

/** Parts that the first screen does without: they are at hand by the time that somebody wants them. */
export function whenIdle(load: () => Promise<unknown>): () => void {
  const go = () => void load().catch(() => undefined); // whoever opens it then is told
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(go, LONGEST_MS);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(go, { timeout: LONGEST_MS });
  return () => cancelIdleCallback(handle);
}

/** Whether it is or was open: from then on it stays, so that it can close as it opened. */
export function useHasBeen(isOpen: boolean): boolean {
  const [hasBeen, setHasBeen] = useState(isOpen);
  if (isOpen && !hasBeen) setHasBeen(true);
  return isOpen || hasBeen;
}

/** Closed at first, so that a dialog that came with its first opening still sees itself open, and gives the focus back. */
export function useOpening(isOpen: boolean): boolean {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => setIsShown(isOpen), [isOpen]);
  return isShown;
}
