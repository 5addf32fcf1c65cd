import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { notFound } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { findServiceProvider, lockServiceProvider } from './service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from './service-provider.ts';

export interface ChangeSetting {
  /** Null: an id that names nothing. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly idempotencyKey: string | null;
}

type SettingName = 'approvalAbove' | 'overlapAllowedMinutes';

interface Setting<Name extends SettingName> {
  readonly action: AuditAction;
  readonly name: Name;
  readonly value: ServiceProvider[Name];
  /** Throws when nobody may choose this one. */
  readonly refuseBad: (value: ServiceProvider[Name]) => void;
  readonly write: (tx: Tx, provider: ServiceProvider, value: ServiceProvider[Name]) => Promise<void>;
}

/**
 * Changes one setting of one provider, under its lock.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, and what `refuseBad` throws
 */
export async function changeSetting<Name extends SettingName>(
  ctx: RequestContext,
  { serviceProvider: ref, idempotencyKey }: ChangeSetting,
  { action, name, value, refuseBad, write }: Setting<Name>,
): Promise<ServiceProviderRef> {
  const find = async (tx: Tx) => (ref === null ? null : findServiceProvider(tx, ref));
  const input = { serviceProvider: ref, [name]: value };
  const command = { action, input, idempotencyKey, target: ref?.serviceProviderId ?? null, locate: find };
  const { answer } = await runCommand<ServiceProviderRef>(ctx, command, async (tx) => {
    const found = authorize(ctx.actor, 'provider:manage', await find(tx), 'serviceProviderId', seesProvider);
    refuseBad(value);
    const provider = await lockServiceProvider(tx, found);
    if (provider === null) throw notFound('serviceProviderId');
    await write(tx, provider, value);
    await recordAudit(tx, ctx, {
      action,
      subject: provider,
      target: provider.id,
      result: 'OK',
      before: { [name]: provider[name] },
      after: { [name]: value },
      note: null,
    });
    return { rootProviderId: provider.rootProviderId, serviceProviderId: provider.id };
  });
  return answer;
}
