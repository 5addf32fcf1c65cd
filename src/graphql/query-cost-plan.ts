import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  type InlineFragmentNode,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE } from '../page.ts';

const OBJECT_POINTS = 1;
const MUTATION_POINTS = 100;
/**
 * How long a list is taken to be that has no `first`: those are short, such as the disablements of a slot. One that may be
 * longer says so: `@Extensions({ listLength })`.
 */
const PLAIN_LIST_LENGTH = 5;

/** A number in the document, or one that comes with the variables. */
export type Amount =
  | number
  | {
      readonly variable: string;
      readonly whenLeftOut: number;
      /** Also when it is no size. */
      readonly whenNull: number;
    };

/** A `@skip` or an `@include` whose argument comes with the variables. */
export interface Condition {
  readonly variable: string;
  readonly otherwise: boolean | undefined;
  readonly mustBe: boolean;
}

/** What is known of an operation's cost without its variables. */
export type Part =
  | {
      readonly kind: 'FIELD';
      readonly conditions: readonly Condition[];
      /** Of one of them. A field that costs more than others of its kind says so: `@Extensions({ cost })`. */
      readonly points: number;
      /** PAGE: as many as the connection around it was asked for. */
      readonly times: Amount | 'PAGE';
      /** For `nodes` and `edges` in it, when it is a connection. */
      readonly pageSize: Amount;
      readonly parts: readonly Part[];
    }
  | { readonly kind: 'FRAGMENT'; readonly conditions: readonly Condition[]; readonly parts: readonly Part[] };

/** @param document has passed validation: in particular no fragment contains itself */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly Part[] {
  const planner = new Planner(schema, document, operation.variableDefinitions ?? []);
  const root = schema.getRootType(operation.operation);
  return root == null ? [] : planner.partsOf(operation.selectionSet, root);
}

class Planner {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #defaults: ReadonlyMap<string, ValueNode | undefined>;
  readonly #fragments = new Map<string, Part[]>();

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: readonly VariableDefinitionNode[]) {
    this.#schema = schema;
    this.#document = document;
    this.#defaults = new Map(variables.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]));
  }

  partsOf({ selections }: SelectionSetNode, type: GraphQLCompositeType): Part[] {
    const spread = new Set<string>();
    return selections.flatMap((selection) => this.#partOf(selection, type, spread) ?? []);
  }

  /** @param spread names of the fragments that are in the selection already, come what may: a second time adds nothing */
  #partOf(selection: SelectionNode, type: GraphQLCompositeType, spread: Set<string>): Part | null {
    const conditions = this.#conditionsOf(selection.directives ?? []);
    if (conditions === null) return null;
    if (selection.kind === Kind.FIELD) return this.#fieldOf(selection, type, conditions);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return { kind: 'FRAGMENT', conditions, parts: this.#partsOfFragment(selection, type) };
    }
    const name = selection.name.value;
    if (spread.has(name)) return null;
    if (conditions.length === 0) spread.add(name);
    return { kind: 'FRAGMENT', conditions, parts: this.#namedFragment(name, type) };
  }

  #partsOfFragment(
    { typeCondition, selectionSet }: Pick<InlineFragmentNode, 'typeCondition' | 'selectionSet'>,
    around: GraphQLCompositeType,
  ): Part[] {
    const type = typeCondition === undefined ? around : typeFromAST(this.#schema, typeCondition);
    return this.partsOf(selectionSet, isCompositeType(type) ? type : around);
  }

  #namedFragment(name: string, around: GraphQLCompositeType): Part[] {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    const parts: Part[] = [];
    this.#fragments.set(name, parts);
    const definition = this.#document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
    );
    if (definition?.kind === Kind.FRAGMENT_DEFINITION) parts.push(...this.#partsOfFragment(definition, around));
    return parts;
  }

  #fieldOf(node: FieldNode, type: GraphQLCompositeType, conditions: readonly Condition[]): Part | null {
    const field = this.#definitionOf(node.name.value, type);
    if (field === undefined) return null;
    const named = getNamedType(field.type);
    const points = pointsOf(field, type === this.#schema.getMutationType(), isCompositeType(named));
    const parts =
      node.selectionSet === undefined || !isCompositeType(named) ? [] : this.partsOf(node.selectionSet, named);
    if (points === 0 && parts.length === 0) return null;
    const size = this.#sizeOf(node, field);
    const times = isListType(getNullableType(field.type)) ? lengthOf(type, size, field) : 1;
    return { kind: 'FIELD', conditions, points, times, pageSize: size ?? 1, parts };
  }

  #definitionOf(name: string, type: GraphQLCompositeType): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isUnionType(type) ? undefined : type.getFields()[name];
  }

  /** What `first` says; null when the field has none. */
  #sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): Amount | null {
    const first = field.args.find(({ name }) => name === 'first');
    if (first === undefined) return null;
    const usual = typeof first.defaultValue === 'number' ? first.defaultValue : DEFAULT_PAGE_SIZE;
    const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (value?.kind !== Kind.VARIABLE) return sizeIn(value, usual);
    const variable = value.name.value;
    return { variable, whenLeftOut: sizeIn(this.#defaults.get(variable), usual), whenNull: usual };
  }

  /** Null when the document itself says that it is left out. */
  #conditionsOf(directives: readonly DirectiveNode[]): Condition[] | null {
    const conditions: Condition[] = [];
    for (const { name, arguments: given } of directives) {
      if (name.value !== 'skip' && name.value !== 'include') continue;
      const mustBe = name.value === 'include';
      const value = given?.find((argument) => argument.name.value === 'if')?.value;
      if (value?.kind === Kind.BOOLEAN && value.value !== mustBe) return null;
      if (value?.kind !== Kind.VARIABLE) continue;
      const fallback = this.#defaults.get(value.name.value);
      const otherwise = fallback?.kind === Kind.BOOLEAN ? fallback.value : undefined;
      conditions.push({ variable: value.name.value, otherwise, mustBe });
    }
    return conditions;
  }
}

function pointsOf({ extensions }: GraphQLField<unknown, unknown>, isMutation: boolean, isObject: boolean): number {
  const { cost } = extensions;
  if (typeof cost === 'number') return cost;
  if (isMutation) return MUTATION_POINTS;
  return isObject ? OBJECT_POINTS : 0;
}

function lengthOf(
  around: GraphQLCompositeType,
  size: Amount | null,
  { extensions }: GraphQLField<unknown, unknown>,
): Amount | 'PAGE' {
  if (size !== null) return size;
  if (around.name.endsWith('Connection')) return 'PAGE';
  const { listLength } = extensions;
  return typeof listLength === 'number' ? listLength : PLAIN_LIST_LENGTH;
}

/** A negative number is refused by the list. */
function sizeIn(value: ValueNode | undefined, usual: number): number {
  return value?.kind === Kind.INT ? Math.max(1, Number(value.value)) : usual;
}
