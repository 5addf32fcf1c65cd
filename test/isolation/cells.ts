import { programSchema } from '../../src/graphql/schema.ts';
import type { Caller } from './callers.ts';
import type { Ask, Decision } from './decision.ts';
import { decisions } from './decisions.ts';
import { type Coordinate, coordinatesToDecide } from './schema-fields.ts';
import { isAskedFor, isInSight, type Relation } from './things.ts';

/** One request of the matrix. */
export interface Cell {
  readonly caller: Caller;
  readonly coordinate: Coordinate;
  readonly decision: Decision;
  /** Null when it names no tenant. */
  readonly ask: Ask | null;
  readonly relation: Relation | null;
}

/** What is in sight is changed after everybody has looked for everything, and removed last. */
export const phases = ['READS', 'HIDDEN', 'IN_SIGHT', 'REMOVING'] as const;
export type Phase = (typeof phases)[number];

export const schema = programSchema();

export const decidedCoordinates: readonly Coordinate[] = coordinatesToDecide(schema).filter((at) => at in decisions);

export function askName(coordinate: Coordinate, ask: Ask): string {
  return `${coordinate} by ${ask.by === ask.thing ? ask.thing : `${ask.by} (${ask.thing})`}`;
}

/** Every way in which a read can name a thing. */
export function lookUps(): string[] {
  return decidedCoordinates.flatMap((coordinate) => {
    const decision = decisions[coordinate];
    if (decision?.kind !== 'READ') return [];
    return decision.asks.filter(({ isLookUp }) => isLookUp).map((ask) => askName(coordinate, ask));
  });
}

export function nameOf({ caller, coordinate, ask, relation }: Cell): string {
  return `${caller.name}: ${ask === null ? coordinate : askName(coordinate, ask)}, ${relation ?? 'no tenant'}`;
}

export function cellsOf(caller: Caller, relations: readonly Relation[]): Cell[] {
  return decidedCoordinates.flatMap((coordinate): Cell[] => {
    const decision = decisions[coordinate];
    if (decision === undefined) return [];
    if (decision.kind === 'UNNAMED') return [{ caller, coordinate, decision, ask: null, relation: null }];
    return decision.asks.flatMap((ask) =>
      relations
        .filter((relation) => isAskedFor(relation, ask.thing))
        .map((relation) => ({ caller, coordinate, decision, ask, relation })),
    );
  });
}

export function isSeen({ caller, ask, relation }: Cell): boolean {
  return ask !== null && relation !== null && isInSight(caller.viewpoint.standing, relation, ask.level);
}

export function isAllowed({ caller, decision }: Cell): boolean {
  return decision.kind !== 'COMMAND' || caller.actor.permissions.has(decision.needs);
}

export function phaseOf(cell: Cell): Phase {
  if (!cell.coordinate.startsWith('Mutation.')) return 'READS';
  if (cell.ask !== null && !isSeen(cell)) return 'HIDDEN';
  return cell.decision.kind === 'COMMAND' && cell.decision.removes && isAllowed(cell) ? 'REMOVING' : 'IN_SIGHT';
}
