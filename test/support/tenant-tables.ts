import type { TestDatabase } from './test-database.ts';

/**
 * The tables whose rows belong to a tenant, by name. Of one in parts, as the stand-in of a distributed PostgreSQL has them, the
 * whole alone.
 */
export async function tenantTables(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
       and attname = 'root_provider_id'`,
  );
  return rows.map(({ name }) => name).sort();
}
