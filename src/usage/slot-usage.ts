import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { TenantRow } from '../database/scope.ts';
import type { OrganizationId } from '../ids.ts';
import type { Counter, CountingTerms, NoticePercent } from './count-calls.ts';

/** A slot's counter as everybody sees it who sees the slot. */
export interface SlotUsage extends TenantRow, CountingTerms {
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyRef['kind'];
  /** Null while no call was ever counted. */
  readonly counter: Counter | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
}

/** Of a slot that stands for an organization that nobody knows. */
export function neverUsed(slot: ApiKeyRef): SlotUsage {
  const terms = { callThreshold: null, thresholdPeriod: null, windowOpenedAt: null };
  return { ...slot, ...terms, providerPath: [], counter: null, lastUsedAt: null, lastUsedAddress: null };
}

/** A window of a slot. */
export interface WindowRef extends ApiKeyRef {
  readonly startsAt: Date;
}

/** A window has used up a part of its threshold. */
export interface UsageWarning extends WindowRef {
  readonly percent: NoticePercent;
  readonly used: number;
  readonly threshold: number;
  readonly at: Date;
}
