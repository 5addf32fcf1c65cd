import type { ApiKeyKind } from '../api-key/api-key.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, ServiceProviderId } from '../ids.ts';
import type { NoticePercent } from '../usage/count-calls.ts';

/** What the gateway noted with the call that reached a part of a threshold. */
export interface ThresholdNotice {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
  readonly providerPath: readonly ServiceProviderId[];
  readonly kind: ApiKeyKind;
  readonly windowStart: Date;
  readonly percent: NoticePercent;
  readonly used: number;
  readonly threshold: number;
  readonly at: Date;
}

const listRoots = statement<{ id: ServiceProviderId }>(
  'threshold_notice.list_roots',
  'select distinct root_provider_id as id from usage_notice where told_at is null',
);

export async function findRootsToTell(tx: Tx): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRoots, [])).map(({ id }) => id);
}

const markTold = statement<Omit<ThresholdNotice, 'used'> & { used: string }>(
  'threshold_notice.mark_told',
  `with due as (
     select root_provider_id, organization_id, kind, window_start, threshold, percent from usage_notice
     where root_provider_id = $1 and told_at is null order by at, percent limit $2 for update skip locked)
   update usage_notice n set told_at = $3 from due
   where n.root_provider_id = $1 and n.organization_id = due.organization_id and n.kind = due.kind
     and n.window_start = due.window_start and n.threshold = due.threshold and n.percent = due.percent
   returning n.root_provider_id as "rootProviderId", n.organization_id as "organizationId",
     n.provider_path as "providerPath", n.kind, n.window_start as "windowStart", n.percent, n.used, n.threshold, n.at`,
);

/** Takes the oldest that nobody has been told of: whoever gets one is to tell it in the same transaction. */
export async function takeUntold(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  most: number,
  now: Date,
): Promise<ThresholdNotice[]> {
  const rows = await tx.rows(markTold, [rootProviderId, most, now]);
  const notices = rows.map((row) => ({ ...row, used: Number(row.used) }));
  return notices.sort((a, b) => a.at.getTime() - b.at.getTime() || a.percent - b.percent);
}
