/** Every row of a tenant has its root provider's id here: what belongs together lies on one machine. */
export const TENANT_COLUMN = 'root_provider_id';

/** What the catalog says of a table, as far as it matters for spreading it over machines. Partitions are left out. */
export interface CatalogTable {
  readonly name: string;
  readonly placement: 'LOCAL' | 'DISTRIBUTED' | 'REFERENCE';
  /** Of a distributed table: what it is distributed by, and the group of those that lie beside each other. */
  readonly distributedBy: string | null;
  readonly colocation: number | null;
  readonly hasTenantColumn: boolean;
  readonly isKeyedByTenant: boolean;
  readonly isPartitioned: boolean;
  /** Unique indexes and exclusions, the primary key aside, that leave out the tenant. */
  readonly uniqueAcrossTenants: readonly string[];
  readonly references: readonly { readonly name: string; readonly table: string; readonly isWithinTenant: boolean }[];
  readonly triggers: readonly string[];
  readonly policiesWithSubquery: readonly string[];
  readonly hasRowSecurity: boolean;
  readonly isForcedOnOwner: boolean;
  /** Whether a table that has been spread still keeps the rows that it had before, unseen. */
  readonly hasLeftovers: boolean;
}

export interface Catalog {
  readonly database: string;
  readonly tables: readonly CatalogTable[];
  /** Whether the scope of a transaction reaches the workers. */
  readonly propagatesScope: boolean;
  /** Whether row-level security stops the caller from moving rows. */
  readonly isBoundByRowSecurity: boolean;
}

/** One thing that is done, statement by statement, each a transaction of its own: whatever ends it, the next run goes on. */
export interface DistributionStep {
  readonly says: string;
  readonly sql: readonly string[];
}

export interface DistributionPlan {
  /** What Citus would refuse, and what to do about it. With any of them nothing is begun. */
  readonly refusals: readonly string[];
  readonly steps: readonly DistributionStep[];
  /** What needs nothing (any more). */
  readonly settled: readonly string[];
}

type Goal = 'DISTRIBUTED' | 'REFERENCE' | 'LOCAL';

/**
 * Which table becomes what, in which order. Tenant tables are distributed by their root provider, all beside each other;
 * the directory, whose key spans tenants, and what a tenant's table refers to are copied to every machine; what is left
 * belongs to the platform itself, is joined with no tenant's rows, and stays where it is.
 */
export function planDistribution(catalog: Catalog): DistributionPlan {
  const goals = new Map(catalog.tables.map((table) => [table.name, goalOf(table, catalog.tables)]));
  const { order, isCyclic } = parentsFirst(catalog.tables.filter(({ name }) => goals.get(name) !== 'LOCAL'));
  const spread = [...having(order, goals, 'REFERENCE'), ...having(order, goals, 'DISTRIBUTED')];
  const refusals = [
    ...(isCyclic ? ['Foreign keys refer to each other in a circle: no table of it can be distributed first.'] : []),
    ...catalog.tables.flatMap((table) => refusalsOf(table, goals)),
    ...colocationRefusals(catalog.tables),
  ];
  const isDone = (table: CatalogTable) => table.placement === goals.get(table.name);
  const anchor = having(order, goals, 'DISTRIBUTED').find(isDone) ?? having(order, goals, 'DISTRIBUTED')[0];
  const steps = [
    ...(catalog.propagatesScope ? [] : [propagateScope(catalog.database)]),
    ...spread.filter((table) => !isDone(table)).map((table) => spreadStep(table, goals, anchor, catalog)),
    ...spread.filter((table) => isDone(table) && isLeftUnforced(table)).map(forceStep),
    ...truncateSteps(spread.filter((table) => !isDone(table) || table.hasLeftovers)),
  ];
  const settled = catalog.tables.filter(isDone).map((table) => settledLine(table));
  return { refusals, steps, settled };
}

function having(tables: readonly CatalogTable[], goals: ReadonlyMap<string, Goal>, goal: Goal): CatalogTable[] {
  return tables.filter(({ name }) => goals.get(name) === goal);
}

function goalOf(table: CatalogTable, all: readonly CatalogTable[]): Goal {
  if (table.hasTenantColumn) return table.isKeyedByTenant ? 'DISTRIBUTED' : 'REFERENCE';
  const isReferredTo = all.some(
    (other) => other.hasTenantColumn && other.references.some((reference) => reference.table === table.name),
  );
  return isReferredTo ? 'REFERENCE' : 'LOCAL';
}

/** Citus takes a foreign key only to what is distributed already. Else what is most referred to comes first, then the name. */
function parentsFirst(tables: readonly CatalogTable[]): { order: CatalogTable[]; isCyclic: boolean } {
  const order: CatalogTable[] = [];
  const referrers = (name: string) => tables.filter(({ references }) => references.some(({ table }) => table === name));
  const rank = ({ name }: CatalogTable) => `${String(99_999 - referrers(name).length)} ${name}`;
  const waiting = new Map([...tables].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map((table) => [table.name, table]));
  for (let taken = -1; taken !== order.length; ) {
    taken = order.length;
    for (const table of waiting.values()) {
      const parents = table.references.filter((reference) => reference.table !== table.name);
      if (parents.some((parent) => waiting.has(parent.table))) continue;
      waiting.delete(table.name);
      order.push(table);
    }
  }
  return { order, isCyclic: waiting.size > 0 };
}

function refusalsOf(table: CatalogTable, goals: ReadonlyMap<string, Goal>): string[] {
  const { name } = table;
  const goal = goals.get(name);
  const references = table.references.flatMap((reference) => {
    if (goals.get(reference.table) !== 'DISTRIBUTED' || (goal === 'DISTRIBUTED' && reference.isWithinTenant)) return [];
    return [
      `${name}: its foreign key ${reference.name} does not stay within one tenant. Drop it, as it is not Keyward's.`,
    ];
  });
  if (goal === 'LOCAL') return references;
  return [
    ...references,
    ...table.triggers.map((each) => `${name}: Citus takes no triggers. Drop ${each}, which is not Keyward's.`),
    ...table.policiesWithSubquery.map(
      (each) => `${name}: Citus takes no policy with a subquery. Drop ${each}, which is not Keyward's.`,
    ),
    ...(goal === 'DISTRIBUTED' ? table.uniqueAcrossTenants : []).map(
      (each) =>
        `${name}: ${each} is unique over all tenants, which no machine can tell alone. Drop it, as it is not Keyward's.`,
    ),
    ...(table.placement !== 'LOCAL' && table.placement !== goal
      ? [`${name}: it is ${placed(table)}. Undo that: SELECT undistribute_table('${name}').`]
      : []),
    ...(table.placement === 'DISTRIBUTED' && goal === 'DISTRIBUTED' && table.distributedBy !== TENANT_COLUMN
      ? [`${name}: it is ${placed(table)}. Undo that: SELECT undistribute_table('${name}').`]
      : []),
  ];
}

function colocationRefusals(tables: readonly CatalogTable[]): string[] {
  const distributed = tables.filter(({ distributedBy }) => distributedBy === TENANT_COLUMN);
  const [first] = distributed;
  return distributed
    .filter(({ colocation }) => colocation !== first?.colocation)
    .map(
      ({ name }) => `${name}: it does not lie beside ${first?.name}. Undo that: SELECT undistribute_table('${name}').`,
    );
}

function spreadStep(
  table: CatalogTable,
  goals: ReadonlyMap<string, Goal>,
  anchor: CatalogTable | undefined,
  { isBoundByRowSecurity }: Catalog,
): DistributionStep {
  const isReference = goals.get(table.name) === 'REFERENCE';
  const beside = anchor === undefined || anchor.name === table.name ? 'none' : anchor.name;
  const create = isReference
    ? `select create_reference_table('${table.name}')`
    : `select create_distributed_table('${table.name}', '${TENANT_COLUMN}', colocate_with => '${beside}')`;
  // Its rows are copied to the shards as their owner, who may not while the policies bind the owner as well.
  const isFreed = isBoundByRowSecurity && table.hasRowSecurity;
  const sql = [
    ...(isFreed && table.isForcedOnOwner ? [`alter table ${table.name} no force row level security`] : []),
    create,
    ...(isFreed || isLeftUnforced(table) ? [`alter table ${table.name} force row level security`] : []),
  ];
  const partitions = table.isPartitioned ? ', and so are its partitions' : '';
  if (isReference) return { says: `${table.name}: a reference table, with a copy on every machine${partitions}`, sql };
  const where = beside === 'none' ? '' : `, beside ${beside}`;
  return { says: `${table.name}: distributed by ${TENANT_COLUMN}${where}${partitions}`, sql };
}

/** A run that was interrupted may have left it so: Keyward's own tables have it forced. */
function isLeftUnforced({ hasTenantColumn, hasRowSecurity, isForcedOnOwner }: CatalogTable): boolean {
  return hasTenantColumn && hasRowSecurity && !isForcedOnOwner;
}

function forceStep({ name }: CatalogTable): DistributionStep {
  return {
    says: `${name}: row-level security binds its owner again`,
    sql: [`alter table ${name} force row level security`],
  };
}

/** At the end: what is truncated takes along what refers to it. */
function truncateSteps(tables: readonly CatalogTable[]): DistributionStep[] {
  if (tables.length === 0) return [];
  const sql = tables.map(({ name }) => `select truncate_local_data_after_distributing_table('${name}')`);
  return [{ says: `the rows that ${tables.length} tables had here before are gone from here`, sql }];
}

function propagateScope(database: string): DistributionStep {
  return {
    says: "the scope of a transaction reaches the workers (citus.propagate_set_commands is 'local')",
    sql: [`alter database "${database.replaceAll('"', '""')}" set citus.propagate_set_commands = 'local'`],
  };
}

function placed({ placement, distributedBy }: CatalogTable): string {
  return placement === 'REFERENCE' ? 'a reference table' : `distributed by ${distributedBy}`;
}

function settledLine(table: CatalogTable): string {
  if (table.placement === 'LOCAL') return `${table.name}: stays on this machine, it belongs to the platform itself`;
  return `${table.name}: already ${placed(table)}`;
}
