-- Which string of a slot a service account has been told last: each is written into the audit trail once.

create table api_key_fetch (
  root_provider_id uuid not null,
  organization_id uuid not null,
  kind api_key_kind not null,
  service_account_id uuid not null,
  provider_path uuid[] not null,
  key_version integer not null,
  at timestamptz(3) not null,
  primary key (root_provider_id, organization_id, kind, service_account_id)
);

create index api_key_fetch_root_provider_id_service_account_id_idx on api_key_fetch(root_provider_id, service_account_id);

alter table api_key_fetch add constraint api_key_fetch_root_provider_id_organization_id_kind_fkey
  foreign key (root_provider_id, organization_id, kind) references api_key(root_provider_id, organization_id, kind);
alter table api_key_fetch add constraint api_key_fetch_root_provider_id_service_account_id_fkey
  foreign key (root_provider_id, service_account_id) references service_account(root_provider_id, id) on delete cascade;

do $$
declare
  visible constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path)
      and case when coalesce(current_setting('keyward.organization_ids', true), '') = '' then true
        else organization_id = any (current_setting('keyward.organization_ids', true)::uuid[]) end end$sql$;
begin
  execute format('create policy in_sight on api_key_fetch to keyward_runtime using (%s) with check (%s)', visible, visible);
end
$$;
alter table api_key_fetch enable row level security;
alter table api_key_fetch force row level security;

grant select, insert, update on api_key_fetch to keyward_runtime;
