import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
  validate,
} from 'graphql';

/** One field of one type, as `Query.organization`. */
export type Coordinate = `${string}.${string}`;

type Field = GraphQLField<unknown, unknown>;

function objectTypesOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
}

export function coordinatesOf(schema: GraphQLSchema): Coordinate[] {
  return objectTypesOf(schema).flatMap((type) =>
    Object.keys(type.getFields()).map((name): Coordinate => `${type.name}.${name}`),
  );
}

/**
 * The fields that nobody can ask for without deciding what to ask: queries, mutations, subscriptions, and whatever takes
 * arguments.
 * Every other field is asked for wherever its parent is.
 */
export function coordinatesToDecide(schema: GraphQLSchema): Coordinate[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map(
    (type) => type?.name,
  );
  return objectTypesOf(schema).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => roots.includes(type.name) || field.args.length > 0)
      .map((field): Coordinate => `${type.name}.${field.name}`),
  );
}

function fieldAt(schema: GraphQLSchema, coordinate: Coordinate): { type: GraphQLObjectType; field: Field } {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!isObjectType(type) || field === undefined) throw new Error(`there is no field ${coordinate}`);
  return { type, field };
}

/** How often one type may stand inside another of its kind. */
const MOST_TIMES_ON_A_PATH = 2;
const PLUMBING = /(Connection|Edge|Payload)$|^(PageInfo|UserError)$/;

/**
 * All that can be asked of the type without an argument, and of what it leads to.
 * @param deepest how many types may stand inside each other: the innermost shows its own values only
 */
function selectionOf(
  schema: GraphQLSchema,
  output: GraphQLOutputType,
  deepest: number,
  path: readonly string[] = [],
  isOneOfSeveral = false,
): string {
  const type = getNamedType(output);
  if (isLeafType(type)) return '';
  if (isAbstractType(type)) {
    const members = schema.getPossibleTypes(type).map((member) => {
      return `... on ${member.name} ${selectionOf(schema, member, deepest, path, true)}`;
    });
    return `{ __typename ${members.join(' ')} }`;
  }
  if (!isObjectType(type)) throw new Error('nothing can be selected of an input');
  const inside = PLUMBING.test(type.name) ? path : [...path, type.name];
  const timesSeen = inside.filter((name) => name === type.name).length;
  const isInnermost = timesSeen >= MOST_TIMES_ON_A_PATH || inside.length >= deepest;
  const isEdge = type.name.endsWith('Edge');
  const fields = Object.values(type.getFields()).flatMap((field) => {
    // Types that stand beside each other may differ in a field of one name.
    const name = isOneOfSeveral ? `${type.name}_${field.name}: ${field.name}` : field.name;
    if (field.args.some(isRequiredArgument)) return [];
    if (isLeafType(getNamedType(field.type))) return [name];
    if (isInnermost && !PLUMBING.test(type.name)) return [];
    // An edge repeats what the list's nodes say: its own node only says which one it is.
    if (isEdge) return [`${name} { __typename }`];
    return [`${name} ${selectionOf(schema, field.type, deepest, inside)}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

export interface Operation {
  readonly coordinate: Coordinate;
  readonly document: DocumentNode;
  readonly source: string;
  /** Whether it is answered by a stream. */
  readonly isSubscription: boolean;
}

/** What has no global id is reached by that of a provider. */
const reachOf: Readonly<Record<string, (fields: string) => string>> = {
  ApiKeyDrift: (fields) => `apiKeyDrift(serviceProviderId: $node) ${fields}`,
  ApiKeyGroup: (fields) => `apiKeyGroups(serviceProviderId: $node, minimumCount: 1) { nodes ${fields} }`,
};

/** Asks for the field with all its arguments as variables; a field of an object is reached by the object's global id. */
export function operationOf(schema: GraphQLSchema, coordinate: Coordinate, deepest: number): Operation {
  const { type, field } = fieldAt(schema, coordinate);
  const variables = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`);
  const given = field.args.map((arg) => `${arg.name}: $${arg.name}`);
  const list = (parts: readonly string[]) => (parts.length === 0 ? '' : `(${parts.join(', ')})`);
  const asked = `${field.name}${list(given)} ${selectionOf(schema, field.type, deepest)}`;
  const reach =
    reachOf[type.name] ?? ((fields: string) => `node(id: $node) { __typename ... on ${type.name} ${fields} }`);
  const rootOf = (kind: string, fields: string) => `${kind} ${list(variables)} { ${fields} }`;
  const source =
    type === schema.getSubscriptionType()
      ? rootOf('subscription', asked) // which may ask for one field, and not for its type besides
      : type === schema.getMutationType()
        ? rootOf('mutation', `__typename ${asked}`)
        : type === schema.getQueryType()
          ? rootOf('query', `__typename ${asked}`)
          : `query ${list(['$node: ID!', ...variables])} { __typename ${reach(`{ ${asked} }`)} }`;
  const document = parse(source);
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(`${coordinate}: ${errors.map(({ message }) => message).join('; ')}`);
  return { coordinate, document, source, isSubscription: type === schema.getSubscriptionType() };
}

/** Which fields an answer holds a value of. */
export function coordinatesAnswered(data: unknown, found: Set<Coordinate>): void {
  if (Array.isArray(data)) for (const item of data) coordinatesAnswered(item, found);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return;
  const typeName = '__typename' in data ? String(data.__typename) : null;
  for (const [alias, value] of Object.entries(data)) {
    const name = alias === '__typename' ? alias : alias.split('_').at(-1);
    if (value === null || name === '__typename') continue;
    if (typeName !== null) found.add(`${typeName}.${name}`);
    coordinatesAnswered(value, found);
  }
}

/** Lists that were answered whole, but with a count that is not theirs. */
export function wrongCountsIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(wrongCountsIn);
  if (typeof data !== 'object' || data === null) return [];
  const inside = Object.values(data).flatMap(wrongCountsIn);
  if (!('totalCount' in data && 'nodes' in data && 'pageInfo' in data) || !Array.isArray(data.nodes)) return inside;
  const page = JSON.stringify(data.pageInfo);
  const isWhole = page.includes('"hasNextPage":false') && page.includes('"hasPreviousPage":false');
  if (!isWhole || data.totalCount === data.nodes.length) return inside;
  return [`totalCount ${String(data.totalCount)} of ${data.nodes.length}`, ...inside];
}
