import { v7, validate } from 'uuid';

declare const idOf: unique symbol;

/** A UUID that names one kind of thing; ids of different things do not mix. */
export type Id<Thing extends string> = string & { readonly [idOf]: Thing };

export type ServiceProviderId = Id<'ServiceProvider'>;
export type OrganizationId = Id<'Organization'>;
export type SubscriptionId = Id<'Subscription'>;
export type StaffMemberId = Id<'StaffMember'>;
export type StaffSessionId = Id<'StaffSession'>;
export type CustomRoleId = Id<'CustomRole'>;
export type ServiceAccountId = Id<'ServiceAccount'>;
export type ServiceAccountSecretId = Id<'ServiceAccountSecret'>;
export type TrustedIssuerId = Id<'TrustedIssuer'>;
export type AuthorizationServerId = Id<'AuthorizationServer'>;
export type DelegationId = Id<'Delegation'>;
export type ApiSessionId = Id<'ApiSession'>;
export type OrganizationGroupId = Id<'OrganizationGroup'>;
export type BulkOperationId = Id<'BulkOperation'>;
export type WebhookEndpointId = Id<'WebhookEndpoint'>;
export type RotationPolicyId = Id<'RotationPolicy'>;
export type MailRecipientId = Id<'MailRecipient'>;
/** Whoever can act: a person or a program. */
export type ActorId = StaffMemberId | ServiceAccountId;
export type AuditEventId = Id<'AuditEvent'>;

/** Asked of the system for many ids at once: for each alone it would take ten times as long as all the rest. */
const randomness = new Uint8Array(4096);
const RANDOM_BYTES = 16;
let used = randomness.length;
let lastMs = 0;
let sequence = 0;

/** A new UUIDv7: ids made later in the same process sort later. */
export function newId<Thing extends string>(): Id<Thing> {
  if (used === randomness.length) {
    crypto.getRandomValues(randomness);
    used = 0;
  }
  const random = randomness.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  countOn(random);
  return v7({ random, msecs: lastMs, seq: sequence }) as Id<Thing>;
}

/** RFC 9562, 6.2, method 1: within a millisecond a counter goes on from a random start; at its end the clock is ahead. */
function countOn(random: Uint8Array): void {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
    return;
  }
  sequence = (sequence + 1) >>> 0;
  if (sequence === 0) lastMs++;
}

export function isUuid(text: string): boolean {
  return validate(text);
}

/** The id of nothing. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000' as Id<never>;

/** Stands where a root provider's id stands for what belongs to the platform itself. */
export const PLATFORM_ROOT_ID: ServiceProviderId = NIL_ID;

/** An organization's id together with its root provider's: enough to find its rows on any machine. */
export interface OrganizationRef {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
}

export interface ServiceProviderRef {
  readonly rootProviderId: ServiceProviderId;
  readonly serviceProviderId: ServiceProviderId;
}

export interface CustomRoleRef {
  readonly rootProviderId: ServiceProviderId;
  readonly customRoleId: CustomRoleId;
}

export interface TrustedIssuerRef {
  readonly rootProviderId: ServiceProviderId;
  readonly trustedIssuerId: TrustedIssuerId;
}

export interface AuthorizationServerRef {
  readonly rootProviderId: ServiceProviderId;
  readonly authorizationServerId: AuthorizationServerId;
}

export interface ApiSessionRef {
  readonly rootProviderId: ServiceProviderId;
  readonly apiSessionId: ApiSessionId;
}

export interface OrganizationGroupRef {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationGroupId: OrganizationGroupId;
}

export interface DelegationRef {
  readonly rootProviderId: ServiceProviderId;
  readonly delegationId: DelegationId;
}

export interface BulkOperationRef {
  readonly rootProviderId: ServiceProviderId;
  readonly bulkOperationId: BulkOperationId;
}

export interface WebhookEndpointRef {
  readonly rootProviderId: ServiceProviderId;
  readonly webhookEndpointId: WebhookEndpointId;
}

export interface MailRecipientRef {
  readonly rootProviderId: ServiceProviderId;
  readonly mailRecipientId: MailRecipientId;
}

export interface RotationPolicyRef {
  readonly rootProviderId: ServiceProviderId;
  readonly rotationPolicyId: RotationPolicyId;
}
