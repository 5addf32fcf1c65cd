import { refuseBadAllowance } from '../api-key/overlap.ts';
import type { RequestContext } from '../context.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { type ChangeSetting, changeSetting } from './change-setting.ts';
import { writeOverlapAllowed } from './service-provider.repository.ts';

export interface SetOverlapAllowed extends ChangeSetting {
  /** 0: none; at most a day. */
  readonly overlapAllowedMinutes: number;
}

/**
 * From now on; an overlap that runs goes on.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`
 */
export function setOverlapAllowed(ctx: RequestContext, input: SetOverlapAllowed): Promise<ServiceProviderRef> {
  return changeSetting(ctx, input, {
    action: 'service_provider.set_overlap_allowed',
    name: 'overlapAllowedMinutes',
    value: input.overlapAllowedMinutes,
    refuseBad: refuseBadAllowance,
    write: writeOverlapAllowed,
  });
}
