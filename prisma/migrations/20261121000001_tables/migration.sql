-- Tables, keys and checks. Formats are checked here as well as in the code: the database is the last line.

create type api_key_kind as enum ('CLOUD_SERVICE', 'SANDBOX_SUBMISSION');
create type stored_disablement_source as enum ('SERVICE_PROVIDER', 'PLATFORM', 'CALL_THRESHOLD');
create type stored_disablement_reason as enum ('TERMS_VIOLATION', 'CALL_THRESHOLD_EXCEEDED', 'SECURITY_INCIDENT', 'NON_PAYMENT', 'OTHER');
create type threshold_period as enum ('HOUR', 'DAY', 'MONTH');
create type role as enum ('PLATFORM_ADMIN', 'PLATFORM_SUPPORT', 'PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER', 'ORG_ADMIN', 'ORG_VIEWER');
create type directory_kind as enum ('LOGIN_NAME', 'ROOT_PROVIDER_NAME');
create type data_key_purpose as enum ('ENCRYPTION', 'FINGERPRINT');

create table directory_entry (
  kind directory_kind not null,
  key text not null,
  root_provider_id uuid not null,
  target_id uuid not null,
  primary key (key, kind)
);

create table service_provider (
  root_provider_id uuid not null,
  id uuid not null,
  parent_id uuid,
  path uuid[] not null,
  name text not null,
  name_folded text collate "C" not null,
  base_url text,
  created_at timestamptz(3) not null,
  primary key (root_provider_id, id)
);

create table organization (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  name text not null,
  name_folded text collate "C" not null,
  external_id text,
  created_at timestamptz(3) not null,
  primary key (root_provider_id, id)
);

create table subscription (
  root_provider_id uuid not null,
  id uuid not null,
  organization_id uuid not null,
  provider_path uuid[] not null,
  plan text not null,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  call_threshold integer,
  threshold_period threshold_period,
  previous_ended_at timestamptz(3),
  provisioned_at timestamptz(3),
  cancelled_at timestamptz(3),
  superseded_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  primary key (root_provider_id, id)
);

create table api_key (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  provider_path uuid[] not null,
  ciphertext bytea,
  data_key_version integer,
  key_version integer,
  fingerprint bytea,
  last_four text,
  version integer not null default 0,
  created_at timestamptz(3),
  last_modified_at timestamptz(3),
  last_modified_by_id uuid,
  last_modified_by_name text,
  primary key (root_provider_id, organization_id, kind)
);

create table disablement (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  source stored_disablement_source not null,
  provider_path uuid[] not null,
  reason stored_disablement_reason not null,
  note text,
  at timestamptz(3) not null,
  by_id uuid,
  by_name text not null,
  primary key (root_provider_id, organization_id, kind, source)
);

create table staff_member (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid,
  provider_path uuid[] not null,
  organization_id uuid,
  username text not null,
  display_name text not null,
  password_hash text not null,
  role role not null,
  session_epoch integer not null default 0,
  created_at timestamptz(3) not null,
  deactivated_at timestamptz(3),
  primary key (root_provider_id, id)
);

create table data_key (
  root_provider_id uuid not null,
  purpose data_key_purpose not null,
  version integer not null,
  key_encryption_key_id text not null,
  wrapped bytea not null,
  created_at timestamptz(3) not null,
  primary key (root_provider_id, purpose, version)
);

create table signing_key (
  id text not null,
  public_jwk jsonb not null,
  key_encryption_key_id text not null,
  wrapped_private_key bytea not null,
  created_at timestamptz(3) not null,
  primary key (id)
);

create table audit_event (
  root_provider_id uuid not null,
  id uuid not null,
  at timestamptz(3) not null,
  action text not null,
  actor_id uuid,
  actor_name text not null,
  actor_role text,
  on_behalf_of text,
  provider_path uuid[] not null,
  organization_id uuid,
  target text,
  result text not null,
  before text,
  after text,
  note text,
  ip_address text,
  request_id text,
  primary key (root_provider_id, id)
);

create table idempotency_key (
  root_provider_id uuid not null,
  actor_id uuid not null,
  key text not null,
  provider_path uuid[] not null,
  organization_id uuid,
  action text not null,
  input_hash bytea not null,
  answer jsonb,
  created_at timestamptz(3) not null,
  primary key (root_provider_id, actor_id, key)
);
create index service_provider_root_provider_id_name_folded_id_idx on service_provider(root_provider_id, name_folded, id);
create unique index service_provider_root_provider_id_parent_id_name_folded_key on service_provider(root_provider_id, parent_id, name_folded);
create index organization_root_provider_id_name_folded_id_idx on organization(root_provider_id, name_folded, id);
create index organization_root_provider_id_created_at_id_idx on organization(root_provider_id, created_at, id);
create index organization_name_folded_id_idx on organization(name_folded, id);
create unique index organization_root_provider_id_provider_id_name_folded_key on organization(root_provider_id, provider_id, name_folded);
create unique index organization_root_provider_id_provider_id_external_id_key on organization(root_provider_id, provider_id, external_id);
create index audit_event_root_provider_id_at_id_idx on audit_event(root_provider_id, at, id);
create index audit_event_root_provider_id_organization_id_at_id_idx on audit_event(root_provider_id, organization_id, at, id);
create index audit_event_root_provider_id_actor_id_at_id_idx on audit_event(root_provider_id, actor_id, at, id);
create index idempotency_key_created_at_idx on idempotency_key(created_at);
alter table service_provider add constraint service_provider_root_provider_id_parent_id_fkey
  foreign key (root_provider_id, parent_id) references service_provider(root_provider_id, id);
alter table organization add constraint organization_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table subscription add constraint subscription_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);
alter table api_key add constraint api_key_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);
alter table disablement add constraint disablement_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table staff_member add constraint staff_member_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table staff_member add constraint staff_member_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);


-- What schema.prisma cannot say.

alter table service_provider
  add constraint service_provider_path_starts_at_root check (path[1] = root_provider_id),
  add constraint service_provider_path_ends_at_self check (path[cardinality(path)] = id),
  add constraint service_provider_root_has_no_parent check ((parent_id is null) = (id = root_provider_id)),
  add constraint service_provider_name_not_blank check (name = btrim(name) and name <> '');

alter table organization
  add constraint organization_path_starts_at_root check (provider_path[1] = root_provider_id),
  add constraint organization_path_ends_at_provider check (provider_path[cardinality(provider_path)] = provider_id),
  add constraint organization_name_not_blank check (name = btrim(name) and name <> '');

alter table subscription
  add constraint subscription_threshold_has_period check ((call_threshold is null) = (threshold_period is null)),
  add constraint subscription_threshold_positive check (call_threshold >= 1),
  add constraint subscription_ends_after_start check (ends_at > starts_at or cancelled_at is not null);
create unique index subscription_one_current on subscription(root_provider_id, organization_id) where superseded_at is null;
create index subscription_current_ends_at on subscription(root_provider_id, ends_at, organization_id) where superseded_at is null;
create index subscription_awaiting_start on subscription(starts_at) where provisioned_at is null and superseded_at is null;

alter table api_key
  add constraint api_key_string_whole_or_absent check (
    num_nulls(ciphertext, data_key_version, key_version, fingerprint, last_four, created_at) in (0, 6)),
  add constraint api_key_fingerprint_is_hmac_sha256 check (octet_length(fingerprint) = 32),
  add constraint api_key_last_four_format check (last_four ~ '^[A-Za-z0-9]{4}$'),
  add constraint api_key_version_not_negative check (version >= 0 and key_version <= version);
create index api_key_fingerprint on api_key(root_provider_id, fingerprint, organization_id) where fingerprint is not null;
-- Of one kind only: with the kind among its columns the planner would take it for the primary key's equal.
create index api_key_last_modified on api_key(root_provider_id, last_modified_at, organization_id) where kind = 'CLOUD_SERVICE';

alter table disablement
  add constraint disablement_other_has_note check (reason <> 'OTHER' or btrim(coalesce(note, '')) <> '');

alter table staff_member
  add constraint staff_member_role_fits_place check (
    case
      when role in ('PLATFORM_ADMIN', 'PLATFORM_SUPPORT') then provider_id is null and organization_id is null
      when role in ('ORG_ADMIN', 'ORG_VIEWER') then provider_id is not null and organization_id is not null
      else provider_id is not null and organization_id is null
    end),
  add constraint staff_member_password_is_argon2id check (password_hash like '$argon2id$%');
