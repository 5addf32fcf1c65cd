import {
  Ban,
  CalendarClock,
  CalendarX,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CirclePlay,
  CircleX,
  Clock,
  Gauge,
  Hourglass,
  Layers2,
  type LucideIcon,
  RefreshCw,
  ShieldBan,
  UserCheck,
} from 'lucide-react';
import { type DisablementSource, gravestOf } from './disablement.ts';

export type Tone = 'green' | 'red' | 'orange' | 'grey' | 'amber' | 'outline' | 'blue' | 'violet';

interface Status {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
}

/** The one language of states: charts take their colours from here as well (`var(--kw-<tone>)`). */
export const statuses = {
  enabled: { word: 'Enabled', tone: 'green', icon: CircleCheck },
  disabledByProvider: { word: 'Disabled by provider', tone: 'red', icon: Ban },
  disabledByPlatform: { word: 'Disabled by platform', tone: 'red', icon: ShieldBan },
  overThreshold: { word: 'Over threshold', tone: 'orange', icon: Gauge },
  subscriptionExpired: { word: 'Subscription expired', tone: 'grey', icon: CalendarX },
  expired: { word: 'Expired', tone: 'grey', icon: CalendarX },
  endingSoon: { word: 'Ending soon', tone: 'amber', icon: Hourglass },
  noKey: { word: 'No key', tone: 'outline', icon: CircleDashed },
  rotationDue: { word: 'Rotation due', tone: 'blue', icon: RefreshCw },
  overlap: { word: 'Overlap', tone: 'violet', icon: Layers2 },
  active: { word: 'Active', tone: 'green', icon: CircleCheck },
  scheduled: { word: 'Scheduled', tone: 'blue', icon: CalendarClock },
  deactivated: { word: 'Deactivated', tone: 'grey', icon: Ban },
  passwordDue: { word: 'Password to be chosen', tone: 'amber', icon: Hourglass },
  revoked: { word: 'Revoked', tone: 'grey', icon: Ban },
  toAccept: { word: 'To be accepted', tone: 'amber', icon: Hourglass },
  ended: { word: 'Ended', tone: 'grey', icon: CircleDashed },
  disabled: { word: 'Disabled', tone: 'grey', icon: Ban },
  switchedOff: { word: 'Switched off', tone: 'grey', icon: Ban },
  waiting: { word: 'Waiting', tone: 'grey', icon: Clock },
  needsApproval: { word: 'Needs approval', tone: 'violet', icon: UserCheck },
  running: { word: 'Running', tone: 'blue', icon: CirclePlay },
  done: { word: 'Done', tone: 'green', icon: CircleCheck },
  doneInPart: { word: 'Done in part', tone: 'amber', icon: CircleMinus },
  failed: { word: 'Failed', tone: 'red', icon: CircleX },
  cancelled: { word: 'Cancelled', tone: 'outline', icon: Ban },
  wouldSucceed: { word: 'Would succeed', tone: 'green', icon: CircleCheck },
  wouldSucceedInPart: { word: 'Would succeed in part', tone: 'amber', icon: CircleMinus },
  wouldFail: { word: 'Would fail', tone: 'red', icon: CircleX },
  changed: { word: 'Changed', tone: 'green', icon: CircleCheck },
  unchanged: { word: 'Was so already', tone: 'grey', icon: CircleMinus },
  refused: { word: 'Refused', tone: 'red', icon: CircleX },
  wouldChange: { word: 'Would change', tone: 'green', icon: CircleCheck },
  couldChange: { word: 'Could change', tone: 'outline', icon: CircleDashed },
  isSoAlready: { word: 'Is so already', tone: 'grey', icon: CircleMinus },
  wouldRefuse: { word: 'Would refuse', tone: 'red', icon: CircleX },
  failing: { word: 'Failing', tone: 'orange', icon: CircleAlert },
  delivered: { word: 'Delivered', tone: 'green', icon: CircleCheck },
  planned: { word: 'Planned', tone: 'blue', icon: CalendarClock },
  rotationAhead: { word: 'Rotation ahead', tone: 'outline', icon: CalendarClock },
  rotationOverdue: { word: 'Rotation overdue', tone: 'amber', icon: Hourglass },
} as const satisfies Record<string, Status>;

export type StatusName = keyof typeof statuses;

export const statusOfSource = {
  PLATFORM: 'disabledByPlatform',
  SERVICE_PROVIDER: 'disabledByProvider',
  CALL_THRESHOLD: 'overThreshold',
  SUBSCRIPTION_EXPIRED: 'subscriptionExpired',
} as const satisfies Record<DisablementSource, StatusName>;

export interface KeyState {
  readonly status: 'ENABLED' | 'DISABLED' | 'NONE';
  readonly disablements: readonly { readonly source: DisablementSource }[];
}

export function statusOfKey({ status, disablements }: KeyState): StatusName {
  const gravest = gravestOf(disablements);
  if (gravest !== undefined) return statusOfSource[gravest.source];
  return status === 'NONE' ? 'noKey' : 'enabled';
}

export const ENDING_SOON_DAYS = 30;
const DAY_MS = 86_400_000;

export function statusOfSubscription(
  subscription: { readonly status: 'ACTIVE' | 'EXPIRED' | 'SCHEDULED'; readonly endsAt: string },
  now: number,
): StatusName {
  if (subscription.status === 'EXPIRED') return 'expired';
  if (subscription.status === 'SCHEDULED') return 'scheduled';
  return Date.parse(subscription.endsAt) - now < ENDING_SOON_DAYS * DAY_MS ? 'endingSoon' : 'active';
}

/** The API tells of thresholds that are used up to these per cent. */
export const NEAR_PERCENT = 75;
const VERY_NEAR_PERCENT = 90;

/** Of a threshold that is used up in part. */
export function toneOf(percent: number): Tone {
  if (percent >= VERY_NEAR_PERCENT) return 'orange';
  return percent >= NEAR_PERCENT ? 'amber' : 'green';
}
