import type { AnyVariables, Client, CombinedError, RequestPolicy, TypedDocumentNode } from '@urql/core';
import { useEffect, useRef, useState } from 'react';
import { type UseQueryResponse, useClient } from 'urql';
import { type Failure, failureOf } from './failure.ts';
import type { Connection } from './use-pages.ts';

export interface WholeList<Row> {
  /** As many as have come. */
  readonly rows: readonly Row[];
  readonly isLoading: boolean;
  /** Why some are missing. */
  readonly failure: Failure | null;
  retry(): void;
}

interface WholeListQuestion<Data, Variables extends AnyVariables, Row> {
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Omit<Variables, 'after'>;
  /** Of the same query without `after`. */
  readonly response: UseQueryResponse<Data, Variables>;
  readonly restPolicy: RequestPolicy;
  readonly connectionOf: (data: Data) => Connection<Row>;
}

interface Rest<Row> {
  readonly question: string;
  readonly rows: readonly Row[];
  readonly error: CombinedError | undefined;
}

/** A list to choose from, which is of no use in part: the pages behind the first are asked for one after the other. */
export function useWholeList<Data, Variables extends AnyVariables, Row>(
  list: WholeListQuestion<Data, Variables, Row>,
): WholeList<Row> {
  const client = useClient();
  const [{ data, error }, ask] = list.response;
  const question = JSON.stringify(list.variables);
  const [rest, setRest] = useState<Rest<Row> | null>(null);
  const latest = useRef(list);
  latest.current = list;
  const first = data === undefined ? null : list.connectionOf(data);
  const hasRest = first?.pageInfo.hasNextPage === true;
  const restOfThis = hasRest && rest?.question === question ? rest : null;
  useEffect(() => {
    if (data === undefined) return;
    let isWanted = true;
    void restOf(client, latest.current, data).then((next) => isWanted && setRest({ question, ...next }));
    return () => {
      isWanted = false;
    };
  }, [client, data, question]);
  const failed = (data === undefined ? error : undefined) ?? restOfThis?.error;
  return {
    rows: [...(first?.nodes ?? []), ...(restOfThis?.rows ?? [])],
    isLoading: failed === undefined && (first === null || (hasRest && restOfThis === null)),
    failure: failed === undefined ? null : failureOf(failed),
    retry: () => ask({ requestPolicy: 'network-only' }),
  };
}

async function restOf<Data, Variables extends AnyVariables, Row>(
  client: Client,
  { query, variables, restPolicy, connectionOf }: WholeListQuestion<Data, Variables, Row>,
  first: Data,
): Promise<Omit<Rest<Row>, 'question'>> {
  const rows: Row[] = [];
  let { pageInfo } = connectionOf(first);
  while (pageInfo.hasNextPage) {
    const page: Variables = JSON.parse(JSON.stringify({ ...variables, after: pageInfo.endCursor }));
    const { data, error } = await client.query(query, page, { requestPolicy: restPolicy }).toPromise();
    if (data === undefined) return { rows, error };
    const connection = connectionOf(data);
    rows.push(...connection.nodes);
    pageInfo = connection.pageInfo;
  }
  return { rows, error: undefined };
}
