-- The application connects as a member of keyward_runtime, which owns nothing and cannot bypass row-level security.
-- A transaction says whose eyes it has by SET LOCAL of these settings; with none of them it sees nothing:
--   keyward.platform = 'on'                     everything (platform staff and the system itself)
--   keyward.root_provider_id, keyward.provider_id   the subtree of that provider
--   … and keyward.organization_ids              only those organizations of it
--   keyward.staff_member_id                     one staff member's own row (while signing in)
--   keyward.directory_key                       one entry of the directory
-- No policy has a subquery and no table has a trigger: a distributed Postgres (Citus) takes neither.

do $$
begin
  create role keyward_runtime nologin;
exception when duplicate_object or unique_violation then
  null; -- roles belong to the cluster: another database of it was first
end
$$;

grant usage on schema public to keyward_runtime;

-- Each policy is one CASE, not a chain of OR: it is read from left to right, and the planner takes it for one even chance
-- where it would multiply the guesses for every part and then expect no rows at all.
do $$
declare
  sees constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else %s end$sql$;
  in_subtree constant text := $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and case when coalesce(current_setting('keyward.organization_ids', true), '') = '' then true
        else %I = any (current_setting('keyward.organization_ids', true)::uuid[]) end$sql$;
  -- A person of an organization sees the provider it belongs to, and none of that provider's resellers.
  provider_in_subtree constant text := $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (path)
      and (id = nullif(current_setting('keyward.provider_id', true), '')::uuid
        or coalesce(current_setting('keyward.organization_ids', true), '') = '')$sql$;
  visible text;
  subject record;
begin
  for subject in
    select * from (values
      ('organization', format(in_subtree, 'id')),
      ('subscription', format(in_subtree, 'organization_id')),
      ('api_key', format(in_subtree, 'organization_id')),
      ('disablement', format(in_subtree, 'organization_id')),
      ('staff_member', format(in_subtree, 'organization_id')),
      ('audit_event', format(in_subtree, 'organization_id')),
      ('idempotency_key', format(in_subtree, 'organization_id')),
      ('service_provider', provider_in_subtree),
      ('data_key', 'true'),
      ('directory_entry', 'false')
    ) as tenant_table (name, within_root)
  loop
    visible := format(sees, subject.within_root);
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)',
      subject.name, visible, visible);
    execute format('alter table %I enable row level security', subject.name);
    execute format('alter table %I force row level security', subject.name);
  end loop;
end
$$;

-- The directory spans tenants: whoever is not the platform looks up one entry, and writes within its own root.
create policy own_root on directory_entry for insert to keyward_runtime
  with check (root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid);

create policy looked_up on directory_entry for select to keyward_runtime
  using (key = nullif(current_setting('keyward.directory_key', true), ''));

create policy self on staff_member for select to keyward_runtime
  using (root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid
    and id = nullif(current_setting('keyward.staff_member_id', true), '')::uuid);

grant select, insert on directory_entry, data_key, signing_key, audit_event, idempotency_key to keyward_runtime;
grant delete on directory_entry, idempotency_key to keyward_runtime;
grant select, insert, update on service_provider, organization, subscription, api_key, staff_member to keyward_runtime;
grant update on data_key, idempotency_key to keyward_runtime;
grant select, insert, update, delete on disablement to keyward_runtime;
