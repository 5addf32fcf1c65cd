import { DomainError } from '../errors.ts';
import type { OrganizationId } from '../ids.ts';
import { decideApply, type Subscription } from '../subscription/subscription.ts';
import { fold } from '../text.ts';
import { type OrganizationRow, type RowError, type RowSubscription, rowErrorOf } from './organization-row.ts';

/** An organization that the provider has. */
export interface ExistingOrganization {
  readonly organizationId: OrganizationId;
  readonly name: string;
  readonly externalId: string | null;
  readonly subscription: Pick<
    Subscription,
    'plan' | 'startsAt' | 'endsAt' | 'callThreshold' | 'thresholdPeriod'
  > | null;
}

/** Those that rows may name, found by either of their names. */
export interface ExistingOrganizations {
  byExternalId(externalId: string): ExistingOrganization | undefined;
  byFoldedName(folded: string): ExistingOrganization | undefined;
}

export type RowDecision =
  | { readonly outcome: 'CHANGED' }
  | { readonly outcome: 'UNCHANGED'; readonly organizationId: OrganizationId }
  | { readonly outcome: 'REFUSED'; readonly errors: readonly [RowError, ...RowError[]] };

/**
 * What becomes of a row: a new organization; nothing, when the provider has it as the row says; or a refusal. A row is the
 * organization with its external id, or, without one, with its name. Rules of the clock bind new subscriptions only, so
 * that a file can be sent again when its subscriptions have ended.
 */
export function decideRow(given: OrganizationRow, existing: ExistingOrganizations, now: Date): RowDecision {
  try {
    const found = match(given, existing);
    if (found === undefined) {
      refuseBadSubscription(given.subscription, now);
      return { outcome: 'CHANGED' };
    }
    refuseOtherSubscription(given.subscription, found.subscription);
    return { outcome: 'UNCHANGED', organizationId: found.organizationId };
  } catch (error) {
    return { outcome: 'REFUSED', errors: [rowErrorOf(given.row, error)] };
  }
}

function match({ name, externalId }: OrganizationRow, existing: ExistingOrganizations) {
  const byName = existing.byFoldedName(fold(name));
  if (externalId === null) {
    if (byName !== undefined && byName.externalId !== null) {
      throw taken('externalId', 'The provider has an organization with this name, which has an external id. Give it.');
    }
    if (byName !== undefined && byName.name !== name) {
      throw taken('name', 'The provider has an organization with this name in other letters. Write it in the same.');
    }
    return byName;
  }
  const found = existing.byExternalId(externalId);
  if (found === undefined && byName !== undefined) {
    throw taken('name', 'The provider has an organization with this name, but not this external id. Choose another.');
  }
  if (found !== undefined && found.name !== name) {
    throw taken('name', 'The provider has an organization with this external id under another name. Check both.');
  }
  return found;
}

function refuseBadSubscription(given: RowSubscription | null, now: Date): void {
  if (given !== null) decideApply(null, { ...given, startsAt: given.startsAt ?? now }, now);
}

/** A file only adds: it changes no subscription. */
function refuseOtherSubscription(given: RowSubscription | null, current: ExistingOrganization['subscription']): void {
  if (given === null) return;
  if (current === null) {
    const message =
      'The organization is there without a subscription. Apply one to it; a file only adds organizations.';
    throw new DomainError('SUBSCRIPTION_REQUIRED', message, ['plan']);
  }
  const differing = differingColumn(given, current);
  if (differing === null) return;
  const message = `The organization is there with another ${differing}. Renew or cancel its subscription; a file only adds organizations.`;
  throw new DomainError('SUBSCRIPTION_EXISTS', message, [differing]);
}

function differingColumn(given: RowSubscription, current: NonNullable<ExistingOrganization['subscription']>) {
  if (given.plan !== current.plan) return 'plan';
  if (given.startsAt !== null && given.startsAt.getTime() !== current.startsAt.getTime()) return 'startsAt';
  if (given.endsAt.getTime() !== current.endsAt.getTime()) return 'endsAt';
  if (given.callThreshold !== current.callThreshold) return 'callThreshold';
  return given.thresholdPeriod === current.thresholdPeriod ? null : 'thresholdPeriod';
}

function taken(column: string, message: string): DomainError {
  return new DomainError('DUPLICATE_NAME', message, [column]);
}
