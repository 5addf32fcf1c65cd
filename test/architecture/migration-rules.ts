import { parse } from 'libpg-query';
import type { MigrationFile } from '../../src/database/prisma-migration-engine.ts';

// What a migration may not do to a table that is there already: make everybody else wait for as long as the table is large,
// or take away what the version before it still uses while both run.

/** PostgreSQL's own parse tree, as far as it is read here. */
interface Node {
  readonly [kind: string]: Body;
}
interface Body {
  readonly relation?: { readonly relname: string };
  readonly relations?: readonly Node[];
  readonly cmds?: readonly Node[];
  readonly concurrent?: boolean;
  readonly removeType?: string;
  readonly subtype?: string;
  readonly name?: string;
  readonly def?: Node;
  readonly constraints?: readonly Node[];
  readonly contype?: string;
  readonly conname?: string;
  readonly indexname?: string;
  readonly skip_validation?: boolean;
}

const READS_ALL = 'reads the whole table under a lock: add it "not valid", and validate it in a migration after that';
const REWRITES =
  'writes the whole table anew under a lock: add a column, fill it in batches, and drop the old one later';
const OLDER = 'the version before still uses it while both run: take it away in the release after the next';
const ONE_BY_ONE =
  'whoever has used one of them waits for another, and the migration for them: give each table a migration of its own';

/** Of migrations in their order, those after the first release: what each does that it may not. */
export async function breachesOf(migrations: readonly MigrationFile[], firstRelease: string): Promise<string[]> {
  const tables = new Set<string>();
  const breaches: string[] = [];
  for (const { name, sql } of migrations) {
    const statements = await statementsOf(sql);
    if (name > firstRelease) breaches.push(...breachesIn(statements, tables).map((breach) => `${name}: ${breach}`));
    for (const [kind, body] of statements) {
      if (kind === 'CreateStmt' && body.relation !== undefined) tables.add(body.relation.relname);
    }
  }
  return breaches;
}

async function statementsOf(sql: string): Promise<[string, Body][]> {
  const { stmts } = (await parse(sql)) as { stmts?: readonly { readonly stmt: Node }[] };
  return (stmts ?? []).flatMap(({ stmt }) => Object.entries(stmt));
}

function breachesIn(statements: readonly [string, Body][], existing: ReadonlySet<string>): string[] {
  const added = new Set<string>();
  const breaches = statements.flatMap(([kind, body]) => {
    if (body.concurrent === true)
      return statements.length > 1 ? ['what is done concurrently needs a migration of its own'] : [];
    const table = body.relation?.relname;
    if (table !== undefined && !existing.has(table)) return [];
    if (kind === 'AlterTableStmt') {
      return bodiesOf(body.cmds)
        .flatMap((command) => alterationBreach(command, added) ?? [])
        .map((text) => `${table}: ${text}`);
    }
    return statementBreach(kind, body)?.replace(/^/, `${table ?? kind}: `) ?? [];
  });
  const altered = new Set(statements.flatMap(([, { relation }]) => relation?.relname ?? [])).intersection(existing);
  return altered.size > 1 ? [...breaches, `${[...altered].join(', ')}: ${ONE_BY_ONE}`] : breaches;
}

const bodiesOf = (nodes: readonly Node[] = []): Body[] => nodes.flatMap((node) => Object.values(node));

function statementBreach(kind: string, { removeType }: Body): string | null {
  switch (kind) {
    case 'IndexStmt':
      return 'an index that is not made concurrently lets nobody write meanwhile';
    case 'UpdateStmt':
    case 'DeleteStmt':
      return 'holds every row that it changes until its end: let a job do it in batches';
    case 'RenameStmt':
      return `renames something: ${OLDER}`;
    case 'DropStmt':
      return removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_TYPE' ? `drops something: ${OLDER}` : null;
    case 'LockStmt':
    case 'TruncateStmt':
    case 'ClusterStmt':
    case 'VacuumStmt':
    case 'ReindexStmt':
      return 'lets nobody at the table';
    default:
      return null;
  }
}

/** @param added names of the constraints that the same migration adds; takes up more */
function alterationBreach({ subtype, name, def }: Body, added: Set<string>): string | null {
  const [definition] = def === undefined ? [] : Object.values(def);
  switch (subtype) {
    case 'AT_AlterColumnType':
      return `the type of ${name} ${REWRITES}`;
    case 'AT_SetNotNull':
      return `not null of ${name} ${READS_ALL}, as a check`;
    case 'AT_DropColumn':
      return `drops ${name}: ${OLDER}`;
    case 'AT_AddColumn':
      return columnBreach(definition ?? {});
    case 'AT_AddConstraint': {
      const { conname = '', skip_validation: isUnproven = false, indexname } = definition ?? {};
      added.add(conname);
      return isUnproven || indexname !== undefined ? null : `${conname} ${READS_ALL}`;
    }
    case 'AT_ValidateConstraint':
      return added.has(name ?? '') ? `${name} ${READS_ALL}` : null;
    default:
      return null;
  }
}

function columnBreach({ constraints }: Body): string | null {
  const kinds = bodiesOf(constraints);
  const has = (contype: string) => kinds.some((constraint) => constraint.contype === contype);
  const text = JSON.stringify(kinds.filter(({ contype }) => contype === 'CONSTR_DEFAULT'));
  const called = [...text.matchAll(/"funcname":\[(.*?)\]/g)].map(([, names = '']) => names);
  if (called.some((names) => !names.includes('"now"'))) return `a default that differs by row ${REWRITES}`;
  if (has('CONSTR_IDENTITY') || has('CONSTR_GENERATED')) return `a column that is worked out ${REWRITES}`;
  if (has('CONSTR_NOTNULL') && !has('CONSTR_DEFAULT')) {
    return 'a column that is not null and has no default: the version before it cannot write rows any more';
  }
  const reads = ['CONSTR_CHECK', 'CONSTR_FOREIGN', 'CONSTR_UNIQUE', 'CONSTR_PRIMARY'].some(has);
  return reads ? `a constraint with its column ${READS_ALL}` : null;
}
