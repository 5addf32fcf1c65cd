import type { AnyVariables } from '@urql/core';
import { useEffect, useRef } from 'react';
import { type UseQueryArgs, type UseQueryResponse, useQuery } from 'urql';
import { useStore } from '../store.ts';
import { outOfDate, revision, tidings } from './revision.ts';

/** For figures of a whole fleet, which the database counts anew each time. */
export const FLEET_AT_MOST_EVERY_MS = 15_000;

interface Known<Data> {
  readonly question: string;
  readonly data: Data;
}

/**
 * A query that looks again after every command, and when something has happened elsewhere: also for counts and empty lists,
 * of which no cache can tell what they hold. Its answer is always that of the question which is asked now, and stays while
 * the same question is asked anew, and when that fails.
 * @param atMostEveryMs for what costs much to find out: however much happens, it is asked no oftener
 */
export function useFreshQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
  atMostEveryMs = 0,
): UseQueryResponse<Data, Variables> {
  const changes = useStore(revision) + useStore(tidings);
  const seen = useRef(changes);
  const lookedAt = useRef(0);
  const known = useRef<Known<Data> | null>(null);
  const [state, ask] = useQuery<Data, Variables>(args);
  const isPaused = args.pause === true;
  useEffect(() => {
    if (seen.current === changes || isPaused) return;
    const lookAgain = () => {
      seen.current = changes;
      lookedAt.current = Date.now();
      ask({ requestPolicy: 'network-only' });
    };
    const waitMs = lookedAt.current + atMostEveryMs - Date.now();
    if (waitMs <= 0) {
      lookAgain();
      return;
    }
    const timer = setTimeout(lookAgain, waitMs);
    return () => clearTimeout(timer);
  }, [changes, isPaused, ask, atMostEveryMs]);

  const question = questionOf(args.variables);
  const isAnswer = state.operation !== undefined && questionOf(state.operation.variables) === question;
  if (isAnswer && state.data !== undefined) known.current = { question, data: state.data };
  const data = known.current?.question === question ? known.current.data : undefined;
  const error = isAnswer ? state.error : undefined;
  useOutOfDate(error !== undefined && state.data === undefined && data !== undefined);
  return [{ ...state, data, error }, ask];
}

const questionOf = (variables: AnyVariables) => JSON.stringify(variables ?? {});

/** Lets it be told that what is shown is that of before. */
function useOutOfDate(isOld: boolean): void {
  useEffect(() => {
    if (!isOld) return;
    outOfDate.set(outOfDate.get() + 1);
    return () => outOfDate.set(outOfDate.get() - 1);
  }, [isOld]);
}
