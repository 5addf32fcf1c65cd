import type { TestDatabase } from '../test-database.ts';

/** Every event of the trail is in its root's chain, and one waits for it, whether or not a worker has been there. */
export async function insertAuditLinks(database: TestDatabase): Promise<void> {
  await database.query(
    `insert into audit_unsealed (root_provider_id, event_id)
     select distinct on (root_provider_id) root_provider_id, id from audit_event on conflict do nothing`,
  );
  await database.query(
    `insert into audit_link (root_provider_id, sequence, event_id, hash)
     select root_provider_id, 1000000 + row_number() over (partition by root_provider_id order by id), id, sha256('')
     from audit_event on conflict do nothing`,
  );
  await database.query(
    `insert into audit_chain (root_provider_id, sequence, hash, sealed_at)
     select distinct root_provider_id, 1, sha256(''), now() from audit_event on conflict do nothing`,
  );
}
