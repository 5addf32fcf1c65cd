import type { AuditState } from '../audit/audit-event.ts';
import type { TenantRow } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import type { EventType } from '../events/event-type.ts';
import type { MailRecipientId, MailRecipientRef, OrganizationId, ServiceProviderId } from '../ids.ts';
import type { MailDigest } from './digest.ts';

export const mailDisabledReasons = ['BY_STAFF', 'FAILING'] as const;
export type MailDisabledReason = (typeof mailDisabledReasons)[number];

/** An address that a provider has told of events of its own subtree. */
export interface MailRecipient extends TenantRow {
  readonly id: MailRecipientId;
  readonly providerId: ServiceProviderId;
  readonly organizationId: null;
  readonly address: string;
  readonly events: readonly EventType[];
  /** Null: of all organizations, and of the provider itself. */
  readonly organizationIds: readonly OrganizationId[] | null;
  readonly digest: MailDigest;
  /** Sequence of the last event that it was told of, or that was none for it. */
  readonly cursor: number;
  readonly dueAt: Date | null;
  readonly attempts: number;
  readonly lastSentAt: Date | null;
  readonly failingSince: Date | null;
  /** Why the last attempt failed. */
  readonly error: string | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: MailDisabledReason | null;
  readonly createdAt: Date;
  readonly createdByName: string;
}

export const MOST_RECIPIENTS = 50;
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
/** What the HTML standard calls a valid e-mail address: one, and nothing that means anything to a header. */
const ADDRESS =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** @throws DomainError `VALIDATION_FAILED` unless it is one plain address */
export function parseMailAddress(given: string): string {
  const address = given.trim();
  const isShort = address.length <= LONGEST_ADDRESS && address.indexOf('@') <= LONGEST_LOCAL_PART;
  if (isShort && ADDRESS.test(address)) return address;
  throw validationFailed('address', 'Give one mail address, such as on-call@example.com.');
}

export function refOf({ rootProviderId, id }: MailRecipient): MailRecipientRef {
  return { rootProviderId, mailRecipientId: id };
}

export function auditStateOf(recipient: MailRecipient): AuditState {
  return {
    address: recipient.address,
    events: recipient.events,
    organizationCount: recipient.organizationIds?.length ?? null,
    digest: recipient.digest,
    isEnabled: recipient.disabledAt === null,
    disabledReason: recipient.disabledReason,
  };
}
