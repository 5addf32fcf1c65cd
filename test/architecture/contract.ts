import { readFileSync } from 'node:fs';
import { buildASTSchema, type DocumentNode, type GraphQLSchema, Kind, parse, visit } from 'graphql';

/** The closed list of codes that clients rely on; the schema may have more. */
export const errorCodesOfContract = [
  'NOT_FOUND',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'VALIDATION_FAILED',
  'KEY_EXISTS',
  'KEY_NOT_FOUND',
  'KEY_UNCHANGED',
  'KEY_DISABLED',
  'KEY_NOT_EDITABLE',
  'INVALID_KEY_FORMAT',
  'SUBSCRIPTION_REQUIRED',
  'SUBSCRIPTION_NOT_STARTED',
  'SUBSCRIPTION_EXPIRED',
  'SUBSCRIPTION_EXISTS',
  'ALREADY_DISABLED',
  'NOT_DISABLED',
  'NOTE_REQUIRED',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'DUPLICATE_NAME',
  'TOO_MANY_TARGETS',
  'OPERATION_NOT_CANCELLABLE',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'INTERNAL',
];

/** The contract writes no connection out: its last comment says what each of them is. */
function connectionsOf(contract: DocumentNode): string {
  const names = new Set<string>();
  visit(contract, { NamedType: ({ name }) => void (name.value.endsWith('Connection') && names.add(name.value)) });
  const nodes = [...names].map((name) => name.replace(/Connection$/, ''));
  return nodes
    .map(
      (node) => `type ${node}Edge { cursor: String! node: ${node}! }
      type ${node}Connection { edges: [${node}Edge!]! nodes: [${node}!]! pageInfo: PageInfo! totalCount: Int }`,
    )
    .join('\n');
}

/** The contract as a whole schema, with what it abbreviates. */
export function readContract(): GraphQLSchema {
  const contract = parse(readFileSync('test/contract/CONTRACT.graphql', 'utf8'));
  const errorCodes = `enum ErrorCode { ${errorCodesOfContract.join(' ')} }`;
  const written = contract.definitions.filter(
    (definition) => definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'ErrorCode',
  );
  const completed = parse(`${errorCodes}\n${connectionsOf(contract)}`).definitions;
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions: [...written, ...completed] });
}
