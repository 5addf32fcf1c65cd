/**
 * GraphiQL calls its tabs by roles that let no button be within them, and puts two into each: screen readers hear neither.
 * They are made what they are, a list with buttons; the one that is shown is the current one.
 * @returns stops doing so
 */
export function mendTabRoles(page: HTMLElement): () => void {
  function mend() {
    for (const list of page.querySelectorAll('.graphiql-tabs')) setAttribute(list, 'role', 'list');
    for (const tab of page.querySelectorAll('.graphiql-tab')) {
      const isShown = tab.classList.contains('graphiql-tab-active');
      setAttribute(tab, 'role', 'listitem');
      tab.removeAttribute('aria-selected');
      const button = tab.querySelector('.graphiql-tab-button');
      if (button !== null) setAttribute(button, 'aria-current', String(isShown));
    }
  }
  const observer = new MutationObserver(mend);
  observer.observe(page, { subtree: true, childList: true, attributeFilter: ['class', 'role', 'aria-selected'] });
  mend();
  return () => observer.disconnect();
}

/** Without a change there is nothing to observe again. */
function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
