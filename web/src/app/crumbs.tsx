import { useEffect } from 'react';
import { createStore } from '../store.ts';

export interface Crumb {
  readonly label: string;
  readonly to?: string;
}

/** What stands behind the tenant in the breadcrumb: set by the screen that is shown. */
export const crumbs = createStore<readonly Crumb[]>([]);

/** @param path such as the reseller and the organization that the page is about; empty while they are loaded */
export function useCrumbs(path: readonly Crumb[]): void {
  const text = JSON.stringify(path);
  useEffect(() => {
    crumbs.set(JSON.parse(text) as readonly Crumb[]);
    return () => crumbs.set([]);
  }, [text]);
}
