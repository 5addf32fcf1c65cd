-- Stands in for the extension Citus, as a superuser: functions and a view of the same names, in one PostgreSQL. What Citus
-- spreads over machines as shards is here the partitions of one table, by the hash of the same column, with names as Citus
-- gives them (table_102008). PostgreSQL then refuses the keys that Citus would refuse, and what else Citus refuses (triggers,
-- subqueries in policies, foreign keys to what is not distributed) is refused here in its words. There is one machine, no
-- network, and PostgreSQL's own planner.
set allow_system_table_mods = on;
insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  select 4294900000, 'citus', 10, 'pg_catalog'::regnamespace, false, '13.0-stand-in';

create schema citus_stand_in;
create table citus_stand_in.placement (
  position serial,
  table_name text primary key,
  citus_table_type text not null,
  distribution_column text not null,
  colocation_id integer not null
);
grant usage on schema citus_stand_in to public;
grant select on citus_stand_in.placement to public;

create view pg_catalog.citus_tables as
  select table_name::regclass as table_name, citus_table_type, distribution_column, colocation_id
  from citus_stand_in.placement;
grant select on pg_catalog.citus_tables to public;

create function pg_catalog.citus_get_active_worker_nodes(out node_name text, out node_port bigint) returns setof record
language sql as $$ values ('worker-1', 5432::bigint), ('worker-2', 5432::bigint) $$;

-- What makes the table again, once it is partitioned, and what must be taken off others meanwhile.
create function citus_stand_in.definition(of regclass, out kind text, out target text, out statement text) returns setof record
language sql as $$
  select 'constraint', k.conname, format('alter table public.%I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.conrelid = of and k.contype in ('p', 'u', 'c') and k.conparentid = 0
  union all
  select 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
    where i.indrelid = of and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = of)
  union all
  select 'reference', k.conrelid::regclass || ' ' || k.conname,
      format('alter table public.%I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where (k.conrelid = of or k.confrelid = of) and k.contype = 'f' and k.conparentid = 0
  union all
  select 'policy', p.polname, format('create policy %I on public.%I as %s for %s to %s%s%s', p.polname, c.relname,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select string_agg(case role when 0 then 'public' else role::regrole::text end, ', ') from unnest(p.polroles) role),
      ' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
    from pg_policy p join pg_class c on c.oid = p.polrelid where p.polrelid = of
$$;

create function citus_stand_in.grants(of regclass) returns setof text
language sql as $$
  select format('grant %s on public.%I to %s', acl.privilege_type, c.relname, acl.grantee::regrole)
    from pg_class c, aclexplode(c.relacl) acl where c.oid = of and acl.grantee not in (0, c.relowner)
  union all
  select format('grant %s (%I) on public.%I to %s', acl.privilege_type, a.attname, c.relname, acl.grantee::regrole)
    from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) acl where c.oid = of
$$;

-- As Citus appends the number of the shard; a name that would be too long loses its end.
create function citus_stand_in.shard_name(name text, shard integer) returns text
language sql as $$ select left(name, 63 - length('_' || shard)) || '_' || shard $$;

create function citus_stand_in.refuse_what_citus_refuses(of regclass, of_column text) returns void
language plpgsql as $$
declare
  found text;
begin
  if exists (select from pg_trigger where tgrelid = of and not tgisinternal) then
    raise exception 'cannot distribute relation "%" because it has triggers', of;
  end if;
  if exists (select from pg_policy p where p.polrelid = of
    and concat_ws(' ', pg_get_expr(p.polqual, of), pg_get_expr(p.polwithcheck, of)) ~* '\mselect\M') then
    raise exception 'cannot create distributed policy on "%": it has a subquery', of;
  end if;
  select k.confrelid::regclass into found from pg_constraint k
    where k.conrelid = of and k.contype = 'f' and k.conparentid = 0 and k.confrelid <> of
      and k.confrelid::regclass::text not in (select table_name from citus_stand_in.placement) limit 1;
  if found is not null then
    raise exception 'cannot create foreign key constraint: referenced table "%" must be a distributed table or a reference table', found;
  end if;
  if of_column is null then return; end if;
  select k.conname into found from pg_constraint k
    join citus_stand_in.placement to_table on to_table.table_name = k.confrelid::regclass::text
    where k.conrelid = of and k.contype = 'f' and k.conparentid = 0 and to_table.citus_table_type = 'distributed' and not exists (
      select from unnest(k.conkey, k.confkey) as pair (here, there)
      where here = (select attnum from pg_attribute where attrelid = of and attname = of_column)
        and there = (select attnum from pg_attribute where attrelid = k.confrelid and attname = to_table.distribution_column)) limit 1;
  if found is not null then
    raise exception 'cannot create foreign key constraint "%": it does not include the distribution column on both sides', found;
  end if;
end
$$;

-- The table as it was goes to citus_stand_in, where it stays until its local data is truncated.
create function pg_catalog.create_distributed_table(
  table_name regclass, distribution_column text, distribution_type text default 'hash', colocate_with text default 'default'
) returns void
language plpgsql set client_min_messages = warning as $$
declare
  name text := table_name::text;
  shards integer := coalesce(nullif(current_setting('citus.shard_count', true), ''), '4')::integer;
  again text[];
  storage text;
  forced boolean;
  each record;
begin
  perform citus_stand_in.refuse_what_citus_refuses(table_name, distribution_column);
  if colocate_with not in ('none', 'default') and not exists (select from citus_stand_in.placement p where p.table_name = colocate_with) then
    raise exception 'relation % is not distributed', colocate_with;
  end if;
  if exists (select from pg_class where oid = table_name and relkind = 'p') then
    -- Partitions of partitions gain nothing here: it is written down alone.
    insert into citus_stand_in.placement (table_name, citus_table_type, distribution_column, colocation_id)
      select relid::text, 'distributed', distribution_column, 1 from pg_partition_tree(table_name);
    return;
  end if;
  select array_agg(statement order by kind = 'reference', kind = 'policy', kind = 'index') || array(select citus_stand_in.grants(table_name))
    into again from citus_stand_in.definition(table_name);
  select coalesce(' with (' || array_to_string(reloptions, ', ') || ')', ''), relforcerowsecurity into storage, forced
    from pg_class where oid = table_name;
  for each in select conrelid::regclass as of_table, conname from pg_constraint
    where confrelid = table_name and contype = 'f' and conparentid = 0 loop
    execute format('alter table %s drop constraint %I', each.of_table, each.conname);
  end loop;
  execute format('alter table %s set schema citus_stand_in', table_name);
  execute format('create table public.%I (like citus_stand_in.%I including defaults including storage) partition by hash (%I)',
    name, name, distribution_column);
  for shard in 0 .. shards - 1 loop
    execute format('create table public.%I partition of public.%I for values with (modulus %s, remainder %s)%s',
      citus_stand_in.shard_name(name, 102008 + shard), name, shards, shard, storage);
  end loop;
  execute format('insert into public.%I select * from citus_stand_in.%I', name, name);
  for each in select unnest(again) as statement loop
    execute each.statement;
  end loop;
  execute format('alter table public.%I enable row level security', name);
  if forced then execute format('alter table public.%I force row level security', name); end if;
  for each in select i.inhrelid::regclass as index_name, citus_stand_in.shard_name(parent.relname, right(tables.relname, 6)::integer) as shard_name
    from pg_index x join pg_inherits i on i.inhparent = x.indexrelid join pg_class parent on parent.oid = x.indexrelid
      join pg_index child on child.indexrelid = i.inhrelid join pg_class tables on tables.oid = child.indrelid
    where x.indrelid = format('public.%I', name)::regclass loop
    execute format('alter index %s rename to %I', each.index_name, each.shard_name);
  end loop;
  insert into citus_stand_in.placement (table_name, citus_table_type, distribution_column, colocation_id)
    values (name, 'distributed', distribution_column, 1);
end
$$;

create function pg_catalog.create_reference_table(table_name regclass) returns void
language plpgsql as $$
begin
  perform citus_stand_in.refuse_what_citus_refuses(table_name, null);
  insert into citus_stand_in.placement (table_name, citus_table_type, distribution_column, colocation_id)
    values (table_name::text, 'reference', '<none>', 2);
end
$$;

create function pg_catalog.truncate_local_data_after_distributing_table(function_table_name regclass) returns void
language plpgsql set client_min_messages = warning as $$
begin
  execute format('drop table if exists citus_stand_in.%s cascade', function_table_name);
end
$$;
