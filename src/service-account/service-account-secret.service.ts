import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { notFound } from '../errors.ts';
import { newId, type ServiceAccountId } from '../ids.ts';
import { generateClientSecret, hashClientSecret } from './client-secret.ts';
import { findById, lockById, type NewSecret } from './service-account.service.ts';
import { requireGrantable, requireRoomForSecret, type ServiceAccountSecretRef } from './service-account.ts';
import { deleteSecret, findAccountOfSecret, insertSecret, listSecrets } from './service-account-secret.repository.ts';

export interface AddServiceAccountSecret {
  /** Null: an id that names nothing. */
  readonly id: ServiceAccountId | null;
  readonly idempotencyKey: string | null;
}

/**
 * Whoever gets a secret gets all that the account may do: it takes somebody who could have created the account.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED` when it was revoked, `LIMIT_REACHED`
 */
export async function addServiceAccountSecret(ctx: RequestContext, input: AddServiceAccountSecret): Promise<NewSecret> {
  const command = {
    action: 'service_account.add_secret' as const,
    input: { id: input.id },
    idempotencyKey: input.idempotencyKey,
    target: input.id,
    locate: (tx: Tx) => findById(ctx, tx, input.id),
  };
  const clientSecret = generateClientSecret();
  const { answer: id, replayed } = await runCommand(ctx, command, async (tx) => {
    const account = await lockById(ctx, tx, input.id, 'serviceAccountId');
    requireGrantable(ctx.actor, account.permissions);
    requireRoomForSecret(account, (await listSecrets(tx, [account])).length);
    const secretId = newId<'ServiceAccountSecret'>();
    await insertSecret(tx, account, { id: secretId, hash: hashClientSecret(clientSecret) }, ctx.now);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: account,
      target: account.id,
      result: 'OK',
      before: null,
      after: { name: account.name, secretId },
      note: null,
    });
    return account.id;
  });
  return { id, clientSecret: replayed ? null : clientSecret };
}

export interface RevokeServiceAccountSecret {
  /** Null: an id that names nothing. */
  readonly secret: ServiceAccountSecretRef | null;
  readonly idempotencyKey: string | null;
}

/**
 * From the commit on neither the secret nor a token that was got with it holds anywhere.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`
 */
export async function revokeServiceAccountSecret(
  ctx: RequestContext,
  { secret, idempotencyKey }: RevokeServiceAccountSecret,
): Promise<ServiceAccountId> {
  const find = async (tx: Tx) => (secret === null ? null : findAccountOfSecret(tx, secret));
  const command = {
    action: 'service_account.revoke_secret' as const,
    input: { secret },
    idempotencyKey,
    target: secret?.secretId ?? null,
    locate: async (tx: Tx) => findById(ctx, tx, (await find(tx))?.serviceAccountId ?? null),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const account = await lockById(ctx, tx, (await find(tx))?.serviceAccountId ?? null, 'secretId');
    if (secret === null || !(await deleteSecret(tx, secret))) throw notFound('secretId');
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: account,
      target: account.id,
      result: 'OK',
      before: { name: account.name, secretId: secret.secretId },
      after: null,
      note: null,
    });
    return account.id;
  });
  return answer;
}
