-- Where keys are used: sessions, counted calls, authorization servers.

-- Support that lifts CALL_THRESHOLD opens a fresh window; whoever counts next begins anew from there.
alter table api_key add column window_opened_at timestamptz(3);

create table usage_counter (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  provider_path uuid[] not null,
  window_start timestamptz(3) not null,
  used bigint not null,
  hour timestamptz(3) not null,
  hour_calls bigint not null,
  threshold integer,
  last_used_at timestamptz(3) not null,
  last_used_address text,
  primary key (root_provider_id, organization_id, kind)
) with (fillfactor = 50);

create table usage_hour (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  hour timestamptz(3) not null,
  provider_path uuid[] not null,
  calls bigint not null,
  primary key (root_provider_id, organization_id, kind, hour)
);

create table usage_day (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  day timestamptz(3) not null,
  provider_path uuid[] not null,
  calls bigint not null,
  primary key (root_provider_id, organization_id, kind, day)
);

create table usage_notice (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  window_start timestamptz(3) not null,
  percent integer not null,
  provider_path uuid[] not null,
  used bigint not null,
  threshold integer not null,
  at timestamptz(3) not null,
  primary key (root_provider_id, organization_id, kind, window_start, threshold, percent)
);

create table api_session (
  root_provider_id uuid not null,
  id uuid not null,
  organization_id uuid not null,
  provider_path uuid[] not null,
  staff_member_id uuid not null,
  username text not null,
  secret_hash bytea not null,
  slot_version integer not null,
  session_epoch integer not null,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3) not null,
  ip_address text,
  user_agent text,
  primary key (root_provider_id, id)
) with (fillfactor = 80);

create table api_login (
  root_provider_id uuid not null,
  organization_id uuid not null,
  timestamp_ms bigint not null,
  provider_path uuid[] not null,
  at timestamptz(3) not null,
  primary key (root_provider_id, organization_id, timestamp_ms)
);

create table authorization_server (
  root_provider_id uuid not null,
  id uuid not null,
  organization_id uuid not null,
  provider_path uuid[] not null,
  place integer not null,
  name text not null,
  issuer text not null,
  jwks_url text not null,
  audience text not null,
  enabled boolean not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  created_by_name text not null,
  primary key (root_provider_id, id)
);

create index organization_root_provider_id_external_id_idx on organization(root_provider_id, external_id);
create index usage_hour_hour_idx on usage_hour(hour);
create index api_session_root_provider_id_organization_id_created_at_id_idx on api_session(root_provider_id, organization_id, created_at, id);
create index api_session_root_provider_id_staff_member_id_idx on api_session(root_provider_id, staff_member_id);
create index api_login_at_idx on api_login(at);
create unique index authorization_server_root_provider_id_organization_id_place_key on authorization_server(root_provider_id, organization_id, place);
create unique index authorization_server_one_enabled on authorization_server(root_provider_id, organization_id) where enabled;

alter table usage_counter add constraint usage_counter_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table usage_hour add constraint usage_hour_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table usage_day add constraint usage_day_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table usage_notice add constraint usage_notice_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table api_session add constraint api_session_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);
alter table api_session add constraint api_session_root_provider_id_staff_member_id_fkey
  foreign key (root_provider_id, staff_member_id) references staff_member(root_provider_id, id) on delete cascade;
alter table api_login add constraint api_login_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);
alter table authorization_server add constraint authorization_server_root_provider_id_organization_id_fkey
  foreign key (root_provider_id, organization_id) references organization(root_provider_id, id);

alter table usage_counter add constraint usage_counter_counts check (used >= 0 and hour_calls >= 0);
alter table usage_hour add constraint usage_hour_counts check (calls > 0);
alter table usage_day add constraint usage_day_counts check (calls > 0);
alter table usage_notice add constraint usage_notice_percent check (percent in (75, 90, 100));
alter table authorization_server
  add constraint authorization_server_at_most_two check (place in (1, 2)),
  add constraint authorization_server_name_not_blank check (name = btrim(name) and name <> '');

do $$
declare
  visible constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and case when coalesce(current_setting('keyward.organization_ids', true), '') = '' then true
        else organization_id = any (current_setting('keyward.organization_ids', true)::uuid[]) end end$sql$;
  subject text;
begin
  foreach subject in array array['usage_counter', 'usage_hour', 'usage_day', 'usage_notice', 'api_session', 'api_login',
    'authorization_server']
  loop
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)', subject, visible, visible);
    execute format('alter table %I enable row level security', subject);
    execute format('alter table %I force row level security', subject);
  end loop;
end
$$;

grant select, insert, update on usage_counter, usage_hour, usage_day to keyward_runtime;
grant delete on usage_hour to keyward_runtime;
grant select, insert on usage_notice to keyward_runtime;
grant select, insert, update, delete on api_session, authorization_server to keyward_runtime;
grant select, insert, delete on api_login to keyward_runtime;
