import type { AnyVariables } from '@urql/core';
import { useEffect, useRef } from 'react';
import { type UseQueryArgs, type UseQueryResponse, useQuery } from 'urql';
import { useStore } from '../store.ts';
import { revision, tidings } from './revision.ts';

/** A query that looks again after every command, and when something has happened elsewhere: also for counts and empty lists, of which no cache can tell what they hold. */
export function useFreshQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const changes = useStore(revision) + useStore(tidings);
  const seen = useRef(changes);
  const response = useQuery<Data, Variables>(args);
  const [, ask] = response;
  const isPaused = args.pause === true;
  useEffect(() => {
    if (seen.current === changes || isPaused) return;
    seen.current = changes;
    ask({ requestPolicy: 'network-only' });
  }, [changes, isPaused, ask]);
  return response;
}
