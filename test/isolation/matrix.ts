import type { GraphQLError } from 'graphql';
import pLimit from 'p-limit';
import { formatError } from '../../src/graphql/error-format.ts';
import { createExecutor } from '../../src/graphql/executor.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { type Caller, createCallers } from './callers.ts';
import type { Ask, Decision, Variables } from './decision.ts';
import { decisions } from './decisions.ts';
import { contextWith, type Lines } from './lines.ts';
import {
  type Coordinate,
  coordinatesAnswered,
  coordinatesToDecide,
  type Operation,
  operationOf,
  wrongCountsIn,
} from './schema-fields.ts';
import { leaksIn, readTenantRows, type Sight, sightOf } from './sight.ts';
import { isAskedFor, isInSight, type Relation, relations, type Target } from './things.ts';
import { createWorld, type Installation, type World } from './world.ts';

/** One request of the matrix. */
interface Cell {
  readonly caller: Caller;
  readonly coordinate: Coordinate;
  readonly ask: Ask | null;
  readonly relation: Relation | null;
  readonly decision: Decision;
}

export interface Report {
  /** Requests that were made. */
  readonly cells: number;
  readonly fields: number;
  readonly callers: number;
  /** Each as `caller: Query.field by argument, relation: what`. */
  readonly leaks: string[];
  /** A count that is not that of what is shown. */
  readonly wrongCounts: string[];
  /** Out of sight, and answered otherwise than what does not exist. */
  readonly toldApart: string[];
  /** Out of sight, and yet not refused; in sight, and not found; or not forbidden without the permission. */
  readonly wrongRefusals: string[];
  /** What a caller changed without seeing it. */
  readonly changes: string[];
  /** Nobody foresaw these. */
  readonly internalErrors: string[];
  /** Which `Query.field by argument` showed somebody what is theirs to see. */
  readonly shown: ReadonlySet<string>;
  /** Which named something out of sight and answered with what it is: with both lines off, all of them. */
  readonly betrayed: ReadonlySet<string>;
  readonly answered: ReadonlySet<Coordinate>;
}

export const schema = createSchema();
const AT_ONCE = 8;
/** Whoever may do such things nowhere may hear that first: that it is the same for what is missing is looked at besides. */
const REFUSED = /"NOT_FOUND"|"FORBIDDEN"/;

export function decidedCoordinates(): readonly Coordinate[] {
  return coordinatesToDecide(schema).filter((coordinate) => coordinate in decisions);
}

export function askName(coordinate: Coordinate, ask: Ask): string {
  return `${coordinate} by ${ask.by === ask.thing ? ask.thing : `${ask.by} (${ask.thing})`}`;
}

/** Every field × every caller × every relation, in a world of its own. */
export async function runMatrix(keyward: Installation, lines: Lines, only: 'READS' | 'ALL' = 'ALL'): Promise<Report> {
  const world = await createWorld(keyward);
  const callers = await createCallers(world);
  const run = new MatrixRun(world, lines);
  const commanding = only === 'ALL' ? (['HIDDEN', 'IN_SIGHT', 'REMOVING'] as const) : [];
  // What is in sight is changed last: until then everything is there to be found by everybody.
  for (const phase of ['READS', ...commanding] as const) {
    for (const caller of callers) await run.phase(caller, phase);
  }
  return { ...run.report, callers: callers.length, fields: decidedCoordinates().length };
}

export const SLOW = new Map<string, number>();
type Phase = 'READS' | 'HIDDEN' | 'IN_SIGHT' | 'REMOVING';

class MatrixRun {
  readonly report = {
    cells: 0,
    leaks: [] as string[],
    wrongCounts: [] as string[],
    toldApart: [] as string[],
    wrongRefusals: [] as string[],
    changes: [] as string[],
    internalErrors: [] as string[],
    shown: new Set<string>(),
    betrayed: new Set<string>(),
    answered: new Set<Coordinate>(),
  };
  readonly #world: World;
  readonly #lines: Lines;
  readonly #execute = createExecutor(schema, () => undefined);
  readonly #operations = new Map(decidedCoordinates().map((at) => [at, operationOf(schema, at)] as const));
  readonly #missing = new Map<string, Promise<Answer>>();

  constructor(world: World, lines: Lines) {
    this.#world = world;
    this.#lines = lines;
  }

  async phase(caller: Caller, phase: Phase): Promise<void> {
    console.info(caller.name, phase, performance.now(), [...SLOW].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([a,b])=>`${a} ${Math.round(b)}`).join(' '));
    const sight = await this.#sightOf(caller);
    const limit = pLimit(AT_ONCE);
    const cells = cellsOf(caller).filter((cell) => phaseOf(cell) === phase);
    await Promise.all(cells.map((cell) => limit(() => this.#check(cell, sight))));
    const after = phase === 'READS' ? sight : await this.#sightOf(caller);
    const [before, now] = [new Set(sight.hiddenRows), new Set(after.hiddenRows)];
    this.report.changes.push(
      ...[...before].filter((row) => !now.has(row)).map((row) => `${caller.name} changed or removed: ${row}`),
      ...[...now].filter((row) => !before.has(row)).map((row) => `${caller.name} wrote: ${row}`),
    );
  }

  async #sightOf({ viewpoint }: Caller): Promise<Sight> {
    const { keyward, keyStrings } = this.#world;
    return sightOf(viewpoint, await readTenantRows(keyward.database), keyStrings);
  }

  async #check(cell: Cell, sight: Sight): Promise<void> {
    const { report } = this;
    const t0 = performance.now(); setTimeout(()=>0);
    const answer = await this.#ask(cell, cell.relation === null ? null : this.#world.targets[cell.relation]);
    report.cells++;
    const name = nameOf(cell);
    SLOW.set(cell.coordinate, (SLOW.get(cell.coordinate) ?? 0) + performance.now() - t0);
    report.leaks.push(...leaksIn(answer.text, sight).map((leak) => `${name}: ${leak}`));
    if (phaseOf(cell) === 'READS') {
      report.wrongCounts.push(...wrongCountsIn(answer.data).map((count) => `${name}: ${count}`));
    }
    report.internalErrors.push(...answer.unforeseen.map((error) => `${name}: ${error}`));
    coordinatesAnswered(answer.data, report.answered);
    if (cell.ask === null || cell.relation === null) return;
    const { ask, relation, coordinate } = cell;
    const isSeen = isInSight(cell.caller.viewpoint.standing, relation, ask.level);
    if (saysWho(answer.text, this.#world, relation)) {
      (isSeen ? report.shown : report.betrayed).add(askName(coordinate, ask));
    }
    if (cell.decision.kind === 'COMMAND') this.#checkRefusal(cell, answer, isSeen);
    if (isSeen || !ask.isLookUp) return;
    const missing = await this.#askForMissing(cell);
    if (answer.text !== missing.text) report.toldApart.push(`${name}: ${answer.text} — missing: ${missing.text}`);
  }

  #checkRefusal({ caller, decision, ...cell }: Cell, { text }: Answer, isSeen: boolean): void {
    if (decision.kind !== 'COMMAND' || !this.#lines.services) return;
    const isAllowed = caller.actor.permissions.has(decision.needs);
    const isTaken = /"errors":\[\]|"FORBIDDEN"/.test(text) && (decision.removes || !text.includes('"NOT_FOUND"'));
    const isRight = isSeen && isAllowed ? isTaken : isSeen ? text.includes('"FORBIDDEN"') : REFUSED.test(text);
    if (!isRight) this.report.wrongRefusals.push(`${nameOf({ caller, decision, ...cell })}: ${text}`);
  }

  /** The same for every relation, so it is asked once. */
  #askForMissing(cell: Cell): Promise<Answer> {
    const key = `${cell.caller.name} ${cell.ask === null ? '' : askName(cell.coordinate, cell.ask)}`;
    const known = this.#missing.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask(cell, this.#world.missing);
    this.#missing.set(key, answer);
    this.report.cells++;
    return answer;
  }

  async #ask({ caller, coordinate, ask, decision }: Cell, target: World['missing'] | null): Promise<Answer> {
    const operation = this.#operations.get(coordinate);
    if (operation === undefined) throw new Error(`there is no field ${coordinate}`);
    const { own } = this.#world.targets;
    const given: Variables =
      ask !== null && target !== null
        ? ask.variables(target, own)
        : decision.kind === 'UNNAMED'
          ? decision.variables
          : {};
    const node = Object.entries(own.ids).find(([thing]) => coordinate.startsWith(`${thing}.`))?.[1];
    return this.#run(operation, { ...(node === undefined ? {} : { node }), ...given }, caller);
  }

  async #run({ document }: Operation, variableValues: Variables, caller: Caller): Promise<Answer> {
    const contextValue = contextWith(this.#world, caller, this.#lines);
    const unforeseen: string[] = [];
    const onInternal = (cause: unknown) => unforeseen.push(String(cause));
    const seen = (error: GraphQLError) => formatError(error.toJSON(), error, { suggestions: true, onInternal });
    const { data, errors = [] } = await this.#execute({
      document,
      variableValues: { ...variableValues },
      contextValue,
    });
    // As it goes over the wire: dates and numbers as text.
    const text = JSON.stringify({ data, errors: errors.map(seen) });
    return { text, data: (JSON.parse(text) as { data: unknown }).data, unforeseen };
  }
}

interface Answer {
  readonly text: string;
  readonly data: unknown;
  readonly unforeseen: readonly string[];
}

function cellsOf(caller: Caller): Cell[] {
  return decidedCoordinates().flatMap((coordinate): Cell[] => {
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

function phaseOf({ caller, coordinate, decision, ask, relation }: Cell): Phase {
  if (!coordinate.startsWith('Mutation.')) return 'READS';
  if (ask === null || relation === null) return 'IN_SIGHT';
  if (!isInSight(caller.viewpoint.standing, relation, ask.level)) return 'HIDDEN';
  return decision.kind === 'COMMAND' && decision.removes ? 'REMOVING' : 'IN_SIGHT';
}

function nameOf({ caller, coordinate, ask, relation }: Cell): string {
  return `${caller.name}: ${ask === null ? coordinate : askName(coordinate, ask)}, ${relation ?? 'no tenant'}`;
}

/** Whether the answer says something that only that tenant has. */
function saysWho(text: string, { targets }: World, relation: Relation): boolean {
  const wordsOf = ({ ids, words }: Target): string[] => [...Object.values(ids), ...Object.values(words)];
  const shared = relation === 'own' ? [] : wordsOf(targets.own);
  return wordsOf(targets[relation]).some((word) => text.includes(word) && !shared.includes(word));
}
