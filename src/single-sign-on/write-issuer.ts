import type { AuditAction } from '../audit/audit-event.ts';
import { type Change, recordChange } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
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
  { more, ...change }: Change<TrustedIssuer> & { readonly more?: { readonly removedPeople: number } },
): Promise<void> {
  return recordChange(tx, ctx, action, change, auditStateOf, more ?? null);
}
