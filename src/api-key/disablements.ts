import { expiredSince } from '../subscription/subscription.ts';
import type { DisablementReason, DisablementSource } from './api-key.ts';
import type { ApiKeyView, StoredDisablement } from './api-key-slot.ts';

/** One reason why a slot is disabled, kept or derived. */
export interface Disablement extends Omit<StoredDisablement, 'source' | 'reason'> {
  readonly source: DisablementSource;
  readonly reason: DisablementReason;
}

/** The whole set (DOMAIN.md, "Disablements"): what is kept, and what follows from the subscription. */
export function allDisablements(slot: ApiKeyView, stored: readonly StoredDisablement[], now: Date): Disablement[] {
  const at = expiredSince(slot.subscription, now);
  if (at === null) return [...stored];
  const reason = 'SUBSCRIPTION_EXPIRED';
  return [...stored, { source: reason, reason, note: null, at, byId: null, byName: 'System' }];
}
