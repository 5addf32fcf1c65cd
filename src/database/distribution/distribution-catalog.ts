import type pg from 'pg';
import { type Catalog, type CatalogTable, TENANT_COLUMN } from './distribution-plan.ts';

/** Null: the extension is not in this database. */
export async function findCitus(client: pg.Client): Promise<{ version: string | null; isInstallable: boolean }> {
  const { rows } = await client.query<{ version: string | null; isInstallable: boolean }>(
    `/* distribution.find_citus */
     select (select extversion from pg_extension where extname = 'citus') as version,
       exists (select from pg_available_extensions where name = 'citus') as "isInstallable"`,
  );
  return rows[0] ?? { version: null, isInstallable: false };
}

/** How many servers and workers of Keyward are connected. */
export async function countServers(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `/* distribution.count_servers */
     select count(distinct (client_addr, client_port))::int as count from pg_stat_activity
     where datname = current_database() and application_name in ('keyward', 'keyward jobs') and pid <> pg_backend_pid()`,
  );
  return rows[0]?.count ?? 0;
}

export async function countWorkers(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    '/* distribution.count_workers */ select count(*)::int as count from citus_get_active_worker_nodes()',
  );
  return rows[0]?.count ?? 0;
}

/** Needs the extension: without it there is no `citus_tables`. */
export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const { rows: tables } = await client.query<CatalogTable>(tablesQuery, [TENANT_COLUMN]);
  const { rows } = await client.query<Omit<Catalog, 'tables'>>(
    `/* distribution.read_database */
     select current_database() as database,
       coalesce(current_setting('citus.propagate_set_commands', true), '') = 'local' as "propagatesScope",
       not (r.rolsuper or r.rolbypassrls) as "isBoundByRowSecurity"
     from pg_roles r where r.rolname = current_user`,
  );
  const [database] = rows;
  if (database === undefined) throw new Error('the current user is no role');
  return { ...database, tables };
}

const tablesQuery = `/* distribution.read_tables */
  with own as (
    select c.*, t.attnum as tenant from pg_class c
    left join pg_attribute t on t.attrelid = c.oid and t.attname = $1 and not t.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> '_prisma_migrations'
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
  )
  select c.relname as name, coalesce(upper(p.citus_table_type), 'LOCAL') as placement,
    case when p.citus_table_type = 'distributed' then p.distribution_column end as "distributedBy",
    case when p.citus_table_type = 'distributed' then p.colocation_id end as colocation,
    c.tenant is not null as "hasTenantColumn",
    exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and c.tenant = any (i.indkey::int2[])) as "isKeyedByTenant",
    c.relkind = 'p' as "isPartitioned",
    array(select i.indexrelid::regclass::text from pg_index i
      where i.indrelid = c.oid and (i.indisunique or i.indisexclusion) and not i.indisprimary
        and (c.tenant = any (i.indkey::int2[])) is not true order by 1) as "uniqueAcrossTenants",
    array(select jsonb_build_object('name', k.conname, 'table', k.confrelid::regclass::text, 'isWithinTenant', exists (
        select from unnest(k.conkey, k.confkey) as pair (here, there)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = there and a.attname = $1 where here = c.tenant))
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0 order by k.conname) as references,
    array(select tgname::text from pg_trigger where tgrelid = c.oid and not tgisinternal order by 1) as triggers,
    array(select polname::text from pg_policy y where y.polrelid = c.oid
      and concat_ws(' ', pg_get_expr(polqual, c.oid), pg_get_expr(polwithcheck, c.oid)) ~* '\\mselect\\M' order by 1) as "policiesWithSubquery",
    c.relrowsecurity as "hasRowSecurity", c.relforcerowsecurity as "isForcedOnOwner",
    p.citus_table_type is not null and c.relkind = 'r' and pg_relation_size(c.oid) > 0 and p.citus_table_type <> 'reference' as "hasLeftovers"
  from own c left join citus_tables p on p.table_name = c.oid::regclass
  order by c.relname`;
