/**
 * For a page before it loads: when the table of organizations shows what it was asked for. Times are the page's own, up to
 * the frame after the one in which the rows are there; `answerMs` is what of it the API took.
 */
export const watchTable = `(() => {
  const isShown = () => {
    const table = document.querySelector('main table[aria-label="Organizations"]');
    if (table === null) return document.querySelector('main h2') !== null && document.querySelector('main table') === null;
    if (table.getAttribute('aria-busy') === 'true' || table.closest('[data-stale]') !== null) return false;
    return table.querySelector('tr[data-row]') !== null;
  };
  let answers = 0;
  let answerMs = 0;
  let begunAt = 0;
  let answersBefore = 0;
  const send = window.fetch;
  window.fetch = async (input, init) => {
    const sentAt = performance.now();
    const answer = await send(input, init);
    if (typeof init?.body === 'string' && init.body.includes('query OrganizationsPage') && init.body.includes('"after":null')) {
      answers++;
      answerMs = performance.now() - sentAt;
    }
    return answer;
  };
  const when = (isDone) => new Promise((resolve) => {
    const look = () => (isDone() ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look));
    look();
  });
  addEventListener('click', () => { begunAt = performance.now(); answersBefore = answers; }, { capture: true });
  window.watchTable = {
    first: async () => ({ tookMs: await when(isShown), answerMs }),
    begin: () => { begunAt = performance.now(); answersBefore = answers; },
    go: (search) => {
      history.pushState(history.state, '', '/organizations' + (search === '' ? '' : '?' + search));
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
    },
    next: async () => {
      const at = await when(() => answers > answersBefore && isShown());
      return { tookMs: at - begunAt, answerMs };
    },
  };
})()`;

/** On the page while it is scrolled: how long the place of the rows showed none of them, and how long a frame took. */
export const watchBlankFrames = `(() => {
  const scroller = document.querySelector('main table[aria-label="Organizations"]').parentElement;
  let before = performance.now();
  let longestFrameMs = 0;
  let longestBlankMs = 0;
  let blankSince = null;
  let isOn = true;
  const look = () => {
    const at = performance.now();
    longestFrameMs = Math.max(longestFrameMs, at - before);
    before = at;
    const { left, top, bottom, width } = scroller.getBoundingClientRect();
    const isRow = (y) => document.elementFromPoint(left + width / 2, y)?.closest('tr[data-row]') != null;
    const isBlank = [top + 60, (top + bottom) / 2, bottom - 30].some((y) => !isRow(y));
    if (!isBlank) blankSince = null;
    else blankSince ??= at;
    if (blankSince !== null) longestBlankMs = Math.max(longestBlankMs, at - blankSince);
    if (isOn) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.blankFrames = {
    end: () => {
      isOn = false;
      return { rows: Number([...scroller.querySelectorAll('tr[data-row]')].at(-1)?.getAttribute('aria-rowindex') ?? 0), longestBlankMs, longestFrameMs };
    },
  };
})()`;
