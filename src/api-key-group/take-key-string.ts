import { openKeyString } from '../api-key/key-material.ts';
import type { KeyString } from '../api-key/key-string.ts';
import { auditState } from '../api-key/run-key-command.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { OrganizationRef } from '../ids.ts';
import { findKeySource } from './key-source.repository.ts';

/**
 * The string of an organization's `CLOUD_SERVICE` slot, to be written into others and shown to nobody; that it was taken is
 * written down in the organization's trail. Whoever syncs may take it, without `apiKey:reveal`.
 * @param ref null: an id that names nothing
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `KEY_NOT_FOUND`
 */
export async function takeKeyString(ctx: RequestContext, tx: Tx, ref: OrganizationRef | null): Promise<KeyString> {
  const found = ref === null ? null : await findKeySource(tx, ref);
  const slot = authorize(ctx.actor, 'apiKey:sync', found, 'newKeyFrom');
  const keyString = await openKeyString(ctx, tx, slot);
  if (keyString === null) {
    throw new DomainError('KEY_NOT_FOUND', 'This organization has no key. Take one that has.', ['newKeyFrom']);
  }
  await recordAudit(tx, ctx, {
    action: 'api_key.copy',
    subject: slot,
    target: slot.organizationId,
    result: 'OK',
    before: auditState(slot, ctx.now),
    after: null,
    note: null,
  });
  return keyString;
}
