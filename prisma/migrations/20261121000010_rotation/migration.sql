-- Rotation: policies, notices, planned operations, and strings that still work beside the ones that replaced them.

create type rotation_mode as enum ('NOTIFY', 'AUTOMATIC');

create table rotation_policy (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  group_id uuid,
  organization_id uuid,
  name text not null,
  maximum_age_days integer not null,
  mode rotation_mode not null,
  window_days integer[] not null,
  window_from_hour integer not null,
  window_to_hour integer not null,
  time_zone text not null,
  notice_days integer[] not null,
  shared_string boolean not null,
  overlap_minutes integer not null,
  overlap_grace_minutes integer not null,
  enabled boolean not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  created_by_name text not null,
  primary key (root_provider_id, id)
);

create table rotation_notice (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  key_version integer not null,
  since timestamptz(3) not null,
  lead_days integer not null,
  provider_path uuid[] not null,
  at timestamptz(3) not null,
  primary key (root_provider_id, organization_id, kind, key_version, since, lead_days)
);

-- The string that the current one replaced: it works as well until overlap_ends_at, while the slot is at overlap_version.
alter table api_key
  add column previous_ciphertext bytea,
  add column previous_data_key_version integer,
  add column previous_key_version integer,
  add column previous_fingerprint bytea,
  add column overlap_version integer,
  add column overlap_ends_at timestamptz(3),
  add column overlap_grace_minutes integer,
  add column overlap_first_used_at timestamptz(3);

-- What the policy that holds for the slot says, in days of the key's age; written by whoever settles which one that is.
alter table api_key
  add column rotation_policy_id uuid,
  add column rotation_policy_version integer,
  add column rotation_since timestamptz(3),
  add column rotation_after_days integer,
  add column rotation_lead_days integer,
  add column rotation_notice_days integer,
  add column rotation_gap_days integer;

alter table service_provider add column overlap_allowed_minutes integer not null default 0;

alter table bulk_operation
  add column run_at timestamptz(3),
  add column run_until timestamptz(3),
  add column rotation_policy_id uuid;

create index rotation_policy_root_provider_id_provider_id_idx on rotation_policy(root_provider_id, provider_id);
-- What is due, and overlaps that are over, are looked for every minute.
create index api_key_rotation on api_key(root_provider_id, rotation_policy_id, last_modified_at) where rotation_policy_id is not null;
create index api_key_overlap on api_key(overlap_ends_at) where overlap_version is not null;

alter table rotation_policy add constraint rotation_policy_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table rotation_policy add constraint rotation_policy_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);
alter table rotation_notice add constraint rotation_notice_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table api_key add constraint api_key_previous_data_key_purpose_data_key_version_fkey
  foreign key (root_provider_id, data_key_purpose, previous_data_key_version) references data_key(root_provider_id, purpose, version);

alter table rotation_policy
  add constraint rotation_policy_one_place check (num_nonnulls(group_id, organization_id) <= 1),
  add constraint rotation_policy_name_not_blank check (name = btrim(name) and name <> ''),
  add constraint rotation_policy_age_in_range check (maximum_age_days between 1 and 3650),
  add constraint rotation_policy_window_in_range check (cardinality(window_days) between 1 and 7
    and window_days <@ array[1, 2, 3, 4, 5, 6, 7] and window_from_hour between 0 and 23 and window_to_hour between 1 and 24),
  add constraint rotation_policy_overlap_in_range check (overlap_minutes between 0 and 1440
    and overlap_grace_minutes between 1 and 1440);
alter table api_key
  add constraint api_key_overlap_whole_or_absent check (num_nulls(previous_ciphertext, previous_data_key_version,
    previous_key_version, previous_fingerprint, overlap_version, overlap_ends_at, overlap_grace_minutes) in (0, 7)),
  add constraint api_key_overlap_first_used_in_it check (overlap_first_used_at is null or overlap_version is not null),
  add constraint api_key_rotation_whole_or_absent check (num_nulls(rotation_policy_id, rotation_policy_version, rotation_since,
    rotation_after_days, rotation_lead_days, rotation_notice_days, rotation_gap_days) in (0, 7));
alter table service_provider
  add constraint service_provider_overlap_allowed_in_range check (overlap_allowed_minutes between 0 and 1440);

do $$
declare
  in_subtree constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and %s end$sql$;
  of_provider constant text := format(in_subtree, $sql$coalesce(current_setting('keyward.organization_ids', true), '') = ''$sql$);
  of_organization constant text := format(in_subtree, $sql$case when coalesce(current_setting('keyward.organization_ids', true), '') = '' then true
        else organization_id = any (current_setting('keyward.organization_ids', true)::uuid[]) end$sql$);
begin
  execute format('create policy in_sight on rotation_policy to keyward_runtime using (%s) with check (%s)', of_provider, of_provider);
  execute format('create policy in_sight on rotation_notice to keyward_runtime using (%s) with check (%s)', of_organization, of_organization);
end
$$;
alter table rotation_policy enable row level security;
alter table rotation_policy force row level security;
alter table rotation_notice enable row level security;
alter table rotation_notice force row level security;

grant select, insert, update, delete on rotation_policy to keyward_runtime;
grant select, insert, delete on rotation_notice to keyward_runtime;
