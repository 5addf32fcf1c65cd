import { fieldOf, type Node, nodesOf, parseNodeTree, type Tree, wordOf } from './node-tree.ts';

const UPDATE = '2';
const INSERT = '3';
const DELETE = '4';

/** What the rules ask the catalog. */
export interface Functions {
  /** `i`, `s` or `v`, of a function or of the one behind an operator. */
  readonly volatility: ReadonlyMap<string, string>;
  /** The function that writes a type as text, and the one that reads it. */
  readonly conversions: ReadonlyMap<string, readonly string[]>;
  /** The function that an operator of a list comparison stands for. */
  readonly operators: ReadonlyMap<string, string>;
}

/**
 * What Citus would say to how a statement computes what it writes. It computes on each machine by itself, so what could come
 * out differently there is refused: https://docs.citusdata.com/en/stable/develop/reference_workarounds.html
 * @param body the statement as PostgreSQL has parsed it
 * @param isTenants says of a relation's oid whether it is a distributed table
 */
export function refusedExpressions(body: string, functions: Functions, isTenants: (oid: string) => boolean): string[] {
  const refused = new Set<string>();
  for (const tree of parseNodeTree(body)) {
    for (const query of nodesOf(tree)) {
      if (query.type === 'QUERY' && isTenants(resultRelationOf(query))) {
        for (const line of ofQuery(query, functions)) refused.add(line);
      }
    }
  }
  return [...refused];
}

function resultRelationOf(query: Node): string {
  const position = Number(wordOf(query, 'resultRelation'));
  const tables = fieldOf(query, 'rtable');
  const entry = Array.isArray(tables) ? tables[position - 1] : undefined;
  return entry !== undefined && typeof entry === 'object' && 'type' in entry ? wordOf(entry, 'relid') : '';
}

function ofQuery(query: Node, functions: Functions): string[] {
  const refused: string[] = [];
  const command = wordOf(query, 'commandType');
  const [join] = nodesOf(fieldOf(query, 'jointree'));
  const conditions = join === undefined ? [] : fieldOf(join, 'quals');
  const written = fieldOf(query, 'targetList');
  if (command === UPDATE || command === DELETE) {
    for (const tree of command === UPDATE ? [written, conditions] : [conditions])
      refused.push(...ofChange(tree, functions));
  }
  const isMutable = (tree: Tree) => [...nodesOf(tree, isQuery)].some((node) => volatilityOf(node, functions) !== 'i');
  if ([UPDATE, INSERT, DELETE].includes(command) && isMutable(returnedBy(query))) {
    refused.push('non-IMMUTABLE functions are not allowed in the RETURNING clause');
  }
  for (const conflict of nodesOf(command === INSERT ? fieldOf(query, 'onConflict') : [], isQuery)) {
    if (
      conflict.type === 'ONCONFLICTEXPR' &&
      [fieldOf(conflict, 'onConflictSet'), fieldOf(conflict, 'onConflictWhere')].some(isMutable)
    ) {
      refused.push('functions used in the DO UPDATE SET clause of INSERTs must be marked IMMUTABLE');
    }
  }
  return refused;
}

function returnedBy(query: Node): Tree {
  return query.fields.has('returningList') ? fieldOf(query, 'returningList') : [];
}

/** @param tree what an update writes, or the condition of an update or delete */
function ofChange(tree: Tree, functions: Functions): string[] {
  const refused: string[] = [];
  for (const node of nodesOf(
    tree,
    (each) => isQuery(each) || each.type === 'CASEEXPR' || each.type === 'COALESCEEXPR',
  )) {
    const beneath = [...nodesOf(node, isQuery)];
    const isChoice = node.type === 'CASEEXPR' || node.type === 'COALESCEEXPR';
    if (isChoice && beneath.some((each) => volatilityOf(each, functions) !== 'i')) {
      refused.push('non-IMMUTABLE functions are not allowed in CASE or COALESCE statements');
    }
    const volatility = volatilityOf(node, functions);
    if (volatility === 'v') refused.push('functions used in modifications must not be VOLATILE');
    if (volatility === 's' && beneath.some(({ type }) => type === 'VAR')) {
      refused.push('STABLE functions used in UPDATE queries cannot be called with column references');
    }
  }
  return refused;
}

const isQuery = (node: Node) => node.type === 'QUERY';

/** The least stable of the functions that the node itself calls. */
function volatilityOf(node: Node, { volatility, conversions, operators }: Functions): 'i' | 's' | 'v' {
  if (node.type === 'SQLVALUEFUNCTION' || node.type === 'NEXTVALUEEXPR') return 's';
  const called =
    node.type === 'COERCEVIAIO'
      ? [wordOf(node, 'resulttype'), ...[...nodesOf(fieldOf(node, 'arg'))].slice(0, 1).map(typeOf)].flatMap(
          (type) => conversions.get(type) ?? [],
        )
      : [wordOf(node, 'funcid'), wordOf(node, 'opfuncid'), operators.get(wordOf(node, 'opno')) ?? ''];
  const found = called.map((oid) => volatility.get(oid)).filter((each) => each !== undefined);
  if (found.includes('v')) return 'v';
  return found.includes('s') ? 's' : 'i';
}

function typeOf(node: Node): string {
  const fields = [
    'vartype',
    'consttype',
    'paramtype',
    'funcresulttype',
    'opresulttype',
    'resulttype',
    'casetype',
    'coalescetype',
  ];
  return fields.map((field) => wordOf(node, field)).find((type) => type !== '') ?? '';
}
