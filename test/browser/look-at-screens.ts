import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { seriousViolations } from './accessibility.ts';
import { settled, test, themes, widths } from './console.ts';
import type { ShownScreen } from './shown-screen.ts';

/** Where `npm run screenshots` puts them; none are made otherwise. */
const folder = process.env['KEYWARD_SCREENSHOTS'];

/** A test for each: axe-core finds nothing serious, light and wide, and dark and narrow; nothing is wider than the window. */
export function lookAtScreens(screens: readonly ShownScreen[]): void {
  test.for(screens)(
    '$name, light and dark, wide and narrow: no serious violation, nothing wider than the window',
    { timeout: 60_000 },
    async ({ name, as, path, andThen }, { open, site }) => {
      const page = await open(as, path);
      await settled(page);
      await andThen?.(page, site);
      for (const width of ['wide', 'narrow'] as const) {
        await page.setViewportSize(widths[width]);
        for (const theme of themes) {
          await page.emulateMedia({ colorScheme: theme });
          await settled(page);
          if (folder !== undefined) {
            await mkdir(resolve(folder), { recursive: true });
            await page.screenshot({ path: join(resolve(folder), `${name}-${theme}-${width}.png`) });
          }
          if ((width === 'wide') === (theme === 'light')) {
            expect(await seriousViolations(page), `${theme}, ${width}`).toEqual([]);
          }
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(widths[width].width);
        }
      }
    },
  );
}
