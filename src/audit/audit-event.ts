import type { TenantRow } from '../database/scope.ts';

/** What happened, in the words of the audit trail. Never holds a key string. */
export const auditActions = [
  'auth.login',
  'auth.logout',
  'auth.token',
  'staff_member.create',
  'staff_member.update',
  'staff_member.deactivate',
  'staff_member.reactivate',
  'staff_member.remove',
  'staff_member.change_password',
  'staff_member.reset_password',
  'staff_member.end_sessions',
  'custom_role.create',
  'custom_role.update',
  'custom_role.delete',
  'service_account.create',
  'service_account.add_secret',
  'service_account.revoke_secret',
  'service_account.revoke',
  'trusted_issuer.create',
  'trusted_issuer.update',
  'trusted_issuer.delete',
  'authorization_server.create',
  'authorization_server.update',
  'authorization_server.enable',
  'authorization_server.disable',
  'authorization_server.delete',
  'delegation.grant',
  'delegation.accept',
  'delegation.end',
  'api_session.open',
  'api_session.close',
  'api_session.end',
  'api_session.end_all',
  'audit.export',
  'query.read',
  'secrets.rotate',
  'service_provider.create',
  'service_provider.set_approval_above',
  'service_provider.set_overlap_allowed',
  'organization.create',
  'organization.export',
  'organization_group.create',
  'organization_group.update',
  'organization_group.delete',
  'subscription.apply',
  'subscription.start',
  'subscription.renew',
  'subscription.cancel',
  'subscription.notice_ending',
  'subscription.end',
  'api_key.provision',
  'api_key.add',
  'api_key.edit',
  'api_key.regenerate',
  'api_key.delete',
  'api_key.reveal',
  'api_key.disable',
  'api_key.enable',
  'api_key.sync',
  'api_key.copy',
  'api_key.end_overlap',
  'api_key.notice_rotation',
  'api_key.warn_threshold',
  'api_key.reach_threshold',
  'rotation_policy.create',
  'rotation_policy.update',
  'rotation_policy.delete',
  'bulk_operation.start',
  'bulk_operation.finish',
  'bulk_operation.cancel',
  'bulk_operation.approve',
  'bulk_operation.reject',
  'bulk_operation.expire',
  'webhook_endpoint.create',
  'webhook_endpoint.update',
  'webhook_endpoint.delete',
  'webhook_endpoint.disable',
  'webhook_endpoint.rotate_secret',
  'webhook_endpoint.test',
  'webhook_endpoint.replay',
  'mail_recipient.create',
  'mail_recipient.update',
  'mail_recipient.delete',
  'mail_recipient.disable',
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
