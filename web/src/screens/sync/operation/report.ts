import type { Client } from '@urql/core';
import { failureOf } from '../../../graphql/failure.ts';
import type { Connection } from '../../../graphql/use-pages.ts';
import { type BulkResultRow, NO_RESULTS } from '../results.ts';
import { OperationResultsDocument } from '../sync.graphql.ts';

const PAGE = 200;
const HEAD = ['organization_id', 'organization', 'external_id', 'provider', 'outcome', 'code', 'message'];
/** What a spreadsheet may take for the beginning of a formula, or for a mark that hides one: as the server's files do. */
const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * Every organization of an operation with how it ended, as a file that is put together here, page by page.
 * @param tell how many are in it so far
 * @throws Failure
 */
export async function makeReport(
  client: Client,
  operationId: string,
  tell: (count: number) => void,
  signal: AbortSignal,
): Promise<Blob | null> {
  const lines: string[] = [lineOf(HEAD)];
  let after: string | null = null;
  do {
    if (signal.aborted) return null;
    const { nodes, pageInfo } = await pageOf(client, operationId, after);
    lines.push(...nodes.map(recordOf));
    tell(lines.length - 1);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return new Blob(lines, { type: 'text/csv;charset=utf-8' });
}

async function pageOf(client: Client, id: string, after: string | null): Promise<Connection<BulkResultRow>> {
  const variables = { id, outcome: null, first: PAGE, after };
  const { data, error } = await client
    .query(OperationResultsDocument, variables, { requestPolicy: 'network-only' })
    .toPromise();
  if (error !== undefined) throw failureOf(error);
  return data?.bulkOperation?.results ?? NO_RESULTS;
}

function recordOf({ organizationId, organization, outcome, code, message }: BulkResultRow): string {
  const { name, externalId, serviceProvider } = organization;
  return lineOf([organizationId, name, externalId, serviceProvider.name, outcome, code, message]);
}

/** By RFC 4180. */
function lineOf(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => cellOf(cell ?? '')).join(',')}\r\n`;
}

function cellOf(text: string): string {
  const marked = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(marked) ? `"${marked.replaceAll('"', '""')}"` : marked;
}
