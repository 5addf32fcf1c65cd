-- From which networks a service account was told the string that it was told last: each is written into the audit trail once.
alter table api_key_fetch add column networks text[] not null default array[]::text[];
