import { createStore, useStore } from '../store.ts';
import { dateOnly, exactTime, relativeTime } from './time.ts';

const TICK_MS = 30_000;
const clock = createStore(Date.now());
setInterval(() => clock.set(Date.now()), TICK_MS);

/** The time, kept fresh enough for what the eye can tell. */
export function useNow(): number {
  return useStore(clock);
}

/** The exact UTC time on hover, and for screen readers. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow();
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}

/** "21 Nov 2026", with the exact UTC time on hover. */
export function DateOnly({ at }: { readonly at: string }) {
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(time)}>
      {dateOnly(time)}
    </time>
  );
}
