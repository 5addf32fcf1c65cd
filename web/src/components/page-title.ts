import { useEffect } from 'react';

/** What the window is called: `usePageTitle('Northwind GmbH', 'Key')` is "Northwind GmbH · Key · Keyward". */
export function usePageTitle(...parts: readonly (string | undefined)[]): void {
  const title = [...parts.filter((part) => part !== undefined), 'Keyward'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
