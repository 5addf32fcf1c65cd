/** What an action did, and what it was to do: after the name of whoever did it. */
type Words = readonly [done: string, toDo: string];

interface ActionGroup {
  readonly label: string;
  readonly actions: Readonly<Record<string, Words>>;
}

/** Every action of the audit trail, in the groups in which they are offered as a filter. */
export const actionGroups: readonly ActionGroup[] = [
  {
    label: 'API keys',
    actions: {
      'api_key.provision': ['provisioned the key', 'provision the key'],
      'api_key.add': ['added a key', 'add a key'],
      'api_key.edit': ['edited the key', 'edit the key'],
      'api_key.regenerate': ['regenerated the key', 'regenerate the key'],
      'api_key.delete': ['deleted the key', 'delete the key'],
      'api_key.reveal': ['revealed the key', 'reveal the key'],
      'api_key.disable': ['disabled the key', 'disable the key'],
      'api_key.enable': ['enabled the key', 'enable the key'],
      'api_key.sync': ['synced the key', 'sync the key'],
      'api_key.copy': ['copied the key to others', 'copy the key to others'],
      'api_key.end_overlap': ['ended the overlap of two keys', 'end the overlap of two keys'],
      'api_key.warn_threshold': ['warned that the threshold is near', 'warn that the threshold is near'],
      'api_key.reach_threshold': ['told that the threshold is reached', 'tell that the threshold is reached'],
      'api_key.notice_rotation': ['told that the key is due for rotation', 'tell that the key is due for rotation'],
      'rotation_policy.create': ['added a rotation policy', 'add a rotation policy'],
      'rotation_policy.update': ['changed a rotation policy', 'change a rotation policy'],
      'rotation_policy.delete': ['deleted a rotation policy', 'delete a rotation policy'],
    },
  },
  {
    label: 'API clients',
    actions: {
      'api_session.open': ['opened an API session', 'open an API session'],
      'api_session.close': ['closed an API session', 'close an API session'],
      'api_session.end': ['ended an API session', 'end an API session'],
      'api_session.end_all': ['ended every API session', 'end every API session'],
      'authorization_server.create': ['added an OAuth server', 'add an OAuth server'],
      'authorization_server.update': ['changed an OAuth server', 'change an OAuth server'],
      'authorization_server.enable': ['enabled an OAuth server', 'enable an OAuth server'],
      'authorization_server.disable': ['disabled an OAuth server', 'disable an OAuth server'],
      'authorization_server.delete': ['deleted an OAuth server', 'delete an OAuth server'],
    },
  },
  {
    label: 'Organizations and subscriptions',
    actions: {
      'organization.create': ['added the organization', 'add an organization'],
      'organization.export': ['exported organizations', 'export organizations'],
      'organization_group.create': ['saved a group', 'save a group'],
      'organization_group.update': ['changed a group', 'change a group'],
      'organization_group.delete': ['deleted a group', 'delete a group'],
      'subscription.apply': ['applied a subscription', 'apply a subscription'],
      'subscription.start': ['started the subscription', 'start the subscription'],
      'subscription.renew': ['renewed the subscription', 'renew the subscription'],
      'subscription.cancel': ['cancelled the subscription', 'cancel the subscription'],
      'subscription.notice_ending': ['told that the subscription ends soon', 'tell that the subscription ends soon'],
      'subscription.end': ['noted the end of the subscription', 'note the end of the subscription'],
    },
  },
  {
    label: 'Many at once',
    actions: {
      'bulk_operation.start': ['started an operation', 'start an operation'],
      'bulk_operation.finish': ['finished an operation', 'finish an operation'],
      'bulk_operation.cancel': ['cancelled an operation', 'cancel an operation'],
      'bulk_operation.approve': ['approved an operation', 'approve an operation'],
      'bulk_operation.reject': ['rejected an operation', 'reject an operation'],
      'bulk_operation.expire': ['let an approval expire', 'let an approval expire'],
    },
  },
  {
    label: 'Signing in',
    actions: {
      'auth.login': ['signed in', 'sign in'],
      'auth.logout': ['signed out', 'sign out'],
      'auth.token': ['got a token', 'get a token'],
      'staff_member.change_password': ['changed their password', 'change their password'],
      'staff_member.reset_password': ["reset a person's password", "reset a person's password"],
      'staff_member.end_sessions': ["ended a person's sessions", "end a person's sessions"],
    },
  },
  {
    label: 'People and programs',
    actions: {
      'staff_member.create': ['added a person', 'add a person'],
      'staff_member.update': ['changed a person', 'change a person'],
      'staff_member.deactivate': ['deactivated a person', 'deactivate a person'],
      'staff_member.reactivate': ['reactivated a person', 'reactivate a person'],
      'staff_member.remove': ['removed a person', 'remove a person'],
      'custom_role.create': ['added a role', 'add a role'],
      'custom_role.update': ['changed a role', 'change a role'],
      'custom_role.delete': ['deleted a role', 'delete a role'],
      'service_account.create': ['added a service account', 'add a service account'],
      'service_account.add_secret': ['added a secret', 'add a secret'],
      'service_account.revoke_secret': ['revoked a secret', 'revoke a secret'],
      'service_account.revoke': ['revoked a service account', 'revoke a service account'],
      'delegation.grant': ['granted a delegation', 'grant a delegation'],
      'delegation.accept': ['accepted a delegation', 'accept a delegation'],
      'delegation.end': ['ended a delegation', 'end a delegation'],
    },
  },
  {
    label: 'Webhooks and mail',
    actions: {
      'webhook_endpoint.create': ['added a webhook', 'add a webhook'],
      'webhook_endpoint.update': ['changed a webhook', 'change a webhook'],
      'webhook_endpoint.delete': ['deleted a webhook', 'delete a webhook'],
      'webhook_endpoint.disable': ['disabled a webhook', 'disable a webhook'],
      'webhook_endpoint.rotate_secret': ['rotated the secret of a webhook', 'rotate the secret of a webhook'],
      'webhook_endpoint.test': ['sent a test to a webhook', 'send a test to a webhook'],
      'webhook_endpoint.replay': ['sent events to a webhook again', 'send events to a webhook again'],
      'mail_recipient.create': ['added a mail recipient', 'add a mail recipient'],
      'mail_recipient.update': ['changed a mail recipient', 'change a mail recipient'],
      'mail_recipient.delete': ['deleted a mail recipient', 'delete a mail recipient'],
      'mail_recipient.disable': ['disabled a mail recipient', 'disable a mail recipient'],
    },
  },
  {
    label: 'Settings and reading',
    actions: {
      'service_provider.create': ['added a provider', 'add a provider'],
      'service_provider.set_approval_above': ['set when approval is needed', 'set when approval is needed'],
      'service_provider.set_overlap_allowed': ['set whether keys may overlap', 'set whether keys may overlap'],
      'trusted_issuer.create': ['added single sign-on', 'add single sign-on'],
      'trusted_issuer.update': ['changed single sign-on', 'change single sign-on'],
      'trusted_issuer.delete': ['deleted single sign-on', 'delete single sign-on'],
      'audit.export': ['exported the audit trail', 'export the audit trail'],
      'query.read': ['read', 'read'],
      'secrets.rotate': ['rotated encryption keys', 'rotate encryption keys'],
    },
  },
];

/** Every action whose name fits, in the order of the groups. */
export function actionsThat(fit: RegExp): readonly string[] {
  return actionGroups.flatMap(({ actions }) => Object.keys(actions).filter((action) => fit.test(action)));
}

const words = new Map(actionGroups.flatMap(({ actions }) => Object.entries(actions)));

/** "regenerated the key", or of a refusal "tried to regenerate the key". One of a later server stands for itself. */
export function auditWords(action: string, result: string): string {
  const [done, toDo] = words.get(action) ?? [action, action];
  return result === 'OK' ? done : `tried to ${toDo}`;
}

/** "Regenerate the key": what it is, whether it was refused or not. */
export function actionInWords(action: string): string {
  const [, toDo] = words.get(action) ?? [action, action];
  return words.has(action) ? `${toDo.charAt(0).toUpperCase()}${toDo.slice(1)}` : action;
}
