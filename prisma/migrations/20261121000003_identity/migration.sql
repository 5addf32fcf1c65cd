-- People with roles of their own and sessions, service accounts, trusted issuers, delegations.

alter type directory_kind add value 'TRUSTED_ISSUER';
create type signing_key_purpose as enum ('ACCESS_TOKEN', 'AUDIT_TRAIL');

create table custom_role (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  name text not null,
  name_folded text collate "C" not null,
  permissions text[] not null,
  created_at timestamptz(3) not null,
  primary key (root_provider_id, id)
);

create table trusted_issuer (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid,
  provider_path uuid[] not null,
  name text not null,
  issuer text not null,
  audience text not null,
  client_id text,
  client_secret bytea,
  data_key_purpose data_key_purpose not null default 'ENCRYPTION',
  data_key_version integer,
  role_claim text not null,
  role_mapping jsonb not null,
  domains text[] not null,
  created_at timestamptz(3) not null,
  disabled_at timestamptz(3),
  primary key (root_provider_id, id)
);

create table staff_session (
  root_provider_id uuid not null,
  id uuid not null,
  staff_member_id uuid not null,
  provider_path uuid[] not null,
  organization_id uuid,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  primary key (root_provider_id, id)
);

create table service_account (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid,
  provider_path uuid[] not null,
  organization_id uuid,
  name text not null,
  name_folded text collate "C" not null,
  permissions text[] not null,
  created_at timestamptz(3) not null,
  created_by_id uuid,
  created_by_name text not null,
  last_used_at timestamptz(3),
  last_used_address text,
  revoked_at timestamptz(3),
  primary key (root_provider_id, id)
);

create table service_account_secret (
  root_provider_id uuid not null,
  id uuid not null,
  service_account_id uuid not null,
  provider_path uuid[] not null,
  organization_id uuid,
  hash bytea not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  primary key (root_provider_id, id)
);

create table delegation (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  provider_name text not null,
  organization_ids uuid[] not null,
  organization_provider_ids uuid[] not null,
  role role not null,
  grantee_root_provider_id uuid not null,
  grantee_provider_id uuid not null,
  grantee_provider_name text,
  note text,
  created_at timestamptz(3) not null,
  created_by_id uuid,
  created_by_name text not null,
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  accepted_by_id uuid,
  accepted_by_name text,
  ended_at timestamptz(3),
  ended_by_id uuid,
  ended_by_name text,
  primary key (root_provider_id, id)
);

create table rate_limit (
  key text not null,
  points integer not null,
  expire bigint,
  primary key (key)
);

alter table staff_member
  alter column role drop not null,
  alter column password_hash drop not null,
  add column username_folded text collate "C",
  add column password_must_change boolean not null default false,
  add column custom_role_id uuid,
  add column custom_role_name text,
  add column custom_permissions text[] not null default '{}',
  add column trusted_issuer_id uuid,
  add column external_subject text,
  add column last_login_at timestamptz(3);
update staff_member set username_folded = lower(regexp_replace(normalize(btrim(username), NFKC), '\s+', ' ', 'g'));
alter table staff_member alter column username_folded set not null, alter column custom_permissions drop default;

-- Keys for access tokens live in the memory of the process that signs with them; what the old ones signed holds a little longer.
alter table signing_key
  alter column key_encryption_key_id drop not null,
  alter column wrapped_private_key drop not null,
  add column purpose signing_key_purpose not null default 'ACCESS_TOKEN',
  add column expires_at timestamptz(3);
update signing_key set key_encryption_key_id = null, wrapped_private_key = null, expires_at = now() + interval '15 minutes';
alter table signing_key alter column purpose drop default;

create unique index custom_role_root_provider_id_provider_id_name_folded_key on custom_role(root_provider_id, provider_id, name_folded);
create unique index staff_member_root_provider_id_trusted_issuer_id_external_su_key on staff_member(root_provider_id, trusted_issuer_id, external_subject);
create index staff_member_root_provider_id_username_folded_id_idx on staff_member(root_provider_id, username_folded, id);
create index staff_member_root_provider_id_custom_role_id_idx on staff_member(root_provider_id, custom_role_id);
create index staff_session_root_provider_id_staff_member_id_idx on staff_session(root_provider_id, staff_member_id);
create index staff_session_expires_at_idx on staff_session(expires_at);
create index service_account_root_provider_id_name_folded_id_idx on service_account(root_provider_id, name_folded, id);
create index service_account_secret_root_provider_id_service_account_id_idx on service_account_secret(root_provider_id, service_account_id);
create index delegation_root_provider_id_created_at_id_idx on delegation(root_provider_id, created_at, id);
create index delegation_grantee_root_provider_id_grantee_provider_id_cre_idx on delegation(grantee_root_provider_id, grantee_provider_id, created_at, id);

alter table custom_role add constraint custom_role_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table trusted_issuer add constraint trusted_issuer_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table trusted_issuer add constraint trusted_issuer_root_provider_id_data_key_purpose_data_key__fkey
  foreign key (root_provider_id, data_key_purpose, data_key_version) references data_key(root_provider_id, purpose, version);
alter table staff_member add constraint staff_member_root_provider_id_custom_role_id_fkey
  foreign key (root_provider_id, custom_role_id) references custom_role(root_provider_id, id);
alter table staff_member add constraint staff_member_root_provider_id_trusted_issuer_id_fkey
  foreign key (root_provider_id, trusted_issuer_id) references trusted_issuer(root_provider_id, id);
alter table staff_session add constraint staff_session_root_provider_id_staff_member_id_fkey
  foreign key (root_provider_id, staff_member_id) references staff_member(root_provider_id, id) on delete cascade;
alter table service_account add constraint service_account_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table service_account add constraint service_account_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);
alter table service_account_secret add constraint service_account_secret_root_provider_id_service_account_id_fkey
  foreign key (root_provider_id, service_account_id) references service_account(root_provider_id, id) on delete cascade;
alter table delegation add constraint delegation_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);

alter table custom_role
  add constraint custom_role_name_not_blank check (name = btrim(name) and name <> '');
alter table staff_member
  drop constraint staff_member_role_fits_place,
  add constraint staff_member_role_fits_place check (
    case
      when custom_role_id is not null then provider_id is not null
      when role in ('PLATFORM_ADMIN', 'PLATFORM_SUPPORT') then provider_id is null and organization_id is null
      when role in ('ORG_ADMIN', 'ORG_VIEWER') then provider_id is not null and organization_id is not null
      else provider_id is not null and organization_id is null
    end),
  add constraint staff_member_one_role check (num_nonnulls(role, custom_role_id) = 1),
  add constraint staff_member_custom_role_whole_or_absent check (
    (custom_role_id is null) = (custom_role_name is null) and (custom_role_id is not null or custom_permissions = '{}')),
  add constraint staff_member_password_or_issuer check (num_nonnulls(password_hash, trusted_issuer_id) = 1),
  add constraint staff_member_issuer_with_subject check (num_nonnulls(trusted_issuer_id, external_subject) in (0, 2));
alter table service_account
  add constraint service_account_name_not_blank check (name = btrim(name) and name <> '');
alter table service_account_secret
  add constraint service_account_secret_hash_is_sha256 check (octet_length(hash) = 32);
alter table trusted_issuer
  add constraint trusted_issuer_data_key_purpose_is_encryption check (data_key_purpose = 'ENCRYPTION'),
  add constraint trusted_issuer_secret_whole_or_absent check (num_nulls(client_secret, data_key_version) in (0, 2)),
  add constraint trusted_issuer_secret_has_client check (client_id is not null or client_secret is null);
alter table delegation
  add constraint delegation_role_is_a_providers check (role in ('PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER')),
  add constraint delegation_has_organizations check (
    cardinality(organization_ids) between 1 and 1000 and cardinality(organization_provider_ids) > 0),
  add constraint delegation_acceptance_whole_or_absent check (
    num_nulls(accepted_at, accepted_by_name, grantee_provider_name) in (0, 3)),
  add constraint delegation_end_whole_or_absent check (num_nulls(ended_at, ended_by_name) in (0, 2)),
  add constraint delegation_time_boxed check (expires_at > created_at and expires_at <= created_at + interval '2 years 1 day');
alter table signing_key
  add constraint signing_key_audit_trail_is_wrapped check (
    num_nulls(key_encryption_key_id, wrapped_private_key) = case when purpose = 'AUDIT_TRAIL' then 0 else 2 end),
  add constraint signing_key_access_token_expires check (purpose <> 'ACCESS_TOKEN' or expires_at is not null);

-- keyward.sign_in_id replaces keyward.staff_member_id: the one thing that a sign-in starts from (a staff member, a service
-- account or a trusted issuer), with what hangs on it.
-- A new setting, keyward.organization_provider_ids, shows the providers of the organizations in keyward.organization_ids.
do $$
declare
  sees constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else %s end$sql$;
  in_subtree constant text := $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and case when coalesce(current_setting('keyward.organization_ids', true), '') = '' then true
        else organization_id = any (current_setting('keyward.organization_ids', true)::uuid[]) end$sql$;
  -- Nothing of these belongs to an organization: its people see none.
  in_providers_subtree constant text := $sql$nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and coalesce(current_setting('keyward.organization_ids', true), '') = ''$sql$;
  starts_from constant text := $sql$root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid
      and %I = nullif(current_setting('keyward.sign_in_id', true), '')::uuid$sql$;
  visible text;
  subject record;
begin
  for subject in
    select * from (values
      ('staff_session', in_subtree),
      ('service_account', in_subtree),
      ('service_account_secret', in_subtree),
      ('custom_role', in_providers_subtree),
      ('trusted_issuer', in_providers_subtree),
      ('delegation', in_providers_subtree)
    ) as tenant_table (name, within_root)
  loop
    visible := format(sees, subject.within_root);
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)',
      subject.name, visible, visible);
    execute format('alter table %I enable row level security', subject.name);
    execute format('alter table %I force row level security', subject.name);
  end loop;

  drop policy self on staff_member;
  for subject in
    select * from (values
      ('staff_member', 'id'),
      ('staff_session', 'staff_member_id'),
      ('service_account', 'id'),
      ('service_account_secret', 'service_account_id'),
      ('trusted_issuer', 'id')
    ) as start (name, key)
  loop
    execute format('create policy sign_in on %I for select to keyward_runtime using (%s)',
      subject.name, format(starts_from, subject.key));
  end loop;
  execute format('create policy issued on staff_member for select to keyward_runtime using (%s)',
    format(starts_from, 'trusted_issuer_id'));
end
$$;

-- The other side of a delegation: the staff of the provider that it is granted to.
create policy granted_select on delegation for select to keyward_runtime
  using (grantee_root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid
    and grantee_provider_id = nullif(current_setting('keyward.provider_id', true), '')::uuid
    and coalesce(current_setting('keyward.organization_ids', true), '') = '');
create policy granted_update on delegation for update to keyward_runtime
  using (grantee_root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid
    and grantee_provider_id = nullif(current_setting('keyward.provider_id', true), '')::uuid
    and coalesce(current_setting('keyward.organization_ids', true), '') = '')
  with check (grantee_root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid
    and grantee_provider_id = nullif(current_setting('keyward.provider_id', true), '')::uuid
    and coalesce(current_setting('keyward.organization_ids', true), '') = '');

-- A delegation may lend organizations of resellers below the granting provider: whoever sees such an organization sees the
-- provider that it belongs to, and nothing else of that reseller.
create policy of_organizations on service_provider for select to keyward_runtime
  using (root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid
    and id = any (coalesce(nullif(current_setting('keyward.organization_provider_ids', true), ''), '{}')::uuid[]));

-- What may be looked up may be taken out of the directory: by whoever names the whole key, as for a look-up.
create policy taken_out on directory_entry for delete to keyward_runtime
  using (key = nullif(current_setting('keyward.directory_key', true), ''));

grant select, insert, update, delete on custom_role, trusted_issuer, service_account_secret, rate_limit, staff_session to keyward_runtime;
grant select, insert, update on service_account to keyward_runtime;
grant select, insert on delegation to keyward_runtime;
grant update (grantee_provider_name, accepted_at, accepted_by_id, accepted_by_name, ended_at, ended_by_id, ended_by_name)
  on delegation to keyward_runtime;
grant delete on staff_member, signing_key to keyward_runtime;
grant update (key_encryption_key_id, wrapped_private_key) on signing_key to keyward_runtime;
