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

do $$
declare
  root_matches constant text :=
    $sql$root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid$sql$;
  is_platform constant text := $sql$current_setting('keyward.platform', true) = 'on'$sql$;
  in_subtree constant text :=
    $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (%s)$sql$;
  no_organizations_named constant text := $sql$nullif(current_setting('keyward.organization_ids', true), '') is null$sql$;
  is_named_organization constant text :=
    $sql$%s = any (nullif(current_setting('keyward.organization_ids', true), '')::uuid[])$sql$;
  visible text;
  subject record;
begin
  for subject in
    select * from (values
      ('organization', 'id'), ('subscription', 'organization_id'), ('api_key', 'organization_id'),
      ('disablement', 'organization_id'), ('staff_member', 'organization_id'), ('audit_event', 'organization_id'),
      ('idempotency_key', 'organization_id')
    ) as tenant_table (name, organization_column)
  loop
    visible := format('%s or (%s and %s and (%s or %s))', is_platform, root_matches, format(in_subtree, 'provider_path'),
      no_organizations_named, format(is_named_organization, subject.organization_column));
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)',
      subject.name, visible, visible);
  end loop;

  -- A person of an organization sees the provider it belongs to, and none of that provider's resellers.
  visible := format('%s or (%s and %s and (%s or id = nullif(current_setting(''keyward.provider_id'', true), '''')::uuid))',
    is_platform, root_matches, format(in_subtree, 'path'), no_organizations_named);
  execute format('create policy in_sight on service_provider to keyward_runtime using (%s) with check (%s)', visible, visible);

  visible := format('%s or %s', is_platform, root_matches);
  execute format('create policy in_sight on data_key to keyward_runtime using (%s) with check (%s)', visible, visible);
  execute format('create policy in_sight on directory_entry to keyward_runtime using (%s) with check (%s)', visible, visible);
  execute format('create policy looked_up on directory_entry for select to keyward_runtime using (%s)',
    $sql$key = nullif(current_setting('keyward.directory_key', true), '')$sql$);
  execute format('create policy self on staff_member for select to keyward_runtime using (%s and %s)', root_matches,
    $sql$id = nullif(current_setting('keyward.staff_member_id', true), '')::uuid$sql$);

  for subject in
    select unnest(array['directory_entry', 'service_provider', 'organization', 'subscription', 'api_key', 'disablement',
      'staff_member', 'data_key', 'audit_event', 'idempotency_key']) as name
  loop
    execute format('alter table %I enable row level security', subject.name);
    execute format('alter table %I force row level security', subject.name);
  end loop;
end
$$;

grant select, insert on directory_entry, data_key, signing_key, audit_event, idempotency_key to keyward_runtime;
grant delete on directory_entry, idempotency_key to keyward_runtime;
grant select, insert, update on service_provider, organization, subscription, api_key, staff_member to keyward_runtime;
grant update on data_key, idempotency_key to keyward_runtime;
grant select, insert, update, delete on disablement to keyward_runtime;
