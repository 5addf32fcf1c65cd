import type { SlotTerms } from '../api-key/key-age.ts';
import { DEFAULT_GRACE_MINUTES, type OverlapTerms, parseOverlap } from '../api-key/overlap.ts';
import type { AuditState } from '../audit/audit-event.ts';
import type { TenantRow } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import type {
  OrganizationGroupId,
  OrganizationId,
  RotationPolicyId,
  RotationPolicyRef,
  ServiceProviderId,
} from '../ids.ts';
import type { Position } from '../page.ts';
import { parseLine } from '../text.ts';
import { ANY_TIME, gapDays, parseWindow, type RotationWindow, windowInWords } from './rotation-window.ts';

export const rotationModes = ['NOTIFY', 'AUTOMATIC'] as const;
/** `NOTIFY`: people are told and rotate themselves. `AUTOMATIC`: keys are rotated in the window. */
export type RotationMode = (typeof rotationModes)[number];

export const MOST_POLICIES_OF_PROVIDER = 100;
const LONGEST_NAME = 200;
const LONGEST_AGE_DAYS = 3650;
const LONGEST_LEAD_DAYS = 365;
const MOST_LEADS = 10;

/** What a policy says. */
export interface RotationTerms {
  readonly name: string;
  /** Of a key string, in days of 24 hours. */
  readonly maximumAgeDays: number;
  readonly mode: RotationMode;
  readonly window: RotationWindow;
  /** So many days ahead it is told, each once; the longest first. None: nobody is told. */
  readonly noticeDays: readonly number[];
  /** Whether organizations on one string get a new one together, in one flip. */
  readonly sharedString: boolean;
  /** 0: the old string dies at once. */
  readonly overlapMinutes: number;
  readonly overlapGraceMinutes: number;
  readonly isEnabled: boolean;
}

/** For the keys of a provider's subtree, of a group's members, or of one organization: `CLOUD_SERVICE` keys only. */
export interface RotationPolicy extends TenantRow, RotationTerms {
  readonly id: RotationPolicyId;
  /** Whose it is: of a group the group's provider, of an organization its own. */
  readonly providerId: ServiceProviderId;
  readonly groupId: OrganizationGroupId | null;
  readonly ofOrganizationId: OrganizationId | null;
  /** Moves with every change of what it says. */
  readonly version: number;
  readonly createdAt: Date;
  readonly createdByName: string;
  readonly organizationId: null;
}

export function refOf({ rootProviderId, id }: RotationPolicy): RotationPolicyRef {
  return { rootProviderId, rotationPolicyId: id };
}

export function positionOf({ createdAt, id }: RotationPolicy): Position {
  return { value: createdAt.toISOString(), id };
}

const USUAL_LEADS = [14, 7, 1];

/** What a policy says that is given no more. */
export function newTermsFor(maximumAgeDays: number): Omit<RotationTerms, 'name' | 'maximumAgeDays' | 'mode'> {
  return {
    window: ANY_TIME,
    noticeDays: USUAL_LEADS.filter((days) => days < maximumAgeDays),
    sharedString: false,
    overlapMinutes: 0,
    overlapGraceMinutes: DEFAULT_GRACE_MINUTES,
    isEnabled: true,
  };
}

/** @param allowedMinutes overlap that the policy's provider allows. @throws DomainError `VALIDATION_FAILED` */
export function parseTerms(terms: RotationTerms, allowedMinutes: number): RotationTerms {
  const { maximumAgeDays, noticeDays, overlapMinutes, overlapGraceMinutes } = terms;
  if (!isDays(maximumAgeDays, LONGEST_AGE_DAYS)) {
    throw validationFailed('maximumAgeDays', `Give 1 to ${LONGEST_AGE_DAYS} days.`);
  }
  const leads = [...new Set(noticeDays)].sort((left, right) => right - left);
  if (leads.length > MOST_LEADS || leads.some((days) => !isDays(days, LONGEST_LEAD_DAYS) || days >= maximumAgeDays)) {
    const message = `Give at most ${MOST_LEADS} lead times from 1 day up to ${LONGEST_LEAD_DAYS}, all shorter than maximumAgeDays.`;
    throw validationFailed('noticeDays', message);
  }
  parseOverlap(overlapMinutes, overlapGraceMinutes, allowedMinutes);
  return {
    ...terms,
    name: parseLine('name', terms.name, LONGEST_NAME),
    window: parseWindow(terms.window),
    noticeDays: leads,
  };
}

function isDays(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

/** Whether keys that it holds for have to be told anew: of another name they need not. */
export function saysTheSame(left: RotationTerms, right: RotationTerms): boolean {
  return JSON.stringify({ ...termsOf(left), name: '' }) === JSON.stringify({ ...termsOf(right), name: '' });
}

/** Nothing but what it says. */
export function termsOf(terms: RotationTerms): RotationTerms {
  const { name, maximumAgeDays, mode, window, noticeDays, sharedString, overlapMinutes } = terms;
  const { overlapGraceMinutes, isEnabled } = terms;
  return {
    ...{ name, maximumAgeDays, mode, window, noticeDays, sharedString, overlapMinutes },
    ...{ overlapGraceMinutes, isEnabled },
  };
}

/** As it is done now: what its provider allows may have become less. */
export function overlapOf(policy: RotationPolicy, allowedMinutes: number): OverlapTerms | null {
  const minutes = Math.min(policy.overlapMinutes, allowedMinutes);
  return minutes === 0 ? null : { minutes, graceMinutes: policy.overlapGraceMinutes };
}

export function slotTermsOf({ maximumAgeDays, noticeDays, window }: RotationTerms): SlotTerms {
  return {
    afterDays: maximumAgeDays,
    leadDays: noticeDays.at(-1) ?? 0,
    noticeDays: noticeDays[0] ?? 0,
    gapDays: gapDays(window),
  };
}

export function auditStateOf(policy: RotationPolicy): AuditState {
  const { name, maximumAgeDays, mode, sharedString, overlapMinutes, overlapGraceMinutes, isEnabled } = policy;
  return {
    ...{ name, place: placeOf(policy), maximumAgeDays, mode, window: windowInWords(policy.window) },
    noticeDays: policy.noticeDays.join(', '),
    ...{ sharedString, overlapMinutes, overlapGraceMinutes, isEnabled },
  };
}

function placeOf({ groupId, ofOrganizationId }: RotationPolicy): string {
  if (ofOrganizationId !== null) return `organization ${ofOrganizationId}`;
  return groupId === null ? 'provider' : `group ${groupId}`;
}
