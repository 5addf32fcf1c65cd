import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { isAsked } from '../components/is-asked.ts';
import { useViewer } from '../session/viewer.ts';
import { createStore } from '../store.ts';
import { openPalette } from './palette.ts';
import { isOffered, screens } from './registry.ts';
import type { Screen } from './screen.ts';
import { useTenantSearch } from './tenant.ts';

export const areShortcutsOpen = createStore(false);
export const openShortcuts = (): void => areShortcutsOpen.set(true);

const SECOND_KEY_MS = 1200;
const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Screens that two keys lead to, of those that the viewer is offered. */
export function usePlaces(): readonly Screen[] {
  const viewer = useViewer();
  return screens.filter((screen) => screen.shortcut !== undefined && isOffered(viewer, screen));
}

/** Listens for the keys that work everywhere. Those that lead somewhere stay in the tenant that one is in. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  const search = useTenantSearch();
  const places = usePlaces();
  useEffect(() => {
    let first: { readonly key: string; readonly at: number } | null = null;
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        if (!isAsked()) openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isAsked()) return;
      if (event.key === '?') return openShortcuts();
      if (event.key === '/') {
        event.preventDefault();
        return openPalette();
      }
      const typed =
        first !== null && event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ${event.key}` : event.key;
      first = { key: event.key, at: event.timeStamp };
      const place = places.find(({ shortcut }) => shortcut === typed);
      if (place !== undefined) void navigate({ pathname: place.path, search });
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, search, places]);
}
