import {
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';

export interface Variable {
  readonly name: string;
  /** Of the argument. */
  readonly argument: string;
  readonly type: GraphQLInputType;
}

/** A field of Query, Mutation or Stream, asked for with every argument as a variable and with what there is below it. */
export interface Operation {
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly document: string;
  readonly variables: readonly Variable[];
}

export function operationsOf(schema: GraphQLSchema, kind: Operation['kind']): Operation[] {
  return Object.values(rootOf(schema, kind)?.getFields() ?? {}).map((field) =>
    new Writer(schema).operation(kind, field),
  );
}

function rootOf(schema: GraphQLSchema, kind: Operation['kind']) {
  if (kind === 'subscription') return schema.getSubscriptionType();
  return kind === 'query' ? schema.getQueryType() : schema.getMutationType();
}

/** A chart of each slot of each organization of a page, or a long list in each, is more than anybody may ask for at once. */
function isDear({ extensions }: GraphQLField<unknown, unknown>): boolean {
  const { cost, listLength } = extensions;
  return Number(cost ?? 0) > 10 || Number(listLength ?? 0) > 10;
}

/** Objects below objects; connections and payloads do not count. */
const DEEPEST = 2;

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #variables: Variable[] = [];
  #isOfMany = false;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  operation(kind: Operation['kind'], field: GraphQLField<unknown, unknown>): Operation {
    this.#isOfMany = /Connection$/.test(getNamedType(field.type).name);
    const body = this.#field(field, DEEPEST, true);
    const declared = this.#variables.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const document = `${kind}${declared === '' ? '' : ` (${declared})`} { ${body} }`;
    return { name: field.name, kind, document, variables: this.#variables };
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number, isRoot = false): string | null {
    const named = getNamedType(field.type);
    if (this.#isOfMany && isDear(field)) return null;
    const below = isLeafType(named) ? '' : this.#selection(named, depth);
    if (below === null) return null;
    const given = field.args.map(({ name, type }) => {
      // Long pages within long pages are too expensive, and would be all that is ever said of them.
      if (name === 'first' && !isRoot) return `first: ${this.#isOfMany ? 1 : 2}`;
      const variable = { name: `v${this.#variables.length}`, argument: name, type };
      this.#variables.push(variable);
      return `${name}: $${variable.name}`;
    });
    return `${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`}${below}`;
  }

  #selection(type: GraphQLOutputType, depth: number): string | null {
    if (isInterfaceType(type) || isUnionType(type)) return this.#leavesOfEach(type);
    if (!isObjectType(type)) return null;
    const isWrapper = /(Connection|Edge|Payload)$/.test(type.name);
    const deeper = isWrapper ? depth : depth - 1;
    const fields = Object.values(type.getFields()).map((field) => {
      const isDeepest = deeper < 0 && !isLeafType(getNamedType(field.type));
      return isDeepest ? null : this.#field(field, deeper);
    });
    const shown = fields.filter((field) => field !== null);
    return ` { ${shown.length === 0 ? '__typename' : shown.join(' ')} }`;
  }

  /** Of every possible type; of fields with one name and several types only the first. */
  #leavesOfEach(type: GraphQLAbstractType): string {
    const types = new Map<string, string>();
    const parts = this.#schema.getPossibleTypes(type).map((each) => {
      const leaves = Object.values(each.getFields()).filter((field) => {
        const known = types.get(field.name) ?? String(field.type);
        types.set(field.name, known);
        return isLeafType(getNamedType(field.type)) && known === String(field.type) && field.args.length === 0;
      });
      return `... on ${each.name} { __typename ${leaves.map(({ name }) => name).join(' ')} }`;
    });
    return ` { __typename ${parts.join(' ')} }`;
  }
}
