import { type ComponentType, useEffect, useState } from 'react';
import type { PageModule, Screen } from './screen.ts';

const loaded = new Map<Screen['load'], ComponentType>();

export async function loadPage(load: Screen['load']): Promise<PageModule> {
  const module = await load();
  loaded.set(load, module.default);
  return module;
}

/**
 * The page of a screen, at once when it has been loaded before; null while it is not there. Not by `lazy`: React leaves in its
 * place what stands in for something for 300 ms, however soon that comes.
 */
export function usePage(load: Screen['load']): ComponentType | null {
  const [page, setPage] = useState(() => loaded.get(load) ?? null);
  useEffect(() => {
    if (page !== null) return;
    loadPage(load).then(
      ({ default: came }) => setPage(() => came),
      (error: unknown) =>
        setPage(() => {
          throw error;
        }),
    );
  }, [load, page]);
  return page;
}
