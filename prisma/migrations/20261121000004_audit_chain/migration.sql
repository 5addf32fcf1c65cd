-- A hash chain over the audit trail of each root provider. An event is put into audit_unsealed with its own insert, and
-- from there into the chain within a second, so that commands do not queue behind one chain head.

create table audit_unsealed (
  root_provider_id uuid not null,
  event_id uuid not null,
  primary key (root_provider_id, event_id)
);

create table audit_link (
  root_provider_id uuid not null,
  sequence bigint not null,
  event_id uuid not null,
  hash bytea not null,
  primary key (root_provider_id, sequence)
);

create table audit_chain (
  root_provider_id uuid not null,
  sequence bigint not null,
  hash bytea not null,
  sealed_at timestamptz(3) not null,
  signature text,
  primary key (root_provider_id)
);

-- Platform staff read the trails of all roots as one.
create index audit_event_at_id_idx on audit_event(at, id);
create unique index audit_link_root_provider_id_event_id_key on audit_link(root_provider_id, event_id);
alter table audit_link
  add constraint audit_link_sequence_positive check (sequence >= 1),
  add constraint audit_link_hash_is_sha256 check (octet_length(hash) = 32);

insert into audit_unsealed (root_provider_id, event_id) select root_provider_id, id from audit_event;

do $$
declare
  platform_only constant text := $sql$case when current_setting('keyward.platform', true) = 'on' then true else false end$sql$;
  name text;
begin
  foreach name in array array['audit_unsealed', 'audit_link', 'audit_chain'] loop
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)', name, platform_only, platform_only);
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
end
$$;
create policy own_root on audit_unsealed for insert to keyward_runtime
  with check (root_provider_id = nullif(current_setting('keyward.root_provider_id', true), '')::uuid);

grant select, insert, delete on audit_unsealed to keyward_runtime;
grant select, insert on audit_link to keyward_runtime;
grant select, insert, update on audit_chain to keyward_runtime;
