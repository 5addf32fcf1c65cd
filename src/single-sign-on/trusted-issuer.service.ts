import { askFirst } from '../command/ask-first.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { directoryKeyIndex, insertDirectoryEntry } from '../directory/directory.repository.ts';
import { DomainError } from '../errors.ts';
import type { Place } from '../identity/actor.ts';
import { newId, type ServiceProviderRef, type TrustedIssuerRef } from '../ids.ts';
import { parseAudience, parseIssuer } from '../issuer.ts';
import type { Secret } from '../secrets/secret.ts';
import { findPlaceToManage, lookUpPlace, targetOf } from '../staff/find-place.ts';
import { refOf } from './admit-person.ts';
import { discoveryRefusal } from './discovery-refusal.ts';
import { findMapping, type NamedMapping } from './find-mapping.ts';
import { insertTrustedIssuer } from './trusted-issuer.repository.ts';
import {
  issuerKey,
  parseClientId,
  parseDomains,
  parseName,
  parseRoleClaim,
  type TrustedIssuer,
} from './trusted-issuer.ts';
import { recordIssuerChange, sealClientSecret } from './write-issuer.ts';

export interface CreateTrustedIssuer {
  /** Null: the platform's own. `'UNKNOWN'`: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | 'UNKNOWN' | null;
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string | null;
  readonly clientSecret: Secret | null;
  readonly roleClaim: string;
  readonly roleMapping: readonly NamedMapping[];
  readonly domains: readonly string[];
  readonly idempotencyKey: string | null;
}

/**
 * An issuer is trusted once it has been seen: it must publish a document that says that it is who it is said to be, and
 * where its keys are. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME`
 */
export async function createTrustedIssuer(ctx: RequestContext, input: CreateTrustedIssuer): Promise<TrustedIssuerRef> {
  const place = { serviceProvider: input.serviceProvider, organization: null };
  const command = {
    action: 'trusted_issuer.create' as const,
    input: { ...input, clientSecret: input.clientSecret?.expose() ?? null },
    idempotencyKey: input.idempotencyKey,
    target: targetOf(place),
    locate: (tx: Tx) => lookUpPlace(tx, place),
  };
  const allow = (tx: Tx) => findPlaceToManage(ctx, tx, place);
  const refusal = await askFirst(ctx, allow, () => discoveryRefusal(ctx, input.issuer));
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const owner = await allow(tx);
    const issuer = await newTrustedIssuer(ctx, tx, input, owner);
    if (refusal !== null) throw refusal;
    await insertUniquely(tx, issuer);
    await recordIssuerChange(tx, ctx, command.action, { before: null, after: issuer });
    return refOf(issuer);
  });
  return answer;
}

async function newTrustedIssuer(
  ctx: RequestContext,
  tx: Tx,
  input: CreateTrustedIssuer,
  place: Place,
): Promise<TrustedIssuer> {
  const { rootProviderId, providerId, providerPath } = place;
  const id = newId<'TrustedIssuer'>();
  const clientId = input.clientId === null ? null : parseClientId(input.clientId);
  return {
    rootProviderId,
    providerId,
    providerPath,
    organizationId: null,
    id,
    name: parseName(input.name),
    issuer: parseIssuer(input.issuer),
    audience: parseAudience(input.audience),
    clientId,
    clientSecret: await sealClientSecret(ctx, tx, { rootProviderId, id, clientId }, input.clientSecret),
    roleClaim: parseRoleClaim(input.roleClaim),
    roleMapping: await findMapping(ctx, tx, input.roleMapping, place),
    domains: parseDomains(input.domains),
    createdAt: ctx.now,
    disabledAt: null,
  };
}

/** A token leads to one issuer by what it says of itself: nobody else may trust the same issuer for the same audience. */
async function insertUniquely(tx: Tx, issuer: TrustedIssuer): Promise<void> {
  const { rootProviderId, id: targetId } = issuer;
  try {
    const key = issuerKey(issuer.issuer, issuer.audience);
    await insertDirectoryEntry(tx, 'TRUSTED_ISSUER', key, { rootProviderId, targetId });
    await insertTrustedIssuer(tx, issuer);
  } catch (error) {
    if (!isUniqueViolation(error, directoryKeyIndex)) throw error;
    const message = 'This issuer is trusted for this audience already. Give the audience that is yours alone.';
    throw new DomainError('DUPLICATE_NAME', message, ['audience']);
  }
}
