-- Webhooks: endpoints, what waits to be sent to them and what was sent, and in which order.

create type webhook_disabled_reason as enum ('BY_STAFF', 'GONE', 'FAILING');
create type webhook_delivery_status as enum ('PENDING', 'DELIVERED', 'FAILED');

create table webhook_endpoint (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  name text not null,
  url text not null,
  events text[] not null,
  organization_ids uuid[],
  ciphertext bytea not null,
  data_key_purpose data_key_purpose not null default 'ENCRYPTION',
  data_key_version integer not null,
  previous_secret_until timestamptz(3),
  cursor bigint not null,
  failing_since timestamptz(3),
  disabled_at timestamptz(3),
  disabled_reason webhook_disabled_reason,
  created_at timestamptz(3) not null,
  created_by_name text not null,
  primary key (root_provider_id, id)
);

create table webhook_delivery (
  root_provider_id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  sequence bigint not null,
  provider_path uuid[] not null,
  organization_id uuid,
  lane uuid not null,
  type text not null,
  status webhook_delivery_status not null,
  attempts integer not null default 0,
  created_at timestamptz(3) not null,
  first_attempt_at timestamptz(3),
  last_attempt_at timestamptz(3),
  response_status integer,
  error text,
  delivered_at timestamptz(3),
  primary key (root_provider_id, endpoint_id, event_id)
);

create table webhook_lane (
  root_provider_id uuid not null,
  endpoint_id uuid not null,
  lane uuid not null,
  provider_path uuid[] not null,
  pending integer not null,
  next_attempt_at timestamptz(3) not null,
  claim uuid,
  primary key (root_provider_id, endpoint_id, lane)
);

create index webhook_endpoint_root_provider_id_provider_id_idx on webhook_endpoint(root_provider_id, provider_id);
create unique index webhook_delivery_root_provider_id_endpoint_id_sequence_key on webhook_delivery(root_provider_id, endpoint_id, sequence);
create index webhook_delivery_created_at_idx on webhook_delivery(created_at);
-- What waits is little beside what was sent, and is looked for several times a second.
create index webhook_delivery_waiting on webhook_delivery(root_provider_id, endpoint_id, lane, sequence) where status = 'PENDING';
create index webhook_lane_waiting on webhook_lane(root_provider_id, endpoint_id, next_attempt_at) where pending > 0;

alter table webhook_endpoint add constraint webhook_endpoint_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);
alter table webhook_endpoint add constraint webhook_endpoint_root_data_key_purpose_data_key_version_fkey
  foreign key (root_provider_id, data_key_purpose, data_key_version) references data_key(root_provider_id, purpose, version);
alter table webhook_delivery add constraint webhook_delivery_root_provider_id_endpoint_id_fkey
  foreign key (root_provider_id, endpoint_id) references webhook_endpoint(root_provider_id, id) on delete cascade;
alter table webhook_lane add constraint webhook_lane_root_provider_id_endpoint_id_fkey
  foreign key (root_provider_id, endpoint_id) references webhook_endpoint(root_provider_id, id) on delete cascade;

alter table webhook_endpoint
  add constraint webhook_endpoint_data_key_purpose_is_encryption check (data_key_purpose = 'ENCRYPTION'),
  add constraint webhook_endpoint_has_events check (cardinality(events) > 0),
  add constraint webhook_endpoint_disabled_has_reason check ((disabled_at is null) = (disabled_reason is null));
alter table webhook_delivery
  add constraint webhook_delivery_delivered_has_time check ((status = 'DELIVERED') = (delivered_at is not null)),
  add constraint webhook_delivery_attempts_not_negative check (attempts >= 0);
alter table webhook_lane
  add constraint webhook_lane_pending_not_negative check (pending >= 0);

do $$
declare
  visible constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and coalesce(current_setting('keyward.organization_ids', true), '') = '' end$sql$;
  name text;
begin
  foreach name in array array['webhook_endpoint', 'webhook_delivery', 'webhook_lane'] loop
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)', name, visible, visible);
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
end
$$;

grant select, insert, update, delete on webhook_endpoint, webhook_delivery to keyward_runtime;
grant select, insert, update on webhook_lane to keyward_runtime;
