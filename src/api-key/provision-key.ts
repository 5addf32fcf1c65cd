import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { OrganizationRef } from '../ids.ts';
import { lockSlot, writeKey } from './api-key.repository.ts';
import { applyChange, isProvisionable } from './api-key.ts';
import { sealKeyString } from './key-material.ts';
import { KeyString } from './key-string.ts';
import { auditState } from './run-key-command.ts';

/**
 * Fills the organization's slot when its subscription starts, unless it is filled or disabled (DOMAIN.md, decision 4).
 * @returns whether it did
 */
export async function provisionKey(ctx: RequestContext, tx: Tx, organization: OrganizationRef): Promise<boolean> {
  const slot = await lockSlot(tx, { ...organization, kind: 'CLOUD_SERVICE' });
  if (slot === null || !isProvisionable(slot)) return false;
  const material = await sealKeyString(ctx, tx, slot, KeyString.generate());
  await writeKey(tx, slot, material, { at: ctx.now, byId: ctx.actor.id, byName: ctx.actor.displayName });
  const filled = applyChange(slot, { fingerprint: material.fingerprint, disable: null, lift: [] });
  await recordAudit(tx, ctx, {
    action: 'api_key.provision',
    subject: slot,
    target: slot.organizationId,
    result: 'OK',
    before: auditState(slot, ctx.now),
    after: auditState({ ...filled, version: slot.version + 1 }, ctx.now),
    note: null,
  });
  return true;
}
