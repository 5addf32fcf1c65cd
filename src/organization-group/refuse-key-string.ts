import { findHeldStrings } from '../api-key/held-strings.repository.ts';
import { keyStringsIn } from '../api-key/key-string.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import type { OrganizationGroup } from './organization-group.ts';

/**
 * A group keeps what it searches for in the clear. A name may look like a key string: what somebody in sight has as their
 * key is one. @throws DomainError `VALIDATION_FAILED`
 */
export async function refuseKeyString(
  { keyRing }: RequestContext,
  tx: Tx,
  { rootProviderId }: OrganizationGroup,
  search: string | null,
): Promise<void> {
  const keyStrings = keyStringsIn(search ?? '');
  if (keyStrings.length === 0 || !keyRing.isAvailable) return;
  const keys = await keyRing.of(tx, rootProviderId);
  const fingerprints = keyStrings.map((keyString) => keys.fingerprint(keyString));
  if ((await findHeldStrings(tx, rootProviderId, fingerprints)).size === 0) return;
  const message = 'This is a key. Filter by its fingerprint instead.';
  throw new DomainError('VALIDATION_FAILED', message, ['filter', 'search']);
}
