import type { AuditAction } from '../audit/audit-event.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { deleteDirectoryEntry } from '../directory/directory.repository.ts';
import { notFound } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { TrustedIssuerRef } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { refOf } from './admit-person.ts';
import { deletePeopleOf, endSessionsOf } from './external-member.repository.ts';
import { findMapping, type NamedMapping, requireMayManageIssuer } from './find-mapping.ts';
import {
  deleteTrustedIssuerRow,
  findTrustedIssuer,
  lockTrustedIssuer,
  updateTrustedIssuerRow,
} from './trusted-issuer.repository.ts';
import {
  changesAccess,
  type IssuerSettings,
  issuerKey,
  parseClientId,
  parseDomains,
  parseName,
  parseRoleClaim,
  type TrustedIssuer,
} from './trusted-issuer.ts';
import { recordIssuerChange, sealClientSecret } from './write-issuer.ts';

// Every one may be refused with NOT_FOUND, FORBIDDEN and IDEMPOTENCY_KEY_REUSED.

interface IssuerCommand {
  /** Null: an id that names nothing. */
  readonly trustedIssuer: TrustedIssuerRef | null;
  readonly idempotencyKey: string | null;
}

/** What is undefined stays. */
export interface UpdateTrustedIssuer extends IssuerCommand {
  readonly name: string | undefined;
  /** Null takes it away, and the secret with it. */
  readonly clientId: string | null | undefined;
  readonly clientSecret: Secret | null | undefined;
  readonly roleClaim: string | undefined;
  readonly roleMapping: readonly NamedMapping[] | undefined;
  readonly domains: readonly string[] | undefined;
  readonly isEnabled: boolean | undefined;
}

/** Whatever decides who gets in ends the sessions of all who came in by it. @throws DomainError `VALIDATION_FAILED` */
export function updateTrustedIssuer(ctx: RequestContext, input: UpdateTrustedIssuer): Promise<TrustedIssuerRef> {
  const given = { ...input, clientSecret: input.clientSecret?.expose() ?? input.clientSecret };
  return changeIssuer(ctx, 'trusted_issuer.update', input, given, async (tx, before) => {
    const after = { ...before, ...(await changedSettings(ctx, tx, before, input)) };
    await updateTrustedIssuerRow(tx, refOf(before), after);
    if (changesAccess(before, after)) await endSessionsOf(tx, refOf(before));
    await recordIssuerChange(tx, ctx, 'trusted_issuer.update', { before, after });
  });
}

/** With everybody who came in by it; the audit trail keeps what they did, by name. */
export function deleteTrustedIssuer(ctx: RequestContext, input: IssuerCommand): Promise<TrustedIssuerRef> {
  return changeIssuer(ctx, 'trusted_issuer.delete', input, { ...input }, async (tx, before) => {
    const removedPeople = await deletePeopleOf(tx, refOf(before));
    await deleteTrustedIssuerRow(tx, refOf(before));
    const key = issuerKey(before.issuer, before.audience);
    const entry = { rootProviderId: before.rootProviderId, targetId: before.id };
    await tx.within({ level: 'DIRECTORY', key }, (directory) =>
      deleteDirectoryEntry(directory, 'TRUSTED_ISSUER', key, entry),
    );
    await recordIssuerChange(tx, ctx, 'trusted_issuer.delete', { before, after: null, more: { removedPeople } });
  });
}

async function changeIssuer(
  ctx: RequestContext,
  action: AuditAction,
  { trustedIssuer, idempotencyKey }: IssuerCommand,
  input: Readonly<Record<string, unknown>>,
  change: (tx: Tx, before: TrustedIssuer) => Promise<void>,
): Promise<TrustedIssuerRef> {
  const find = async (tx: Tx) => (trustedIssuer === null ? null : findTrustedIssuer(tx, trustedIssuer));
  const target = trustedIssuer?.trustedIssuerId ?? null;
  const { answer } = await runCommand(ctx, { action, input, idempotencyKey, target, locate: find }, async (tx) => {
    const found = authorize(ctx.actor, 'staff:manage', await find(tx), 'trustedIssuerId');
    const issuer = await lockTrustedIssuer(tx, refOf(found));
    if (issuer === null) throw notFound('trustedIssuerId');
    await requireMayManageIssuer(ctx, tx, issuer);
    await change(tx, issuer);
    return refOf(issuer);
  });
  return answer;
}

async function changedSettings(
  ctx: RequestContext,
  tx: Tx,
  before: TrustedIssuer,
  input: UpdateTrustedIssuer,
): Promise<IssuerSettings> {
  const { name, roleClaim, roleMapping, domains, isEnabled } = input;
  const clientId = changed(input.clientId, before.clientId, (id) => (id === null ? null : parseClientId(id)));
  const { clientSecret: secret } = input;
  const keptSecret = clientId === null ? null : before.clientSecret;
  return {
    name: changed(name, before.name, parseName),
    clientId,
    clientSecret: secret === undefined ? keptSecret : await sealClientSecret(ctx, tx, { ...before, clientId }, secret),
    roleClaim: changed(roleClaim, before.roleClaim, parseRoleClaim),
    roleMapping: roleMapping === undefined ? before.roleMapping : await findMapping(ctx, tx, roleMapping, before),
    domains: changed(domains, before.domains, parseDomains),
    disabledAt: changed(isEnabled, before.disabledAt, (is) => (is ? null : (before.disabledAt ?? ctx.now))),
  };
}

function changed<Given, Value>(given: Given | undefined, before: Value, parse: (given: Given) => Value): Value {
  return given === undefined ? before : parse(given);
}
