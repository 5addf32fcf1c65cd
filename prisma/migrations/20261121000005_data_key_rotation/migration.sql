-- Rotation of data keys. What is sealed refers to the key that it is sealed by: the database refuses to lose that key.

create table data_key_rotation (
  id uuid not null,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  rewrapped integer not null default 0,
  resealed integer not null default 0,
  primary key (id)
);

alter table api_key
  add column data_key_purpose data_key_purpose not null default 'ENCRYPTION',
  add constraint api_key_data_key_purpose_is_encryption check (data_key_purpose = 'ENCRYPTION');
alter table api_key add constraint api_key_root_provider_id_data_key_purpose_data_key_version_fkey
  foreign key (root_provider_id, data_key_purpose, data_key_version) references data_key(root_provider_id, purpose, version);

-- Keys are changed and deleted by the platform's own work only.
create policy changed_by_the_platform on data_key as restrictive for update to keyward_runtime
  using (current_setting('keyward.platform', true) = 'on');
create policy deleted_by_the_platform on data_key as restrictive for delete to keyward_runtime
  using (current_setting('keyward.platform', true) = 'on');

grant delete on data_key to keyward_runtime;
grant select, insert, update on data_key_rotation to keyward_runtime;
