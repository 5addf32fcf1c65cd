import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { seriousViolations } from './accessibility.ts';
import { AWAY, settled, test, type themes, widths } from './console.ts';
import type { ShownScreen } from './shown-screen.ts';

/** Where `npm run screenshots` puts them; none are made otherwise. */
const folder = process.env['KEYWARD_SCREENSHOTS'];

type View = readonly [width: keyof typeof widths, theme: (typeof themes)[number]];
const views: readonly View[] = [
  ['wide', 'light'],
  ['narrow', 'dark'],
  ['wide', 'dark'],
  ['narrow', 'light'],
];

/** Each screen in one of the first two by turns, and in all four when screenshots are made. */
function viewsOf(index: number): readonly View[] {
  return folder === undefined ? views.slice(index % 2, (index % 2) + 1) : views;
}

/** A test for each: axe-core finds nothing serious, and nothing is wider than the window. */
export function lookAtScreens(screens: readonly ShownScreen[]): void {
  test.for(screens.map((screen, index) => ({ ...screen, seen: viewsOf(index) })))(
    '$name: no serious violation, nothing wider than the window',
    { timeout: 60_000 },
    async ({ name, as, path, andThen, seen }, { open, site }) => {
      const page = await open(as, path, { again: true });
      if (path !== AWAY) await settled(page);
      await andThen?.(page, site);
      for (const [width, theme] of seen) {
        await page.setViewportSize(widths[width]);
        await page.emulateMedia({ colorScheme: theme });
        await settled(page);
        if (folder !== undefined) {
          await mkdir(resolve(folder), { recursive: true });
          await page.screenshot({ path: join(resolve(folder), `${name}-${theme}-${width}.png`) });
        }
        expect(await seriousViolations(page), `${theme}, ${width}`).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(widths[width].width);
      }
    },
  );
}
