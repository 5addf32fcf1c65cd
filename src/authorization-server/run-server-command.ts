import type { AuditAction } from '../audit/audit-event.ts';
import { recordChange } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { notFound } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { AuthorizationServerRef } from '../ids.ts';
import { lockOrganization } from '../organization/organization.repository.ts';
import { findAuthorizationServer, lockServersOf } from './authorization-server.repository.ts';
import { type AuthorizationServer, auditStateOf, refuseMovedVersion } from './authorization-server.ts';

export interface ServerCommand {
  /** Null: an id that names nothing. */
  readonly authorizationServer: AuthorizationServerRef | null;
  readonly expectedVersion: number | null;
  readonly idempotencyKey: string | null;
}

export function refOf({ rootProviderId, id: authorizationServerId }: AuthorizationServer): AuthorizationServerRef {
  return { rootProviderId, authorizationServerId };
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export async function findServerToManage(
  { actor }: RequestContext,
  tx: Tx,
  { authorizationServer: ref }: ServerCommand,
): Promise<AuthorizationServer> {
  const found = ref === null ? null : await findAuthorizationServer(tx, ref);
  return authorize(actor, 'apiKey:manage', found, 'authorizationServerId');
}

/**
 * Authorize, lock, change, audit: the one way in which a server that there is changes. The organization's lock comes first,
 * so that two commands on its two servers cannot enable both.
 * @param change writes, and gives what the server has become; null when it is gone
 */
export async function runServerCommand(
  ctx: RequestContext,
  action: AuditAction,
  input: ServerCommand,
  change: (
    tx: Tx,
    server: AuthorizationServer,
    others: readonly AuthorizationServer[],
  ) => Promise<AuthorizationServer | null>,
): Promise<AuthorizationServerRef> {
  const { authorizationServer: ref, expectedVersion, idempotencyKey } = input;
  const find = async (tx: Tx) => (ref === null ? null : findAuthorizationServer(tx, ref));
  const target = ref?.authorizationServerId ?? null;
  const command = { action, input: { ...input }, idempotencyKey, target, locate: find };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const found = await findServerToManage(ctx, tx, input);
    await lockOrganization(tx, found);
    const servers = await lockServersOf(tx, found);
    const server = servers.find(({ id }) => id === found.id);
    if (server === undefined) throw notFound('authorizationServerId');
    refuseMovedVersion(server, expectedVersion);
    const others = servers.filter((other) => other !== server);
    await recordServerChange(tx, ctx, action, server, await change(tx, server, others));
    return refOf(server);
  });
  return answer;
}

export function recordServerChange(
  tx: Tx,
  ctx: RequestContext,
  action: AuditAction,
  before: AuthorizationServer | null,
  after: AuthorizationServer | null,
): Promise<void> {
  return recordChange(tx, ctx, action, { before, after }, auditStateOf);
}
