import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { notFound } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { findServiceProvider, lockServiceProvider, writeApprovalAbove } from './service-provider.repository.ts';
import { refuseBadApprovalAbove, seesProvider } from './service-provider.ts';

export interface SetApprovalAbove {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  /** Null: nothing waits for a second person. */
  readonly approvalAbove: number | null;
  readonly idempotencyKey: string | null;
}

/**
 * From now on; what was started already stays as it was.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`
 */
export async function setApprovalAbove(ctx: RequestContext, input: SetApprovalAbove): Promise<ServiceProviderRef> {
  const { serviceProvider: ref, approvalAbove, idempotencyKey } = input;
  const find = async (tx: Tx) => (ref === null ? null : findServiceProvider(tx, ref));
  const command = {
    action: 'service_provider.set_approval_above',
    input: { serviceProvider: ref, approvalAbove },
    idempotencyKey,
    target: ref?.serviceProviderId ?? null,
    locate: find,
  } as const;
  const { answer } = await runCommand<ServiceProviderRef>(ctx, command, async (tx) => {
    const found = authorize(ctx.actor, 'provider:manage', await find(tx), 'serviceProviderId', seesProvider);
    refuseBadApprovalAbove(approvalAbove);
    const provider = await lockServiceProvider(tx, found);
    if (provider === null) throw notFound('serviceProviderId');
    await writeApprovalAbove(tx, provider, approvalAbove);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: provider,
      target: provider.id,
      result: 'OK',
      before: { approvalAbove: provider.approvalAbove },
      after: { approvalAbove },
      note: null,
    });
    return { rootProviderId: provider.rootProviderId, serviceProviderId: provider.id };
  });
  return answer;
}
