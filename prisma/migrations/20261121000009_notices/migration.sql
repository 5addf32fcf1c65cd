-- What the clock does: when its jobs were last put in line, which notices were told, and who is told by mail.

create type mail_digest as enum ('IMMEDIATE', 'HOURLY', 'DAILY');
create type mail_disabled_reason as enum ('BY_STAFF', 'FAILING');

create table scheduled_job (
  name text not null,
  queued_at timestamptz(3) not null,
  succeeded_at timestamptz(3),
  failed_at timestamptz(3),
  primary key (name)
);

create table subscription_notice (
  root_provider_id uuid not null,
  subscription_id uuid not null,
  ends_at timestamptz(3) not null,
  lead_days integer not null,
  organization_id uuid not null,
  provider_path uuid[] not null,
  at timestamptz(3) not null,
  primary key (root_provider_id, subscription_id, ends_at, lead_days)
);

create table mail_recipient (
  root_provider_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_path uuid[] not null,
  address text not null,
  events text[] not null,
  organization_ids uuid[],
  digest mail_digest not null,
  cursor bigint not null,
  due_at timestamptz(3),
  through bigint,
  attempts integer not null default 0,
  claim uuid,
  claimed_until timestamptz(3),
  last_sent_at timestamptz(3),
  failing_since timestamptz(3),
  error text,
  disabled_at timestamptz(3),
  disabled_reason mail_disabled_reason,
  created_at timestamptz(3) not null,
  created_by_name text not null,
  primary key (root_provider_id, id)
);

-- What has reached a threshold before now is old news.
alter table usage_notice add column told_at timestamptz(3) default now();
alter table usage_notice alter column told_at drop default;

create index subscription_in_force_ends_at on subscription(ends_at) where superseded_at is null and cancelled_at is null;
create index usage_notice_untold on usage_notice(at) where told_at is null;
create index mail_recipient_root_provider_id_provider_id_idx on mail_recipient(root_provider_id, provider_id);

alter table subscription_notice add constraint subscription_notice_root_provider_id_subscription_id_fkey
  foreign key (root_provider_id, subscription_id) references subscription(root_provider_id, id);
alter table mail_recipient add constraint mail_recipient_root_provider_id_provider_id_fkey
  foreign key (root_provider_id, provider_id) references service_provider(root_provider_id, id);

alter table subscription_notice add constraint subscription_notice_lead_days check (lead_days in (0, 1, 7, 14, 30));
alter table mail_recipient
  add constraint mail_recipient_has_events check (cardinality(events) > 0),
  add constraint mail_recipient_address_is_one check (address ~ '^[^[:space:][:cntrl:]<>,;"@]+@[^[:space:][:cntrl:]<>,;"@]+$'),
  add constraint mail_recipient_disabled_has_reason check ((disabled_at is null) = (disabled_reason is null)),
  add constraint mail_recipient_claim_has_end check ((claim is null) = (claimed_until is null));

do $$
declare
  within_root constant text := $sql$case
    when current_setting('keyward.platform', true) = 'on' then true
    when root_provider_id is distinct from nullif(current_setting('keyward.root_provider_id', true), '')::uuid then false
    else nullif(current_setting('keyward.provider_id', true), '')::uuid = any (provider_path) and %s end$sql$;
  no_organizations constant text := $sql$coalesce(current_setting('keyward.organization_ids', true), '') = ''$sql$;
  its_organizations constant text := $sql$case when coalesce(current_setting('keyward.organization_ids', true), '') = ''
    then true else organization_id = any (current_setting('keyward.organization_ids', true)::uuid[]) end$sql$;
  subject record;
  visible text;
begin
  for subject in
    select * from (values ('subscription_notice', its_organizations), ('mail_recipient', no_organizations)) v (name, rule)
  loop
    visible := format(within_root, subject.rule);
    execute format('create policy in_sight on %I to keyward_runtime using (%s) with check (%s)', subject.name, visible, visible);
    execute format('alter table %I enable row level security', subject.name);
    execute format('alter table %I force row level security', subject.name);
  end loop;
end
$$;

grant select, insert, update on scheduled_job to keyward_runtime;
grant select, insert on subscription_notice to keyward_runtime;
grant update (told_at) on usage_notice to keyward_runtime;
grant select, insert, update, delete on mail_recipient to keyward_runtime;
