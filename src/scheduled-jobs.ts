import { forgetEndedApiSessions } from './api-session/forget-ended.service.ts';
import { forgetExpired } from './authentication/forget-expired.service.ts';
import { expireApprovals } from './bulk-operation/expire-approvals.service.ts';
import { forgetIdempotencyKeys } from './command/forget-idempotency-keys.service.ts';
import type { Services } from './context.ts';
import { sendMails } from './mail/mail.worker.ts';
import { tellSubscriptionEnds } from './notice/tell-subscription-ends.service.ts';
import { tellThresholds } from './notice/tell-thresholds.service.ts';
import { announceRotations } from './rotation/announce-rotations.service.ts';
import { forgetOldStrings } from './rotation/end-key-overlap.service.ts';
import { rotateDueKeys } from './rotation/rotate-due-keys.service.ts';
import { settleRotationPolicies } from './rotation/settle-policies.service.ts';
import type { ScheduledJob } from './scheduler/scheduled-job.ts';
import { rollUpUsage } from './usage/roll-up-usage.service.ts';
import { forgetDeliveries } from './webhook/forget-deliveries.service.ts';

/** Everything that is done once a minute. A new job is a line here: it comes from its feature, as a service function. */
export const scheduledJobs: readonly ScheduledJob<Services>[] = [
  { name: 'expire_approvals', run: expireApprovals },
  { name: 'forget_expired_sign_ins', run: forgetExpired },
  { name: 'forget_ended_api_sessions', run: forgetEndedApiSessions },
  { name: 'forget_idempotency_keys', run: forgetIdempotencyKeys },
  { name: 'forget_webhook_deliveries', run: forgetDeliveries },
  { name: 'settle_rotation_policies', run: settleRotationPolicies },
  { name: 'announce_rotations', run: announceRotations },
  { name: 'rotate_due_keys', run: rotateDueKeys },
  { name: 'forget_old_key_strings', run: forgetOldStrings },
  { name: 'roll_up_usage', run: rollUpUsage },
  { name: 'send_mails', run: sendMails },
  { name: 'tell_subscription_ends', run: tellSubscriptionEnds },
  { name: 'tell_thresholds', run: tellThresholds },
];

export const jobNames = scheduledJobs.map(({ name }) => name);
