import { isAsked } from '../components/is-asked.ts';
import { subscribe } from '../graphql/event-stream.ts';
import { tidings } from '../graphql/revision.ts';
import { onVisibility } from '../graphql/until.ts';
import { LiveEventsDocument } from './live.graphql.ts';

/** However much happens: what is on the screen looks again at most so often. */
const AT_MOST_EVERY_MS = 3_000;
/** So soon after the beginning nothing has happened that is not on the screen. */
const AT_ONCE_MS = 10_000;

/**
 * Lets what is on the screen look again as things happen.
 * @returns what stops it
 */
export function listenForEvents(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;

  function lookAgain(): void {
    timer = undefined;
    if (isAsked()) {
      lookLater();
      return;
    }
    last = Date.now();
    tidings.set(tidings.get() + 1);
  }
  function lookLater(): void {
    timer ??= setTimeout(lookAgain, isAsked() ? AT_MOST_EVERY_MS : Math.max(0, last + AT_MOST_EVERY_MS - Date.now()));
  }
  const beganAt = Date.now();
  let hasBegun = false;
  const stop = subscribe(LiveEventsDocument, {}, ({ events }) => {
    if (events === null) return;
    // The first word on a connection is empty: what happened since the one before was cut, or while none was to be had, is told by nobody.
    if (hasBegun || Date.now() - beganAt > AT_ONCE_MS) lookLater();
    hasBegun = true;
  });
  /** Whoever comes back has missed what happened meanwhile, and may not be told of it: there may be no stream to be had. */
  const stopLooking = onVisibility(() => {
    if (document.visibilityState === 'visible') lookLater();
  });
  return () => {
    stopLooking();
    clearTimeout(timer);
    stop();
  };
}
