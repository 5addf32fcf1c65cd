import type { TenantRow } from '../database/scope.ts';

/** What happened, in the words of the audit trail. Never holds a key string. */
export const auditActions = [
  'auth.login',
  'staff_member.create',
  'service_provider.create',
  'organization.create',
  'subscription.apply',
  'subscription.start',
  'subscription.renew',
  'subscription.cancel',
  'api_key.provision',
  'api_key.add',
  'api_key.edit',
  'api_key.regenerate',
  'api_key.delete',
  'api_key.reveal',
  'api_key.disable',
  'api_key.enable',
] as const;
export type AuditAction = (typeof auditActions)[number];

export interface AuditEntry {
  readonly action: AuditAction;
  /** Whose trail it belongs to. */
  readonly subject: TenantRow;
  /** The id that the caller named; null when it was none. */
  readonly target: string | null;
  /** `OK`, or the code of the refusal. */
  readonly result: string;
  readonly before: AuditState | null;
  readonly after: AuditState | null;
  readonly note: string | null;
}

/** A state in fingerprints, statuses and dates. */
export type AuditState = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
