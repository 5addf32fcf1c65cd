import type { Page } from 'playwright-core';
import type { ConsoleRole, Site } from './console.ts';

export interface ShownScreen {
  /** Of its screenshots. */
  readonly name: string;
  readonly as: ConsoleRole | null;
  readonly path: string;
  /** Goes on from there. */
  readonly andThen?: (page: Page, site: Site) => Promise<void>;
}
