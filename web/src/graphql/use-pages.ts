import { type AnyVariables, createRequest, type OperationResult, type TypedDocumentNode } from '@urql/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useStore } from '../store.ts';
import { ownClient } from './client.ts';
import { type Failure, failureOf, isSessionEnded } from './failure.ts';
import { revision, tidings } from './revision.ts';

export interface Connection<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface Pages<Row> {
  readonly rows: readonly Row[];
  /** Nothing of this list has come yet. */
  readonly isLoading: boolean;
  /** The rows are still those of the question before. */
  readonly isStale: boolean;
  /** Of which question the rows are: when it changes, the list begins anew. */
  readonly question: string;
  readonly hasMore: boolean;
  /** Of the last question: rows that came before stay. */
  readonly failure: Failure | null;
  loadMore(): void;
  reload(): void;
  /** Asks once more what failed. */
  retry(): void;
}

interface Loaded<Row> {
  readonly question: string;
  readonly rows: readonly Row[];
  readonly endCursor: string | null;
  readonly hasMore: boolean;
}

interface Failed<Row> {
  readonly failure: Failure;
  readonly count: number;
  readonly before: Loaded<Row> | null;
}

const FIRST_PAGE = 50;
/** The most that the server gives at once. */
const PAGE = 200;
/** Whoever has scrolled further begins at the top, rather than wait for all of it. */
const MOST_ANEW = 1000;
/** Whoever comes later, such as after signing in, sees how things are then. */
const BEGUN_FOR_MS = 10_000;
const NEVER_KEPT = { requestPolicy: 'network-only' } as const;

/** Answers to the first questions of lists that are not on the screen yet. */
const begun = new Map<number, Promise<OperationResult>>();

/** Asks for the first page while the console still starts: the list takes the answer. */
export function beginPages<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'first' | 'after'>,
): void {
  const request = createRequest(document, pageOf<Variables>(JSON.stringify(variables), FIRST_PAGE, null));
  begun.set(request.key, ownClient.executeQuery(request, NEVER_KEPT).toPromise());
  setTimeout(() => begun.delete(request.key), BEGUN_FOR_MS);
}

function pageOf<Variables>(question: string, first: number, after: string | null): Variables {
  return { ...JSON.parse(question), first, after };
}

/** Null: nobody has asked it, or nobody was signed in then. */
async function takeBegun({ key }: { readonly key: number }): Promise<OperationResult | null> {
  const answer = await begun.get(key);
  begun.delete(key);
  return answer === undefined || isSessionEnded(answer.error) ? null : answer;
}

/**
 * A list that the server pages by cursor, as far as somebody has scrolled. The rows of the question before stay until the
 * first of the new ones are there; answers that come too late are dropped.
 * @param variables without `first` and `after`
 */
export function usePages<Data, Variables extends AnyVariables, Row>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'first' | 'after'>,
  connectionOf: (data: Data) => Connection<Row> | null,
): Pages<Row> {
  const client = useClient();
  const changes = useStore(revision);
  const [loaded, setLoaded] = useState<Loaded<Row> | null>(null);
  const [failed, setFailed] = useState<Failed<Row> | null>(null);
  const [reloads, setReloads] = useState(0);
  const [isBusy, setIsBusy] = useState(true);
  const latest = useRef(0);
  const question = JSON.stringify(variables);
  const read = useRef(connectionOf);
  read.current = connectionOf;

  const ask = useCallback(
    async (count: number, before: Loaded<Row> | null) => {
      const ticket = ++latest.current;
      setIsBusy(true);
      let reached = before ?? { question, rows: [], endCursor: null, hasMore: true };
      const end = reached.rows.length + count;
      while (reached.hasMore && reached.rows.length < end) {
        const first = Math.min(PAGE, end - reached.rows.length);
        const request = createRequest(document, pageOf<Variables>(question, first, reached.endCursor));
        const answer: OperationResult<Data> | null = await takeBegun(request);
        const { data, error } = answer ?? (await client.executeQuery(request, NEVER_KEPT).toPromise());
        if (ticket !== latest.current) return;
        if (error !== undefined) {
          setIsBusy(false);
          return setFailed({ failure: failureOf(error), count, before });
        }
        const connection = data === undefined ? null : read.current(data);
        reached = {
          question,
          rows: [...reached.rows, ...(connection?.nodes ?? [])],
          endCursor: connection?.pageInfo.endCursor ?? null,
          hasMore: connection?.pageInfo.hasNextPage ?? false,
        };
      }
      setIsBusy(false);
      setFailed(null);
      setLoaded(reached);
    },
    [client, document, question],
  );
  const loadedCount = loaded?.question === question ? loaded.rows.length : 0;

  const news = useStore(tidings);
  const seen = useRef(news);
  useEffect(() => {
    if (seen.current === news || isBusy) return;
    seen.current = news;
    // For whoever has scrolled further it would be asked too much, too often.
    if (loadedCount <= PAGE) void ask(Math.max(FIRST_PAGE, loadedCount), null);
  }, [news, isBusy, loadedCount, ask]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change or a wish to reload asks the same question again
  useEffect(() => {
    void ask(loadedCount > MOST_ANEW ? FIRST_PAGE : Math.max(FIRST_PAGE, loadedCount), null);
  }, [ask, changes, reloads]);

  const reload = () => setReloads((count) => count + 1);
  const isOfBefore = loaded !== null && loaded.question !== question;
  return {
    rows: loaded?.rows ?? [],
    isLoading: loaded === null && failed === null,
    isStale: isOfBefore,
    question: loaded?.question ?? question,
    hasMore: loaded?.hasMore ?? false,
    failure: failed?.failure ?? null,
    loadMore: () => {
      // Up to a page in all, so that a list in which nobody has scrolled yet still hears of what happens.
      const count = loadedCount < PAGE ? PAGE - loadedCount : PAGE;
      if (!isBusy && !isOfBefore && loaded?.hasMore === true) void ask(count, loaded);
    },
    reload,
    retry: () => {
      if (isBusy) return;
      // What else is on the screen may have failed with it.
      seen.current = tidings.get() + 1;
      tidings.set(seen.current);
      if (failed === null) reload();
      else void ask(failed.count, failed.before);
    },
  };
}
