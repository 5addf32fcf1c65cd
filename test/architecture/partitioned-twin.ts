import type { Ask } from './catalog.ts';
import { tenantTables } from './catalog.ts';

/** Where the twins stand, beside the tables themselves. */
const schema = 'partitioned';

async function statements(database: Ask, sql: string): Promise<string[]> {
  const rows = await database.query<{ statement: string }>(sql);
  return rows.map(({ statement }) => statement);
}

/**
 * The statements that declare every tenant table once more, partitioned by the hash of the tenant's column, with its
 * keys, checks and unique indexes. Plain PostgreSQL then refuses exactly the constraints that a database distributed by
 * that column would refuse.
 */
export async function partitionedTwin(database: Ask, except: string): Promise<string[]> {
  const twins = `(select * from (${tenantTables}) t where relname <> '${except}')`;
  const tables = await statements(
    database,
    `select format('create table ${schema}.%I (%s) partition by hash (root_provider_id)', c.relname, string_agg(
         format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
           || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end
           || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
           || case when a.attnotnull then ' not null' else '' end, ', ' order by a.attnum)) as statement
     from ${twins} c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     join pg_type t on t.oid = a.atttypid
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     group by c.relname order by c.relname`,
  );
  const constraints = await statements(
    database,
    `select format('alter table ${schema}.%I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as statement
     from ${twins} c join pg_constraint k on k.conrelid = c.oid where k.contype in ('p', 'u', 'c', 'f')
     order by k.contype = 'f', c.relname`,
  );
  const uniqueIndexes = await statements(
    database,
    `select replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON ${schema}.') as statement
     from ${twins} c join pg_index i on i.indrelid = c.oid
     where i.indisunique and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
  );
  const [first, later] = [constraints.filter((each) => !isForeignKey(each)), constraints.filter(isForeignKey)];
  // Names without a schema mean the twins; types are found behind them.
  const setUp = [`create schema ${schema}`, `set search_path to ${schema}, public`];
  return [...setUp, ...tables, ...first, ...uniqueIndexes, ...later];
}

function isForeignKey(statement: string): boolean {
  return statement.includes(' FOREIGN KEY ');
}
