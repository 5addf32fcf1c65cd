import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { currentDoing, partOf } from '../watching/current.ts';

const MOST_NAMED = 5;

/**
 * Runs an operation, which is a part of the trace of its request, if that has one. It is named by the schema's own names,
 * since what a client calls it may be anything; the document has been found valid.
 */
export function tracedOperation<Result extends { readonly errors?: readonly unknown[] | undefined }>(
  document: DocumentNode,
  operationName: string | null | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  if (currentDoing()?.span == null) return run();
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return run();
  const name = `${operation.operation} ${fieldsOf(operation)}`;
  return partOf(name, { attributes: { 'graphql.operation.type': operation.operation } }, async () => {
    const result = await run();
    if (result.errors !== undefined) currentDoing()?.span?.set({ 'keyward.graphql_errors': result.errors.length });
    return result;
  });
}

function fieldsOf({ selectionSet: { selections } }: OperationDefinitionNode): string {
  const names = selections.map((selection) => (selection.kind === 'Field' ? selection.name.value : '...'));
  const more = names.length > MOST_NAMED ? ', ...' : '';
  return names.slice(0, MOST_NAMED).join(', ') + more;
}
