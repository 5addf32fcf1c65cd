import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { encodeCursor, type Page, type Position } from '../page.ts';

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** One page as GraphQL shows it. Cursors and the count are worked out only when asked for. */
export class PageView<Node, Item> {
  readonly nodes: readonly Node[];
  readonly #page: Page<Item>;
  readonly #cursorOf: (item: Item) => string;
  readonly #count: () => Promise<number>;

  constructor(
    page: Page<Item>,
    options: {
      readonly order: string;
      readonly node: (item: Item) => Node;
      readonly position: (item: Item) => Position;
      readonly count: () => Promise<number>;
    },
  ) {
    this.nodes = page.items.map(options.node);
    this.#page = page;
    this.#cursorOf = (item) => encodeCursor(options.order, options.position(item));
    this.#count = options.count;
  }

  get edges(): { node: Node; cursor: string }[] {
    return this.#page.items.flatMap((item, index) => {
      const node = this.nodes[index];
      return node === undefined ? [] : [{ node, cursor: this.#cursorOf(item) }];
    });
  }

  get pageInfo(): PageInfo {
    const { items, hasNextPage, hasPreviousPage } = this.#page;
    const [first] = items;
    const last = items.at(-1);
    return {
      hasNextPage,
      hasPreviousPage,
      startCursor: first === undefined ? null : this.#cursorOf(first),
      endCursor: last === undefined ? null : this.#cursorOf(last),
    };
  }

  get totalCount(): Promise<number> {
    return this.#count();
  }
}

/** The Relay connection type of a node type: `XConnection` with `XEdge`. */
export function connectionType<Node extends object>(
  name: string,
  node: () => ClassType<Node>,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string;

    @Field(node)
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class ConnectionOfNode implements Connection<Node> {
    @Field(() => [Edge])
    edges!: readonly Edge[];

    @Field(() => [node()])
    nodes!: readonly Node[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;

    // Not simple: a compiled query awaits what a resolver gives, not what a property holds.
    @Field(() => Int, { nullable: true, simple: false, description: 'Counted only when asked for.' })
    totalCount!: Promise<number>;
  }
  return ConnectionOfNode;
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: Promise<number>;
}
