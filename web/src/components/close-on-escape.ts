import { useLayoutEffect, useRef } from 'react';

/** For a panel beside a list: Escape closes it, unless something has opened over it that Escape closes first. */
export function useCloseOnEscape(onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    let isCovered = false;
    // Before anybody else hears of the key, and so not in a useEffect.
    function look() {
      isCovered = document.querySelector('[role="dialog"], [role="menu"]') !== null;
    }
    function onKey(event: KeyboardEvent) {
      if (event.key === 'Escape' && !event.defaultPrevented && !isCovered) close.current();
    }
    addEventListener('keydown', look, { capture: true });
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', look, { capture: true });
      removeEventListener('keydown', onKey);
    };
  }, []);
}
