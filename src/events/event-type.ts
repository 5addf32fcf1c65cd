import { type AuditAction, auditActions } from '../audit/audit-event.ts';
import { validationFailed } from '../errors.ts';
import type { Permission } from '../identity/permissions.ts';

/** What an event is about: by it its states are described, and who may be told. */
export const subjects = {
  ApiKey: 'apiKey:view',
  Subscription: 'apiKey:view',
  BulkOperation: 'apiKey:view',
  Organization: 'apiKey:view',
  OrganizationGroup: 'apiKey:view',
  AuthorizationServer: 'apiKey:view',
  ApiSession: 'apiKey:view',
  ServiceProvider: 'apiKey:view',
  StaffMember: 'staff:manage',
  CustomRole: 'staff:manage',
  ServiceAccount: 'staff:manage',
  TrustedIssuer: 'staff:manage',
  Delegation: 'staff:manage',
  RotationPolicy: 'apiKey:view',
  WebhookEndpoint: 'webhook:manage',
  MailRecipient: 'webhook:manage',
} as const satisfies Record<string, Permission>;
export type EventSubject = keyof typeof subjects;

/** Null: no event. The trail has it all the same. A new action of the trail is decided about here. */
const typeOfAction = {
  'auth.login': null,
  'auth.logout': null,
  'auth.token': null,
  'audit.export': null,
  'query.read': null,
  'secrets.rotate': null,
  'organization.export': null,
  'staff_member.create': 'staff_member.created',
  'staff_member.update': 'staff_member.updated',
  'staff_member.deactivate': 'staff_member.deactivated',
  'staff_member.reactivate': 'staff_member.reactivated',
  'staff_member.remove': 'staff_member.removed',
  'staff_member.change_password': 'staff_member.password_changed',
  'staff_member.reset_password': 'staff_member.password_reset',
  'staff_member.end_sessions': 'staff_member.sessions_ended',
  'custom_role.create': 'custom_role.created',
  'custom_role.update': 'custom_role.updated',
  'custom_role.delete': 'custom_role.deleted',
  'service_account.create': 'service_account.created',
  'service_account.add_secret': 'service_account.secret_added',
  'service_account.revoke_secret': 'service_account.secret_revoked',
  'service_account.revoke': 'service_account.revoked',
  'trusted_issuer.create': 'trusted_issuer.created',
  'trusted_issuer.update': 'trusted_issuer.updated',
  'trusted_issuer.delete': 'trusted_issuer.deleted',
  'delegation.grant': 'delegation.granted',
  'delegation.accept': 'delegation.accepted',
  'delegation.end': 'delegation.ended',
  'service_provider.create': 'service_provider.created',
  'service_provider.set_approval_above': 'service_provider.approval_changed',
  'service_provider.set_overlap_allowed': 'service_provider.overlap_changed',
  'organization.create': 'organization.created',
  'organization_group.create': 'organization_group.created',
  'organization_group.update': 'organization_group.updated',
  'organization_group.delete': 'organization_group.deleted',
  'subscription.apply': 'subscription.applied',
  'subscription.start': 'subscription.started',
  'subscription.renew': 'subscription.renewed',
  'subscription.cancel': 'subscription.cancelled',
  'subscription.notice_ending': 'subscription.ending',
  'subscription.end': 'subscription.ended',
  'api_key.provision': 'api_key.added',
  'api_key.add': 'api_key.added',
  'api_key.edit': 'api_key.edited',
  'api_key.regenerate': 'api_key.regenerated',
  'api_key.delete': 'api_key.deleted',
  'api_key.reveal': 'api_key.revealed',
  'api_key.disable': 'api_key.disabled',
  'api_key.enable': 'api_key.enabled',
  'api_key.sync': 'api_key.synced',
  'api_key.copy': 'api_key.copied',
  'api_key.end_overlap': 'api_key.overlap_ended',
  'api_key.notice_rotation': 'api_key.rotation_due',
  'api_key.warn_threshold': 'api_key.threshold_warning',
  'api_key.reach_threshold': 'api_key.threshold_reached',
  'authorization_server.create': 'authorization_server.created',
  'authorization_server.update': 'authorization_server.updated',
  'authorization_server.enable': 'authorization_server.enabled',
  'authorization_server.disable': 'authorization_server.disabled',
  'authorization_server.delete': 'authorization_server.deleted',
  'api_session.open': null,
  'api_session.close': null,
  'api_session.end': 'api_session.ended',
  'api_session.end_all': 'api_session.ended',
  'rotation_policy.create': 'rotation_policy.created',
  'rotation_policy.update': 'rotation_policy.updated',
  'rotation_policy.delete': 'rotation_policy.deleted',
  'bulk_operation.start': 'bulk_operation.started',
  'bulk_operation.finish': 'bulk_operation.finished',
  'bulk_operation.cancel': 'bulk_operation.cancelled',
  'bulk_operation.approve': 'bulk_operation.approved',
  'bulk_operation.reject': 'bulk_operation.rejected',
  'bulk_operation.expire': 'bulk_operation.expired',
  'webhook_endpoint.create': 'webhook_endpoint.created',
  'webhook_endpoint.update': 'webhook_endpoint.updated',
  'webhook_endpoint.delete': 'webhook_endpoint.deleted',
  'webhook_endpoint.disable': 'webhook_endpoint.disabled',
  'webhook_endpoint.rotate_secret': 'webhook_endpoint.secret_rotated',
  'webhook_endpoint.test': 'webhook_endpoint.tested',
  'webhook_endpoint.replay': 'webhook_endpoint.replayed',
  'mail_recipient.create': 'mail_recipient.created',
  'mail_recipient.update': 'mail_recipient.updated',
  'mail_recipient.delete': 'mail_recipient.deleted',
  'mail_recipient.disable': 'mail_recipient.disabled',
} as const satisfies Record<AuditAction, `${string}.${string}` | null>;

export type EventType = NonNullable<(typeof typeOfAction)[AuditAction]>;

/** The closed list, in alphabetical order. A type is never renamed and never removed. */
export const eventTypes: readonly EventType[] = [
  ...new Set(auditActions.map((action) => typeOfAction[action]).filter((type) => type !== null)),
].sort();

/** It goes to the endpoint that it names alone, whatever that endpoint has chosen. */
export const TEST_EVENT: EventType = 'webhook_endpoint.tested';

/** Null: no event, or a word of a later version. */
export function eventTypeOf(action: string): EventType | null {
  return auditActions.some((known) => known === action) ? typeOfAction[action as AuditAction] : null;
}

/** The actions of the trail that are events of these types, and the type of each. */
export function actionsOf(
  types: readonly EventType[],
): readonly { readonly action: AuditAction; readonly type: EventType }[] {
  return auditActions.flatMap((action) => {
    const type = typeOfAction[action];
    return type !== null && types.includes(type) ? [{ action, type }] : [];
  });
}

export function isEventType(text: string): text is EventType {
  return eventTypes.some((type) => type === text);
}

const subjectNames = Object.keys(subjects) as EventSubject[];

export function subjectOf(type: EventType): EventSubject {
  const [prefix = ''] = type.split('.');
  const found = subjectNames.find((name) => name.toLowerCase() === prefix.replaceAll('_', ''));
  if (found === undefined) throw new Error(`${type} is about nothing known`);
  return found;
}

/** What somebody must hold to be told of it. */
export function permissionForEvent(type: EventType): Permission {
  return subjects[subjectOf(type)];
}

/** Each once. @throws DomainError `VALIDATION_FAILED` */
export function parseEventTypes(field: string, given: readonly string[]): readonly EventType[] {
  const types = [...new Set(given)];
  const unknown = types.findIndex((type) => !isEventType(type));
  if (types.length === 0) throw validationFailed(field, 'Choose at least one type of event.');
  if (unknown >= 0) throw validationFailed(field, 'There is no such type of event. Take them from eventTypes.');
  return types.filter(isEventType).sort();
}
