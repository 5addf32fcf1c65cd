-- One command over many organizations: operations with their items, saved groups, imported rows, approval.

create type bulk_operation_kind as enum ('SYNC_API_KEY', 'DISABLE_API_KEY', 'ENABLE_API_KEY', 'REGENERATE_API_KEY', 'RENEW_SUBSCRIPTION', 'IMPORT_ORGANIZATIONS');
create type bulk_atomicity as enum ('ALL_OR_NOTHING', 'PER_ORGANIZATION');
create type bulk_operation_status as enum ('PENDING', 'RUNNING', 'SUCCEEDED', 'PARTIALLY_SUCCEEDED', 'FAILED', 'CANCELLED');
create type bulk_outcome as enum ('CHANGED', 'UNCHANGED', 'REFUSED');
create type approval_status as enum ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN');

create table bulk_operation (
  root_provider_id uuid not null,
  id uuid not null,
  provider_path uuid[] not null,
  organization_id uuid,
  kind bulk_operation_kind not null,
  atomicity bulk_atomicity not null,
  dry_run boolean not null,
  status bulk_operation_status not null,
  input jsonb not null,
  actor jsonb not null,
  created_by_id uuid,
  created_by_name text not null,
  on_behalf_of text,
  request_id text not null,
  ip_address text,
  ciphertext bytea,
  data_key_purpose data_key_purpose not null default 'ENCRYPTION',
  data_key_version integer,
  total integer not null,
  done_through integer not null default 0,
  changed integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  cancel_requested_at timestamptz(3),
  failure text,
  approval approval_status,
  approval_expires_at timestamptz(3),
  decided_at timestamptz(3),
  decided_by_id uuid,
  decided_by_name text,
  decision_note text,
  primary key (root_provider_id, id)
);

create table bulk_item (
  root_provider_id uuid not null,
  operation_id uuid not null,
  position integer not null,
  provider_path uuid[] not null,
  organization_id uuid,
  given_id text,
  outcome bulk_outcome,
  code text,
  message text,
  primary key (root_provider_id, operation_id, position)
);

create table import_row (
  root_provider_id uuid not null,
  operation_id uuid not null,
  position integer not null,
  row_number integer not null,
  provider_path uuid[] not null,
  organization_id uuid,
  cells text[] not null,
  outcome bulk_outcome,
  errors jsonb,
  primary key (root_provider_id, operation_id, position)
);

create table organization_group (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  name text not null,
  name_folded text collate "C" not null,
  filter jsonb,
  created_at timestamptz(3) not null,
  created_by_name text not null,
  primary key (root_provider_id, id)
);

create table organization_group_member (
  root_provider_id uuid not null,
  group_id uuid not null,
  organization_id uuid not null,
  provider_path uuid[] not null,
  primary key (root_provider_id, group_id, organization_id)
);

alter table service_provider add column approval_above integer;

create index bulk_operation_root_provider_id_created_at_id_idx on bulk_operation(root_provider_id, created_at, id);
create index bulk_item_operation_id_position_idx on bulk_item(operation_id, position);
create unique index organization_group_root_provider_id_provider_id_name_folded_key on organization_group(root_provider_id, provider_id, name_folded);
create index organization_group_member_root_provider_id_organization_id_idx on organization_group_member(root_provider_id, organization_id);
-- What waits or runs is looked for every second, and is little.
create index bulk_operation_unfinished on bulk_operation(created_at) where finished_at is null;

alter table bulk_operation add constraint bulk_operation_root_provider_id_data_key_purpose_data_key__fkey
  foreign key (root_provider_id, data_key_purpose, data_key_version) references data_key(root_provider_id, purpose, version);
alter table organization_group add constraint organization_group_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table organization_group_member add constraint organization_group_member_root_provider_id_group_id_fkey
  foreign key (root_provider_id, group_id) references organization_group(root_provider_id, id) on delete cascade;
alter table organization_group_member add constraint organization_group_member_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);

alter table bulk_operation
  add constraint bulk_operation_data_key_purpose_is_encryption check (data_key_purpose = 'ENCRYPTION'),
  add constraint bulk_operation_string_whole_or_absent check (num_nulls(ciphertext, data_key_version) in (0, 2)),
  add constraint bulk_operation_counts check (total >= 0 and done_through between 0 and total
    and changed >= 0 and unchanged >= 0 and refused >= 0 and changed + unchanged + refused <= total),
  add constraint bulk_operation_finished_keeps_no_string check (finished_at is null or ciphertext is null),
  add constraint bulk_operation_finished_has_status check ((finished_at is null) = (status in ('PENDING', 'RUNNING'))),
  add constraint bulk_operation_approval_expires check ((approval is null) = (approval_expires_at is null)),
  add constraint bulk_operation_nothing_done_before_approval check (approval is distinct from 'PENDING' or status = 'PENDING'),
  add constraint bulk_operation_decided_by_somebody check ((approval is not null and approval in ('APPROVED', 'REJECTED'))
    = (decided_at is not null) and (decided_at is null) = (decided_by_name is null)),
  add constraint bulk_operation_rejected_has_note check (approval is distinct from 'REJECTED' or decision_note is not null);
alter table bulk_item
  add constraint bulk_item_position_positive check (position >= 1),
  add constraint bulk_item_refused_has_code check ((outcome is not distinct from 'REFUSED') = (code is not null));
alter table import_row
  add constraint import_row_position_positive check (position >= 1),
  add constraint import_row_refused_has_errors check ((outcome is not distinct from 'REFUSED') = (errors is not null));
alter table organization_group
  add constraint organization_group_name_not_blank check (name = btrim(name) and name <> '');
alter table service_provider
  add constraint service_provider_approval_above_not_negative check (approval_above >= 0);

do $$
declare
  sees constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else %s end$sql$;
  in_subtree constant text := $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and case when coalesce(current_setting('keyward.organization_ids', true), '') = '' then true
        else organization_id = any (current_setting('keyward.organization_ids', true)::uuid[]) end$sql$;
  in_providers_subtree constant text := $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and coalesce(current_setting('keyward.organization_ids', true), '') = ''$sql$;
  visible text;
  subject record;
begin
  for subject in
    select * from (values
      ('bulk_operation', in_subtree),
      ('bulk_item', in_subtree),
      ('import_row', in_providers_subtree),
      ('organization_group', in_providers_subtree),
      ('organization_group_member', in_providers_subtree)
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

grant select, insert, update on bulk_operation, bulk_item, import_row to keyward_runtime;
grant delete on bulk_item, import_row to keyward_runtime;
grant select, insert, update, delete on organization_group, organization_group_member to keyward_runtime;
