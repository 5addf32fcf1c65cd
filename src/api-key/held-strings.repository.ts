import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import { fromFingerprint } from './api-key.sql.ts';

const find = statement<{ fingerprint: Fingerprint }>(
  'api_key.find_held_strings',
  `select encode(fingerprint, 'hex') as fingerprint from api_key
   where root_provider_id = $1 and fingerprint = any ($2::bytea[])
   union select encode(previous_fingerprint, 'hex') from api_key
   where root_provider_id = $1 and overlap_version is not null and previous_fingerprint = any ($2::bytea[])`,
);

/** Which of these strings an organization in sight has, or has still beside a new one. */
export async function findHeldStrings(
  tx: Tx,
  root: ServiceProviderId,
  fingerprints: readonly Fingerprint[],
): Promise<ReadonlySet<Fingerprint>> {
  const rows = await tx.rows(find, [root, fingerprints.map(fromFingerprint)]);
  return new Set(rows.map(({ fingerprint }) => fingerprint));
}
