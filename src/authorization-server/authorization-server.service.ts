import { askFirst } from '../command/ask-first.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { authorize, refuseBorrower } from '../identity/authorize.ts';
import { type AuthorizationServerRef, newId, type OrganizationRef } from '../ids.ts';
import { parseAudience, parseIssuer } from '../issuer.ts';
import { findOrganization, lockOrganization } from '../organization/organization.repository.ts';
import type { Organization } from '../organization/organization.ts';
import {
  deleteAuthorizationServerRow,
  insertAuthorizationServer,
  lockServersOf,
  updateAuthorizationServerRow,
} from './authorization-server.repository.ts';
import {
  type AuthorizationServer,
  decideSwitch,
  freePlace,
  parseJwksUrl,
  parseName,
  refuseTakenName,
} from './authorization-server.ts';
import { keySetRefusal } from './key-set-refusal.ts';
import {
  findServerToManage,
  recordServerChange,
  refOf,
  runServerCommand,
  type ServerCommand,
} from './run-server-command.ts';

// Whoever may add a key may say whose tokens stand for it, but not under a delegation: tokens signed there would be taken
// after its end. What only takes access away may be done under one. Every command may be refused with NOT_FOUND, FORBIDDEN and
// IDEMPOTENCY_KEY_REUSED, and those on a server that there is with VERSION_CONFLICT.

export interface CreateAuthorizationServer {
  /** Null: an id that names nothing. */
  readonly organization: OrganizationRef | null;
  readonly name: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
  readonly idempotencyKey: string | null;
}

/**
 * It is enabled unless the other one is. Its keys must be there to be read.
 * @throws DomainError `VALIDATION_FAILED`, `DUPLICATE_NAME`, `LIMIT_REACHED`
 */
export async function createAuthorizationServer(
  ctx: RequestContext,
  input: CreateAuthorizationServer,
): Promise<AuthorizationServerRef> {
  const { organization: ref, idempotencyKey } = input;
  const find = async (tx: Tx) => (ref === null ? null : findOrganization(tx, ref));
  const command = {
    action: 'authorization_server.create' as const,
    input: { ...input },
    idempotencyKey,
    target: ref?.organizationId ?? null,
    locate: find,
  };
  const allow = async (tx: Tx) => {
    const organization = authorize(ctx.actor, 'apiKey:manage', await find(tx), 'organizationId');
    refuseBorrower(ctx.actor);
    return organization;
  };
  const refusal = await askFirst(ctx, allow, () => keySetRefusal(ctx, input.jwksUrl));
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const organization = await allow(tx);
    await lockOrganization(tx, organization);
    const server = newServer(ctx, input, organization, await lockServersOf(tx, organization));
    if (refusal !== null) throw refusal;
    await insertAuthorizationServer(tx, server);
    await recordServerChange(tx, ctx, command.action, null, server);
    return refOf(server);
  });
  return answer;
}

function newServer(
  ctx: RequestContext,
  input: CreateAuthorizationServer,
  { rootProviderId, organizationId, providerPath }: Organization,
  others: readonly AuthorizationServer[],
): AuthorizationServer {
  const name = parseName(input.name);
  refuseTakenName(name, others);
  return {
    rootProviderId,
    organizationId,
    providerPath,
    id: newId<'AuthorizationServer'>(),
    place: freePlace(others),
    name,
    issuer: parseIssuer(input.issuer),
    jwksUrl: parseJwksUrl(input.jwksUrl),
    audience: parseAudience(input.audience),
    isEnabled: others.every(({ isEnabled }) => !isEnabled),
    version: 1,
    createdAt: ctx.now,
    createdByName: ctx.actor.displayName,
  };
}

/** What is undefined stays. */
export interface UpdateAuthorizationServer extends ServerCommand {
  readonly name: string | undefined;
  readonly issuer: string | undefined;
  readonly jwksUrl: string | undefined;
  readonly audience: string | undefined;
}

/** Tokens that were good under the old settings alone are dead at once. @throws DomainError `VALIDATION_FAILED`, `DUPLICATE_NAME` */
export async function updateAuthorizationServer(
  ctx: RequestContext,
  input: UpdateAuthorizationServer,
): Promise<AuthorizationServerRef> {
  const { name, issuer, jwksUrl, audience } = input;
  const allow = async (tx: Tx) => {
    await findServerToManage(ctx, tx, input);
    refuseBorrower(ctx.actor);
  };
  const refusal = jwksUrl === undefined ? null : await askFirst(ctx, allow, () => keySetRefusal(ctx, jwksUrl));
  return runServerCommand(ctx, 'authorization_server.update', input, async (tx, server, others) => {
    refuseBorrower(ctx.actor);
    const after = {
      ...server,
      name: name === undefined ? server.name : parseName(name),
      issuer: issuer === undefined ? server.issuer : parseIssuer(issuer),
      jwksUrl: jwksUrl === undefined ? server.jwksUrl : parseJwksUrl(jwksUrl),
      audience: audience === undefined ? server.audience : parseAudience(audience),
    };
    refuseTakenName(after.name, others);
    if (refusal !== null) throw refusal;
    await updateAuthorizationServerRow(tx, server, after);
    return after;
  });
}

/** The other one is disabled in the same moment: there is none in which the tokens of both hold, or of neither. @throws DomainError `NOT_DISABLED` */
export function enableAuthorizationServer(ctx: RequestContext, input: ServerCommand): Promise<AuthorizationServerRef> {
  return runServerCommand(ctx, 'authorization_server.enable', input, async (tx, server, others) => {
    refuseBorrower(ctx.actor);
    decideSwitch(server, true);
    for (const other of others.filter(({ isEnabled }) => isEnabled)) {
      await updateAuthorizationServerRow(tx, other, { ...other, isEnabled: false });
      await recordServerChange(tx, ctx, 'authorization_server.disable', other, { ...other, isEnabled: false });
    }
    const after = { ...server, isEnabled: true };
    await updateAuthorizationServerRow(tx, server, after);
    return after;
  });
}

/** No token of it is accepted once this has been answered. @throws DomainError `ALREADY_DISABLED` */
export function disableAuthorizationServer(ctx: RequestContext, input: ServerCommand): Promise<AuthorizationServerRef> {
  return runServerCommand(ctx, 'authorization_server.disable', input, async (tx, server) => {
    decideSwitch(server, false);
    const after = { ...server, isEnabled: false };
    await updateAuthorizationServerRow(tx, server, after);
    return after;
  });
}

/** The same, for good. */
export function deleteAuthorizationServer(ctx: RequestContext, input: ServerCommand): Promise<AuthorizationServerRef> {
  return runServerCommand(ctx, 'authorization_server.delete', input, async (tx, server) => {
    await deleteAuthorizationServerRow(tx, server);
    return null;
  });
}
