import type pg from 'pg';

/** A part of a plan, as EXPLAIN (FORMAT JSON, VERBOSE) tells it. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly Operation?: string;
  readonly Output?: readonly string[];
  readonly 'One-Time Filter'?: string;
  readonly 'Parent Relationship'?: string;
  readonly Plans?: readonly Plan[];
}

/** Where a statement goes, as the planner of PostgreSQL sees it on tables that are partitioned by the tenant. */
export interface Reach {
  /** Shards of each tenant table that it would look into or write to; `any`: which one is not known beforehand. */
  readonly shards: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tables that are neither distributed nor copied. */
  readonly local: readonly string[];
  readonly locksRows: boolean;
}

/** A value for the next parameter, which has that type and that number. */
export type Sample = (type: string, number: number) => string;

/** @param client whose role and settings the plan is made for */
export async function explain(client: pg.Client, text: string, sample: Sample): Promise<Reach> {
  await client.query(`prepare explained as ${text}`);
  const types = await parameterTypes(client);
  const values = types.map((type, index) => sample(type, index + 1));
  const call = values.length === 0 ? 'explained' : `explained (${values.join(', ')})`;
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    `explain (format json, verbose) execute ${call}`,
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  if (plan === undefined) throw new Error('no plan');
  await client.query('deallocate explained');
  return reachOf([...nodesOf(plan)], (table) => insertedInto(client, table));
}

export async function parameterTypes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ types: string[] }>(
    `select parameter_types::text[] as types from pg_prepared_statements where name = 'explained'`,
  );
  return rows[0]?.types ?? [];
}

/** Without what is never run: where two tenants would have to be the same one, nothing is. */
function* nodesOf(plan: Plan): Generator<Plan> {
  if (isNothing(plan)) return;
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

/** Looks for nothing more where what it stands on has no rows. */
const PASSES_ON = /^(Aggregate|Limit|(Incremental )?Sort|Subquery Scan|WindowAgg|Result|LockRows|ModifyTable)$/;

function isNothing(plan: Plan): boolean {
  if (plan['One-Time Filter'] === 'false') return true;
  const child = plan.Plans?.find((each) => /^(Outer|Subquery)$/.test(each['Parent Relationship'] ?? ''));
  return PASSES_ON.test(plan['Node Type']) && child !== undefined && isNothing(child);
}

async function insertedInto(client: pg.Client, table: string): Promise<InsertTarget | null> {
  const { rows } = await client.query<InsertTarget>(
    `select attnum as position, (select count(*)::int from pg_inherits where inhparent = attrelid) as shards from pg_attribute
     where attrelid = $1::regclass and attname = 'root_provider_id' and exists (select from pg_class where oid = attrelid and relkind = 'p')`,
    [table],
  );
  return rows[0] ?? null;
}

/** Which column of a partitioned table is the tenant's, among how many partitions. */
interface InsertTarget {
  readonly position: number;
  readonly shards: number;
}

async function reachOf(
  nodes: readonly Plan[],
  target: (table: string) => Promise<InsertTarget | null>,
): Promise<Reach> {
  const shards = new Map<string, Set<string>>();
  const local: string[] = [];
  const add = (table: string, shard: string) => shards.set(table, (shards.get(table) ?? new Set()).add(shard));
  const aliases = new Set(nodes.filter((node) => isShard(node)).map(aliasOf));
  for (const node of nodes) {
    const relation = node['Relation Name'];
    if (relation === undefined) continue;
    const [, table, shard] = /^(.+)_(1020\d\d)$/.exec(relation) ?? [];
    if (table !== undefined && shard !== undefined) add(table, isLed(node, aliases) ? LED : shard);
    else if (node.Operation === 'Insert') {
      const inserted = await target(relation);
      if (inserted !== null) add(relation, tenantWritten(node, inserted));
      else if (relation !== COPIED) local.push(relation);
    } else if (relation !== COPIED && !isDistributed(relation, nodes)) local.push(relation);
  }
  return { shards, local, locksRows: nodes.some((node) => node['Node Type'] === 'LockRows') };
}

const COPIED = 'directory_entry';

/** Above what is changed in its shards stands the table itself. */
function isDistributed(relation: string, nodes: readonly Plan[]): boolean {
  return nodes.some((node) => isShard(node) && node['Relation Name']?.startsWith(`${relation}_1020`));
}

/** Wherever the row lies that leads to it. */
export const LED = 'led';

/** Whether each look into the table is for the tenant of a row of another one: in a subquery, or the inner side of a loop. */
function isLed(node: Plan, aliases: ReadonlySet<string>): boolean {
  const conditions = Object.entries(node).filter(([key]) => /Cond|Filter/.test(key));
  const leaders = conditions.flatMap(([, condition]) => [
    ...String(condition).matchAll(/root_provider_id = ([a-z_0-9]+)\.root_provider_id/g),
  ]);
  return leaders.some(([, leader = '']) => aliases.has(baseOf(leader)) && baseOf(leader) !== aliasOf(node));
}

function isShard({ 'Relation Name': relation = '' }: Plan): boolean {
  return /_1020\d\d$/.test(relation);
}

/** The planner numbers the partitions of what the statement calls `k`: `k_1`. */
const baseOf = (alias: string) => alias.replace(/_\d+$/, '');
const aliasOf = (node: Plan) => baseOf(node.Alias ?? '');

/** What an insert puts into the tenant's column: a value that is given, or whatever comes. */
function tenantWritten(insert: Plan, { position }: InsertTarget): string {
  const written = insert.Plans?.[0]?.Output?.[position - 1] ?? '';
  const [, given] = /^'([0-9a-f-]{36})'::uuid$/.exec(written) ?? [];
  return given ?? (written === '' || written === 'NULL::uuid' ? 'none' : `any: ${written}`);
}
