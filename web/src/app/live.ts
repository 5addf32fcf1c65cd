import { isAsked } from '../components/is-asked.ts';
import { subscribe } from '../graphql/event-stream.ts';
import { tidings } from '../graphql/revision.ts';
import { LiveEventsDocument } from './live.graphql.ts';

/** However much happens: what is on the screen looks again at most so often. */
const AT_MOST_EVERY_MS = 3_000;

/**
 * Lets what is on the screen look again as things happen. Only the tab that is looked at listens: browsers open few
 * connections to one server, and each stream holds one.
 * @returns what stops it
 */
export function listenForEvents(): () => void {
  let stop: (() => void) | null = null;
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
  function listen(): void {
    if (document.visibilityState !== 'visible') {
      stop?.();
      stop = null;
    } else if (stop === null) {
      stop = subscribe(LiveEventsDocument, {}, ({ events }) => {
        if (events !== null && (events.events.length > 0 || events.hasMissed)) lookLater();
      });
    }
  }
  /** Whoever comes back has missed what happened meanwhile. */
  function comeBack(): void {
    if (document.visibilityState === 'visible' && stop === null) lookLater();
    listen();
  }
  document.addEventListener('visibilitychange', comeBack);
  listen();
  return () => {
    document.removeEventListener('visibilitychange', comeBack);
    clearTimeout(timer);
    stop?.();
  };
}
