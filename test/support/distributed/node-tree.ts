/** A parsed SQL statement as PostgreSQL keeps it: `{QUERY :commandType 2 :rtable (...)}`. */
export interface Node {
  readonly type: string;
  readonly fields: ReadonlyMap<string, readonly Tree[]>;
}
export type Tree = Node | readonly Tree[] | string;

/** @param text a value of the type pg_node_tree */
export function parseNodeTree(text: string): Tree[] {
  const tokens = text.match(/[{}()]|(?:\\.|[^\s{}()\\])+/g) ?? [];
  let at = 0;
  const list = (end: string | undefined): Tree[] => {
    const items: Tree[] = [];
    while (tokens[at] !== end) items.push(tree());
    at++;
    return items;
  };
  const tree = (): Tree => {
    const token = tokens[at++] ?? '';
    if (token === '(') return list(')');
    if (token !== '{') return token;
    const type = tokens[at++] ?? '';
    const fields = new Map<string, Tree[]>();
    let field: Tree[] = [];
    while (tokens[at] !== '}') {
      const next = tree();
      if (typeof next === 'string' && /^:[a-zA-Z_]/.test(next)) {
        field = [];
        fields.set(next.slice(1), field);
      } else field.push(next);
    }
    at++;
    return { type, fields };
  };
  return list(undefined);
}

export function isNode(tree: Tree): tree is Node {
  return typeof tree === 'object' && 'type' in tree;
}

export function childrenOf(tree: Tree): readonly Tree[] {
  if (typeof tree === 'string') return [];
  return isNode(tree) ? [...tree.fields.values()].flat() : tree;
}

/** Itself and everything beneath it, but nothing beneath what `stops` says. */
export function* nodesOf(tree: Tree, stops: (node: Node) => boolean = () => false): Generator<Node> {
  if (isNode(tree)) {
    yield tree;
    if (stops(tree)) return;
  }
  for (const child of childrenOf(tree)) yield* nodesOf(child, stops);
}

/** The first node or list that a field holds. */
export function fieldOf(node: Node, name: string): Tree {
  return node.fields.get(name)?.[0] ?? [];
}

/** The one word that a field holds, such as a number. */
export function wordOf(node: Node, name: string): string {
  const [word] = node.fields.get(name) ?? [];
  return typeof word === 'string' ? word : '';
}
