import type { TestDatabase } from '../support/test-database.ts';

/** Asks a database about itself; answers as sorted lines, so that two of them compare and a difference reads well. */
export type Ask = Pick<TestDatabase, 'query'>;

async function lines(database: Ask, sql: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(sql);
  return rows.map(({ line }) => line).sort();
}

/** Tables of the program: Prisma keeps its history in one of its own. */
const ownTables = `pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and c.relname <> '_prisma_migrations'`;

export const tablesOf = (database: Ask) => lines(database, `select c.relname as line from ${ownTables}`);

export const enumsOf = (database: Ask) =>
  lines(
    database,
    `select t.typname || ': ' || string_agg(e.enumlabel, ', ' order by e.enumsortorder) as line
     from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname`,
  );

export interface Column {
  /** Table, column, type and default. */
  readonly line: string;
  readonly notNull: boolean;
}

export function columnsOf(database: Ask): Promise<Column[]> {
  return database.query<Column & Record<string, unknown>>(
    `select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line, a.attnotnull as "notNull"
     from pg_attribute a join (select c.oid, c.relname from ${ownTables}) c on c.oid = a.attrelid
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attnum > 0 and not a.attisdropped order by line`,
  );
}

/** Primary and foreign keys by name. */
export const keysOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || ': ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as line
     from pg_constraint k join (select c.oid, c.relname from ${ownTables}) c on c.oid = k.conrelid
     where k.contype in ('p', 'f')`,
  );

export const indexesOf = (database: Ask) =>
  lines(
    database,
    `select pg_get_indexdef(i.indexrelid) as line
     from pg_index i join (select c.oid from ${ownTables}) c on c.oid = i.indrelid`,
  );

/** Tables that hold something of a tenant. */
export const tenantTables = `select c.oid, c.relname from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'root_provider_id')`;

export const platformTablesOf = (database: Ask) =>
  lines(database, `select c.relname as line from ${ownTables} and c.oid not in (select oid from (${tenantTables}) t)`);

/** What is wrong with the row-level security of tenant tables. */
export const unprotectedTablesOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || case when not c.relrowsecurity then ': row-level security is off'
         when not c.relforcerowsecurity then ': row-level security is not forced on the owner'
         else ': no policy for keyward_runtime has both USING and WITH CHECK' end as line
     from pg_class c where c.oid in (select oid from (${tenantTables}) t)
       and not (c.relrowsecurity and c.relforcerowsecurity and exists (
         select from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polcmd = '*'
           and 'keyward_runtime'::regrole = any (p.polroles) and p.polqual is not null and p.polwithcheck is not null))`,
  );

/** Policies that a distributed Postgres refuses, that let more than the runtime role in, or that anybody passes. */
export const badPoliciesOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || ': ' || p.polname as line
     from pg_policy p join pg_class c on c.oid = p.polrelid,
       concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as condition
     where p.polroles <> array['keyward_runtime'::regrole::oid] or condition ~* '\\mselect\\M'
       or condition !~ 'current_setting'`,
  );

/** Unique indexes, primary keys and exclusions among them, whose first column is not the tenant's, or may be null. */
export const uniqueAcrossTenantsOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || ': ' || i.indexrelid::regclass as line
     from pg_index i join (${tenantTables}) c on c.oid = i.indrelid
     where (i.indisunique or i.indisexclusion) and not exists (
       select from pg_attribute a
       where a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attname = 'root_provider_id' and a.attnotnull)`,
  );

/** Foreign keys that may tie a row to another tenant's: they are checked past row-level security. */
export const keysAcrossTenantsOf = (database: Ask) =>
  lines(
    database,
    `select k.conrelid::regclass || ': ' || k.conname as line
     from pg_constraint k
     where k.contype = 'f' and not exists (
       select from pg_attribute a, pg_attribute b
       where a.attrelid = k.conrelid and a.attnum = k.conkey[1] and a.attname = 'root_provider_id'
         and b.attrelid = k.confrelid and b.attnum = k.confkey[1] and b.attname = 'root_provider_id')`,
  );

/** What each table lets the runtime role do beside its one rule for everything: `table: policy, kind command`. */
export const furtherPoliciesOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || ': ' || p.polname || ', ' || case when p.polpermissive then 'permissive ' else 'restrictive ' end
       || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as line
     from pg_policy p join pg_class c on c.oid = p.polrelid where not (p.polname = 'in_sight' and p.polpermissive and p.polcmd = '*')`,
  );

/** What reads or writes tables with the rights of whoever made it, past row-level security. */
export const waysRoundOf = (database: Ask) =>
  lines(
    database,
    `select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'foreign table' end || ' ' || c.relname as line
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm', 'f')
     union all
     select 'function ' || f.proname from pg_proc f where f.pronamespace = 'public'::regnamespace
       or f.prosecdef and has_function_privilege('keyward_runtime', f.oid, 'execute')
         and f.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
     union all
     select 'rule ' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  );

/** Whoever may touch a table beside its owner and the runtime role; PUBLIC is everybody. */
export const strangersOf = (database: Ask) =>
  lines(
    database,
    `select distinct c.relname || ': ' || case acl.grantee when 0 then 'PUBLIC' else acl.grantee::regrole::text end as line
     from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attacl is not null,
       aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)) || coalesce(a.attacl, '{}')) acl
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and acl.grantee not in (c.relowner, 'keyward_runtime'::regrole)`,
  );

/** What the runtime role may change only in part: `table: columns`. */
export const columnGrantsOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || ': ' || string_agg(a.attname, ', ' order by a.attnum) as line
     from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) acl
     where c.relnamespace = 'public'::regnamespace and acl.grantee = 'keyward_runtime'::regrole
     group by c.relname, acl.privilege_type`,
  );

export const tablesWithoutPrimaryKeyOf = (database: Ask) =>
  lines(
    database,
    `select c.relname as line from ${ownTables}
       and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  );

/** Powers of the runtime role that it must not have. */
export const excessPowersOf = (database: Ask) =>
  lines(
    database,
    `select power as line from pg_roles r, lateral (values
       ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls), ('createrole', r.rolcreaterole),
       ('createdb', r.rolcreatedb), ('replication', r.rolreplication),
       ('owns something', exists (select from pg_shdepend s where s.refobjid = r.oid and s.deptype = 'o')),
       ('member of another role', exists (select from pg_auth_members m where m.member = r.oid)),
       ('may create in the schema', has_schema_privilege(r.oid, 'public', 'create'))
     ) as powers (power, held)
     where r.rolname = 'keyward_runtime' and held`,
  );

/** Privileges of the runtime role that no table gives it, and what the append-only ones withhold. */
export const excessPrivilegesOf = (database: Ask) =>
  lines(
    database,
    `select c.relname || ': ' || privilege as line
     from pg_class c, unnest(array['update', 'delete', 'truncate', 'references', 'trigger']) privilege
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and (c.relname in ('audit_event', 'audit_link', '_prisma_migrations') or privilege not in ('update', 'delete'))
       and (has_table_privilege('keyward_runtime', c.oid, privilege)
         or privilege = 'update' and has_any_column_privilege('keyward_runtime', c.oid, 'update'))`,
  );

export const triggersOf = (database: Ask) =>
  lines(database, `select tgrelid::regclass || ': ' || tgname as line from pg_trigger where not tgisinternal`);
