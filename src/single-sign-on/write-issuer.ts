import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { homeOf } from '../identity/actor.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Sealed } from '../secrets/tenant-keys.ts';
import { auditStateOf, checkClientSecret, secretContext, type TrustedIssuer } from './trusted-issuer.ts';

/** @throws DomainError `VALIDATION_FAILED`, `SECRETS_UNAVAILABLE` */
export async function sealClientSecret(
  ctx: RequestContext,
  tx: Tx,
  { rootProviderId, id, clientId }: Pick<TrustedIssuer, 'rootProviderId' | 'id' | 'clientId'>,
  secret: Secret | null,
): Promise<Sealed | null> {
  if (secret === null) return null;
  checkClientSecret(secret.expose(), clientId);
  const keys = await ctx.keyRing.of(tx, rootProviderId);
  return keys.seal(secret, secretContext(id));
}

/** @param more of what the command did besides */
export function recordIssuerChange(
  tx: Tx,
  ctx: RequestContext,
  action: AuditAction,
  {
    before,
    after,
    more = {},
  }: { before: TrustedIssuer | null; after: TrustedIssuer | null; more?: { removedPeople?: number } },
): Promise<void> {
  const issuer = after ?? before;
  if (issuer === null) throw new TypeError('nothing was changed');
  return recordAudit(tx, ctx, {
    action,
    subject: homeOf(issuer),
    target: issuer.id,
    result: 'OK',
    before: before === null ? null : auditStateOf(before),
    after: after === null && Object.keys(more).length === 0 ? null : { ...(after && auditStateOf(after)), ...more },
    note: null,
  });
}
