import { withoutKeys } from '../api-key/key-string.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import { requirePermission } from '../identity/authorize.ts';
import { stillAllowed } from '../identity/still-allowed.ts';
import { LARGEST_PAGE_SIZE } from '../page.ts';
import { listFleet } from './fleet.service.ts';
import { type FleetFilter, type FleetItem, type FleetOrder, positionOf, refuseBadFilter } from './fleet.ts';

const BY_NAME: FleetOrder = { field: 'NAME', direction: 'ASC' };

export interface FleetExport {
  readonly filter: FleetFilter;
  readonly format: string;
  /** Names of those that are written. */
  readonly columns: readonly string[];
  /** Asked again while the export goes on. @throws Error when the caller may not go on */
  authenticate(): Promise<RequestContext>;
}

/**
 * The organizations that the caller sees and asks for, by name, in pages: the next is read when it is asked for, so that
 * it takes no more memory than one of them, and no connection while a client is slow. The export is an event, written
 * before this answers. It breaks off when the caller is signed out or loses the permission meanwhile.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`
 */
export async function exportFleet(
  ctx: RequestContext,
  asked: FleetExport,
): Promise<AsyncGenerator<readonly FleetItem[], void, undefined>> {
  const { home } = ctx.actor;
  const { filter, format, columns } = asked;
  const command = { action: 'organization.export', input: {}, idempotencyKey: null, target: null } as const;
  await runCommand(ctx, { ...command, locate: async () => home }, async (tx) => {
    requirePermission(ctx.actor, 'apiKey:view');
    refuseBadFilter(filter);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: home,
      target: null,
      result: 'OK',
      before: null,
      after: { format, columns, ...stateOf(filter) },
      note: null,
    });
  });
  return pagesOf(ctx, asked);
}

async function* pagesOf(ctx: RequestContext, { filter, authenticate }: FleetExport) {
  const requireStill = stillAllowed(authenticate, 'apiKey:view');
  for (let after = null; ; ) {
    const [page] = await listFleet(ctx, null, { filter, order: BY_NAME, page: { first: LARGEST_PAGE_SIZE, after } });
    const last = page?.items.at(-1);
    if (page === undefined || last === undefined) return;
    yield page.items;
    if (!page.hasNextPage) return;
    after = positionOf(last, BY_NAME);
    await requireStill();
  }
}

function stateOf(filter: FleetFilter) {
  return {
    search: filter.search === null ? null : withoutKeys(filter.search),
    serviceProviderId: filter.serviceProvider?.serviceProviderId ?? null,
    apiKeyStatus: filter.apiKeyStatus,
    disablementSource: filter.disablementSource,
    subscriptionStatus: filter.subscriptionStatus,
    fingerprint: filter.fingerprint,
    fingerprintNot: filter.fingerprintNot,
    subscriptionEndsBefore: filter.subscriptionEndsBefore?.toISOString() ?? null,
    keyModifiedSince: filter.keyModifiedSince?.toISOString() ?? null,
    keyModifiedBefore: filter.keyModifiedBefore?.toISOString() ?? null,
    thresholdUsedPercentAtLeast: filter.thresholdUsedPercentAtLeast,
    rotation: filter.rotation,
    groupId: filter.group?.organizationGroupId ?? null,
  };
}
