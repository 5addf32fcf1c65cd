import pLimit from 'p-limit';
import type { Caller } from './callers.ts';
import {
  askName,
  type Cell,
  cellsOf,
  decidedCoordinates,
  isAllowed,
  isSeen,
  nameOf,
  type Phase,
  phaseOf,
  schema,
} from './cells.ts';
import { type Coordinate, coordinatesAnswered, operationOf, wrongCountsIn } from './schema-fields.ts';
import { leaksIn, readTenantRows, type Sight, sightOf } from './sight.ts';
import type { Relation, Target } from './things.ts';
import type { Answer, Transport } from './transport.ts';
import type { World } from './world.ts';

export interface Report {
  /** Requests that were made. */
  readonly cells: number;
  /** What was told of tenants out of sight, each as `caller: Query.field by argument, relation: what`. */
  readonly leaks: readonly string[];
  /** Counts that are not those of what is shown. */
  readonly wrongCounts: readonly string[];
  /** Out of sight, and answered otherwise than what does not exist. */
  readonly toldApart: readonly string[];
  /** Commands: out of sight, and yet not refused; in sight, and not found; or without the permission, and not forbidden. */
  readonly wrongRefusals: readonly string[];
  /** What somebody changed without seeing it. */
  readonly changes: readonly string[];
  /** Errors that nobody foresaw. */
  readonly unforeseen: readonly string[];
  /** Which `Query.field by argument` answered somebody with what is theirs to see. */
  readonly shown: ReadonlySet<string>;
  /** And which answered with what was named, though it is out of sight. */
  readonly betrayed: ReadonlySet<string>;
  /** Fields of which some answer held a value. */
  readonly answered: ReadonlySet<Coordinate>;
}

export interface Extent {
  readonly callers: readonly Caller[];
  readonly relations: readonly Relation[];
  readonly phases: readonly Phase[];
  /** How far each request goes from what it asks for to what that leads to. */
  readonly deepest: number;
}

const AT_ONCE = 8;
/** Whoever may do such things nowhere may hear that first: that it is the same for what is missing is looked at besides. */
const REFUSED = /"NOT_FOUND"|"FORBIDDEN"/;
/** What a command on something in sight writes elsewhere: who can sign in, and the other trail of a delegation. */
const FOLLOWS_FROM_SEEN = /^directory_entry |^audit_event .*"action": "delegation\./;
/** What is done under a delegation to none of the lent organizations is the grantor's row, and not the borrower's to read. */
const GRANTORS_TRAIL = /^audit_event (?=.*"organization_id": null)(?=.*"on_behalf_of": ")/;

/** Every field × every caller × every relation. */
export async function runMatrix(world: World, transport: Transport, extent: Extent): Promise<Report> {
  const run = new MatrixRun(world, transport, extent);
  for (const phase of extent.phases) {
    for (const caller of extent.callers) await run.phase(caller, phase);
  }
  return run.report;
}

class MatrixRun {
  readonly report = {
    cells: 0,
    leaks: [] as string[],
    wrongCounts: [] as string[],
    toldApart: [] as string[],
    wrongRefusals: [] as string[],
    changes: [] as string[],
    unforeseen: [] as string[],
    shown: new Set<string>(),
    betrayed: new Set<string>(),
    answered: new Set<Coordinate>(),
  };
  readonly #world: World;
  readonly #send: Transport;
  readonly #relations: readonly Relation[];
  readonly #operations;
  readonly #missing = new Map<string, Promise<Answer>>();

  constructor(world: World, send: Transport, { relations, deepest }: Extent) {
    this.#world = world;
    this.#send = send;
    this.#relations = relations;
    this.#operations = new Map(decidedCoordinates.map((at) => [at, operationOf(schema, at, deepest)] as const));
  }

  async phase(caller: Caller, phase: Phase): Promise<void> {
    const sight = await this.#sightOf(caller);
    const limit = pLimit(AT_ONCE);
    const cells = cellsOf(caller, this.#relations).filter((cell) => phaseOf(cell) === phase);
    await Promise.all(cells.map((cell) => limit(() => this.#check(cell, phase, sight))));
    if (phase === 'READS') return;
    const hidden = ({ hiddenRows }: Sight) =>
      new Set(
        hiddenRows
          .filter((row) => phase === 'HIDDEN' || !FOLLOWS_FROM_SEEN.test(row))
          .filter((row) => caller.viewpoint.standing !== 'DELEGATE' || !GRANTORS_TRAIL.test(row)),
      );
    const [before, after] = [hidden(sight), hidden(await this.#sightOf(caller))];
    const changes = [...before.symmetricDifference(after)];
    this.report.changes.push(...changes.map((row) => `${caller.name}, ${phase}: ${row}`));
  }

  async #sightOf({ viewpoint }: Caller): Promise<Sight> {
    const { keyward, keyStrings } = this.#world;
    return sightOf(viewpoint, await readTenantRows(keyward.database), keyStrings);
  }

  async #check(cell: Cell, phase: Phase, sight: Sight): Promise<void> {
    const { report } = this;
    const answer = await this.#ask(cell, cell.relation === null ? null : this.#world.targets[cell.relation]);
    const name = nameOf(cell);
    report.cells++;
    report.leaks.push(...leaksIn(answer.text, sight).map((leak) => `${name}: ${leak}`));
    report.unforeseen.push(...answer.unforeseen.map((error) => `${name}: ${error}`));
    coordinatesAnswered(answer.data, report.answered);
    // While others change what is counted, a count may be of another moment than the list.
    if (phase === 'READS') {
      report.wrongCounts.push(...wrongCountsIn(answer.data).map((count) => `${name}: ${count}`));
    }
    if (cell.ask === null || cell.relation === null) return;
    if (saysWho(answer.text, this.#world, cell.relation)) {
      (isSeen(cell) ? report.shown : report.betrayed).add(askName(cell.coordinate, cell.ask));
    }
    if (!isRightlyRefused(cell, answer)) report.wrongRefusals.push(`${name}: ${shownSafely(answer)}`);
    if (isSeen(cell) || !cell.ask.isLookUp) return;
    const missing = await this.#askForMissing(cell);
    if (answer.text === missing.text) return;
    report.toldApart.push(`${name}: ${shownSafely(answer)} — missing: ${shownSafely(missing)}`);
  }

  /** The same for every relation, so it is asked once. */
  #askForMissing(cell: Cell): Promise<Answer> {
    const name = nameOf({ ...cell, relation: null });
    const known = this.#missing.get(name);
    if (known !== undefined) return known;
    const answer = this.#ask(cell, this.#world.missing);
    this.#missing.set(name, answer);
    this.report.cells++;
    return answer;
  }

  #ask({ caller, coordinate, ask, decision }: Cell, target: Target | null): Promise<Answer> {
    const operation = this.#operations.get(coordinate);
    if (operation === undefined) throw new Error(`there is no field ${coordinate}`);
    const { own } = this.#world.targets;
    const parent = Object.entries(own.ids).find(([thing]) => coordinate.startsWith(`${thing}.`))?.[1];
    const node = parent === undefined ? {} : { node: parent };
    if (ask !== null && target !== null)
      return this.#send(caller, operation, { ...node, ...ask.variables(target, own) });
    return this.#send(caller, operation, decision.kind === 'UNNAMED' ? decision.variables : node);
  }
}

/** No secret is shown, not even by a test that fails. */
function shownSafely({ text }: Answer): string {
  return text.replaceAll(/("(?:keyString|clientSecret|password)":)"[^"]*"/g, '$1"…"');
}

function isRightlyRefused(cell: Cell, { text }: Answer): boolean {
  const { decision, ask } = cell;
  if (decision.kind !== 'COMMAND' || ask === null) return true;
  if (!isSeen(cell)) return REFUSED.test(text);
  if (!isAllowed(cell)) return text.includes('"FORBIDDEN"');
  const mayBeMissing = decision.removes || ask.isOfOwn;
  const isUnderstood = !text.includes('"errors":[{') || text.includes('"FORBIDDEN"');
  return isUnderstood && (mayBeMissing || !text.includes('"NOT_FOUND"'));
}

/** Whether the answer says something that only that tenant has. */
function saysWho(text: string, { targets }: World, relation: Relation): boolean {
  const wordsOf = ({ ids, words }: Target): string[] => [...Object.values(ids), ...Object.values(words)];
  const shared = relation === 'own' ? [] : wordsOf(targets.own);
  return wordsOf(targets[relation]).some((word) => text.includes(word) && !shared.includes(word));
}
