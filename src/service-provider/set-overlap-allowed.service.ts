import { refuseBadAllowance } from '../api-key/overlap.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { notFound } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { findServiceProvider, lockServiceProvider, writeOverlapAllowed } from './service-provider.repository.ts';
import { seesProvider } from './service-provider.ts';

export interface SetOverlapAllowed {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  /** 0: none; at most a day. */
  readonly overlapAllowedMinutes: number;
  readonly idempotencyKey: string | null;
}

/**
 * From now on; an overlap that runs goes on.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`
 */
export async function setOverlapAllowed(ctx: RequestContext, input: SetOverlapAllowed): Promise<ServiceProviderRef> {
  const { serviceProvider: ref, overlapAllowedMinutes, idempotencyKey } = input;
  const find = async (tx: Tx) => (ref === null ? null : findServiceProvider(tx, ref));
  const command = {
    action: 'service_provider.set_overlap_allowed',
    input: { serviceProvider: ref, overlapAllowedMinutes },
    idempotencyKey,
    target: ref?.serviceProviderId ?? null,
    locate: find,
  } as const;
  const { answer } = await runCommand<ServiceProviderRef>(ctx, command, async (tx) => {
    const found = authorize(ctx.actor, 'provider:manage', await find(tx), 'serviceProviderId', seesProvider);
    refuseBadAllowance(overlapAllowedMinutes);
    const provider = await lockServiceProvider(tx, found);
    if (provider === null) throw notFound('serviceProviderId');
    await writeOverlapAllowed(tx, provider, overlapAllowedMinutes);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: provider,
      target: provider.id,
      result: 'OK',
      before: { overlapAllowedMinutes: provider.overlapAllowedMinutes },
      after: { overlapAllowedMinutes },
      note: null,
    });
    return { rootProviderId: provider.rootProviderId, serviceProviderId: provider.id };
  });
  return answer;
}
