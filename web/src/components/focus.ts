/** An element and what it is in, from the inside out: of what a list or a menu opened, also that list and its screen. */
export type Place = readonly HTMLElement[];

export function placeOf(element: Element | null): Place {
  const place: HTMLElement[] = [];
  for (let at = element; at !== null && at !== document.body; at = openerOf(at) ?? at.parentElement) {
    if (at instanceof HTMLElement) place.push(at);
  }
  return place;
}

/** Menus and popovers stand apart from the button that opened them, and are named by it. */
function openerOf(element: Element): Element | null {
  const opener = document.getElementById(element.getAttribute('aria-labelledby') ?? '');
  return opener === null || element.contains(opener) ? null : opener;
}

/** Gives the focus to an element, or to the nearest place where it was: its row, its table, the heading of its screen. */
export function focusOn(place: Place): void {
  for (const element of place) {
    const heading = element.matches('main') ? element.querySelector('h1') : null;
    if (takesFocus(heading) || takesFocus(element)) return;
  }
}

function takesFocus(element: HTMLElement | null): boolean {
  if (element?.isConnected !== true) return false;
  if (element.matches('h1, table')) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/**
 * What has the focus may go, as a row does that was deleted, or rest, as a button does while its command is under way: whoever
 * works by keyboard goes on from where it was.
 */
export function keepFocus(): void {
  let place: Place = [];
  document.addEventListener('focusin', () => {
    place = placeOf(document.activeElement);
  });
  document.addEventListener('focusout', ({ target }) => {
    queueMicrotask(() => {
      const isThere = target instanceof Element && target.isConnected && !target.matches(':disabled');
      if (isThere && document.activeElement === document.body) place = [];
    });
  });
  new MutationObserver(() => {
    const [last] = place;
    const rests = last?.isConnected === true && last.matches(':disabled');
    if (last !== undefined && !rests && document.activeElement === document.body) focusOn(place);
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}
