import { useEffect } from 'react';
import { useUrlState } from '../../../components/url-state.ts';
import type { Import } from './use-import.ts';

/** An import that has begun stands in the address, and is followed from there by whoever comes or reloads. */
export function useImportAddress(running: Import) {
  const url = useUrlState();
  const operationId = url.text('import');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only of one that stood in the address when somebody came here
  useEffect(() => {
    if (operationId !== '') void running.follow(operationId);
  }, []);
  const { view } = running;
  const started = view !== null && !view.dryRun ? view.operationId : null;
  useEffect(() => {
    if (started !== null) url.set({ import: started });
  }, [started, url]);
  const isSet = operationId !== '';
  return {
    isSet,
    clear() {
      if (isSet) url.set({ import: null });
    },
  };
}
