import type { RequestContext } from '../context.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { type ChangeSetting, changeSetting } from './change-setting.ts';
import { writeApprovalAbove } from './service-provider.repository.ts';
import { refuseBadApprovalAbove } from './service-provider.ts';

export interface SetApprovalAbove extends ChangeSetting {
  /** Null: nothing waits for a second person. */
  readonly approvalAbove: number | null;
}

/**
 * From now on; what was started already stays as it was.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`
 */
export function setApprovalAbove(ctx: RequestContext, input: SetApprovalAbove): Promise<ServiceProviderRef> {
  return changeSetting(ctx, input, {
    action: 'service_provider.set_approval_above',
    name: 'approvalAbove',
    value: input.approvalAbove,
    refuseBad: refuseBadApprovalAbove,
    write: writeApprovalAbove,
  });
}
