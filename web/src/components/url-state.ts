import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What stands behind the `?`. */
export interface UrlWords {
  text(name: string): string;
  list(name: string): readonly string[];
}

export interface UrlState extends UrlWords {
  /** Empty values leave the URL. Never put a secret there. */
  set(changes: Readonly<Record<string, string | readonly string[] | null>>, mode?: 'PUSH' | 'REPLACE'): void;
  /** As it stands behind the `?`. */
  readonly search: string;
}

export function urlWords(params: URLSearchParams): UrlWords {
  return {
    text: (name) => params.get(name) ?? '',
    list: (name) => params.get(name)?.split(',').filter(Boolean) ?? [],
  };
}

/** What a list shows, kept in the URL, so that it can be sent to a colleague and survives a reload. */
export function useUrlState(): UrlState {
  const [params, setParams] = useSearchParams();
  return useMemo(
    () => ({
      ...urlWords(params),
      search: params.toString(),
      set: (changes, mode = 'REPLACE') =>
        setParams(
          (before) => {
            const next = new URLSearchParams(before);
            for (const [name, value] of Object.entries(changes)) {
              const text = typeof value === 'object' && value !== null ? value.join(',') : (value ?? '');
              if (text === '') next.delete(name);
              else next.set(name, text);
            }
            return next;
          },
          { replace: mode === 'REPLACE' },
        ),
    }),
    [params, setParams],
  );
}
