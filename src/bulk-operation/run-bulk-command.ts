import type { AuditAction } from '../audit/audit-event.ts';
import { type Outcome, runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkOperationRef } from '../ids.ts';
import type { BulkCommandKind } from './bulk-operation.ts';
import { authorizeBulk, type BulkOrder, type BulkTarget, startOperation } from './start-operation.ts';

/** What the audit trail calls the command, and what it does to each organization. */
const auditActionOf: Record<BulkCommandKind, AuditAction> = {
  SYNC_API_KEY: 'api_key.sync',
  DISABLE_API_KEY: 'api_key.disable',
  ENABLE_API_KEY: 'api_key.enable',
  REGENERATE_API_KEY: 'api_key.regenerate',
  RENEW_SUBSCRIPTION: 'subscription.renew',
};

/**
 * The one way in which a command over many organizations begins: whoever may give it has its operation written down, and
 * done if it is small.
 * @param more what the caller gave besides the target: a retry must give the same
 * @param order what is to be done to each; refuses what would be refused of every one of them
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `TOO_MANY_TARGETS`, `LIMIT_REACHED`, `IDEMPOTENCY_KEY_REUSED`
 */
export function runBulkCommand(
  ctx: RequestContext,
  kind: BulkCommandKind,
  target: BulkTarget,
  more: Readonly<Record<string, unknown>>,
  order: (tx: Tx) => Promise<BulkOrder>,
): Promise<Outcome<BulkOperationRef>> {
  const { organizations, filter, atomicity, dryRun, checkedBy, idempotencyKey } = target;
  const checked = checkedBy === null ? {} : { checkedBy };
  const command = {
    action: auditActionOf[kind],
    input: {
      organizations: organizations?.map(({ text }) => text) ?? null,
      filter,
      atomicity,
      dryRun,
      ...checked,
      ...more,
    },
    idempotencyKey,
    target: null,
    locate: async () => null,
  } as const;
  return runCommand<BulkOperationRef>(ctx, command, async (tx) => {
    authorizeBulk(ctx, kind);
    return startOperation(ctx, tx, target, await order(tx));
  });
}
