import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql';
import { type Amount, type Condition, type Part, planOf } from './query-cost-plan.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What an operation may cost at most, in points, before anything of it is run. Null when the document has no such operation. */
export type CountCost = (
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables,
) => number | null;

/**
 * A document is read once, and then only weighed with its variables.
 * @returns a function that tells the cost: an object is 1 point, a mutation 100, a text or number nothing, and whatever
 * stands in a list counts as often as the list may be long (query-cost-plan.ts)
 */
export function createCostCounter(schema: GraphQLSchema): CountCost {
  const plans = new WeakMap<DocumentNode, Map<string, readonly Part[] | null>>();

  const planFor = (document: DocumentNode, name: string): readonly Part[] | null => {
    const ofDocument = plans.get(document) ?? new Map<string, readonly Part[] | null>();
    plans.set(document, ofDocument);
    const known = ofDocument.get(name);
    if (known !== undefined) return known;
    const operation = getOperationAST(document, name === '' ? undefined : name);
    const plan = operation == null ? null : planOf(schema, document, operation);
    ofDocument.set(name, plan);
    return plan;
  };

  return (document, operationName, variables) => {
    const plan = planFor(document, operationName ?? '');
    if (plan === null) return null;
    return Math.min(new Weighing(variables).sum(plan, 1), Number.MAX_SAFE_INTEGER);
  };
}

/** One operation with its variables. A fragment that is spread often is weighed once for each size of page. */
class Weighing {
  readonly #variables: Variables;
  readonly #fragments = new Map<readonly Part[], Map<number, number>>();

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  sum(parts: readonly Part[], pageSize: number): number {
    let points = 0;
    for (const part of parts) {
      if (part.conditions.every((condition) => this.#holds(condition))) points += this.#weigh(part, pageSize);
    }
    return points;
  }

  #weigh(part: Part, pageSize: number): number {
    if (part.kind === 'FRAGMENT') return this.#weighFragment(part.parts, pageSize);
    const times = part.times === 'PAGE' ? pageSize : this.#size(part.times);
    return times * (part.points + this.sum(part.parts, this.#size(part.pageSize)));
  }

  #weighFragment(parts: readonly Part[], pageSize: number): number {
    const bySize = this.#fragments.get(parts) ?? new Map<number, number>();
    this.#fragments.set(parts, bySize);
    const known = bySize.get(pageSize);
    if (known !== undefined) return known;
    const points = this.sum(parts, pageSize);
    bySize.set(pageSize, points);
    return points;
  }

  /** What is no number is refused before anything is run, as is a negative one by the list itself. */
  #size(amount: Amount): number {
    if (typeof amount === 'number') return amount;
    const value = this.#variables[amount.variable];
    if (value === undefined) return amount.whenLeftOut;
    return typeof value === 'number' && value > 0 ? value : amount.whenNull;
  }

  #holds({ variable, otherwise, mustBe }: Condition): boolean {
    const value = this.#variables[variable] ?? otherwise;
    return typeof value !== 'boolean' || value === mustBe;
  }
}
