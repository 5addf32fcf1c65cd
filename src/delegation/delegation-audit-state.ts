import type { AuditState } from '../audit/audit-event.ts';
import { type Delegation, delegationStatus } from './delegation.ts';

/** A delegation as the trails of both sides show it: which organizations it lends stays in its row, for good. */
export function delegationAuditState(delegation: Delegation, now: Date): AuditState {
  return {
    status: delegationStatus(delegation, now),
    role: delegation.role,
    serviceProvider: delegation.providerName,
    grantee: delegation.granteeProviderName,
    organizationCount: delegation.organizationIds.length,
    expiresAt: delegation.expiresAt.toISOString(),
  };
}
