import { fromFingerprint } from '../api-key/api-key.sql.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';

const find = statement<{ organizationId: string }>(
  'organization_group.find_holder',
  `select organization_id as "organizationId" from api_key where root_provider_id = $1 and fingerprint = $2 limit 1`,
);

/** Whether an organization in sight has a string of this fingerprint. */
export async function isHeld(tx: Tx, root: ServiceProviderId, fingerprint: Fingerprint): Promise<boolean> {
  return (await tx.rowOrNull(find, [root, fromFingerprint(fingerprint)])) !== null;
}
