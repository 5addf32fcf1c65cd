interface ActionGroup {
  readonly label: string;
  /** Each with what it is, as somebody would say it, whether it was refused or not. */
  readonly actions: Readonly<Record<string, string>>;
}

/** Every action of the audit trail, in the groups in which they are offered as a filter. */
export const actionGroups: readonly ActionGroup[] = [
  {
    label: 'API keys',
    actions: {
      'api_key.provision': 'Provision key',
      'api_key.add': 'Add key',
      'api_key.edit': 'Edit key',
      'api_key.regenerate': 'Regenerate key',
      'api_key.delete': 'Delete key',
      'api_key.reveal': 'Reveal key',
      'api_key.disable': 'Disable key',
      'api_key.enable': 'Enable key',
      'api_key.sync': 'Sync key',
      'api_key.copy': 'Copy key from another organization',
    },
  },
  {
    label: 'Organizations and subscriptions',
    actions: {
      'organization.create': 'Add organization',
      'organization.export': 'Export organizations',
      'organization_group.create': 'Save group',
      'organization_group.update': 'Change group',
      'organization_group.delete': 'Delete group',
      'subscription.apply': 'Apply subscription',
      'subscription.start': 'Start subscription',
      'subscription.renew': 'Renew subscription',
      'subscription.cancel': 'Cancel subscription',
    },
  },
  {
    label: 'Many at once',
    actions: {
      'bulk_operation.start': 'Start operation',
      'bulk_operation.finish': 'Finish operation',
      'bulk_operation.cancel': 'Cancel operation',
      'bulk_operation.approve': 'Approve operation',
      'bulk_operation.reject': 'Reject operation',
      'bulk_operation.expire': 'Approval expired',
    },
  },
  {
    label: 'Signing in',
    actions: {
      'auth.login': 'Sign in',
      'auth.logout': 'Sign out',
      'auth.token': 'Get a token',
      'staff_member.change_password': 'Change password',
      'staff_member.reset_password': 'Reset password',
      'staff_member.end_sessions': 'End sessions',
    },
  },
  {
    label: 'People and programs',
    actions: {
      'staff_member.create': 'Add person',
      'staff_member.update': 'Change person',
      'staff_member.deactivate': 'Deactivate person',
      'staff_member.reactivate': 'Reactivate person',
      'staff_member.remove': 'Remove person',
      'custom_role.create': 'Add role',
      'custom_role.update': 'Change role',
      'custom_role.delete': 'Delete role',
      'service_account.create': 'Add service account',
      'service_account.add_secret': 'Add secret',
      'service_account.revoke_secret': 'Revoke secret',
      'service_account.revoke': 'Revoke service account',
      'delegation.grant': 'Grant delegation',
      'delegation.accept': 'Accept delegation',
      'delegation.end': 'End delegation',
    },
  },
  {
    label: 'Settings and reading',
    actions: {
      'service_provider.create': 'Add provider',
      'service_provider.set_approval_above': 'Set when approval is needed',
      'trusted_issuer.create': 'Add single sign-on',
      'trusted_issuer.update': 'Change single sign-on',
      'trusted_issuer.delete': 'Delete single sign-on',
      'audit.export': 'Export audit trail',
      'query.read': 'Read',
      'secrets.rotate': 'Rotate encryption keys',
    },
  },
];

const words = new Map(actionGroups.flatMap(({ actions }) => Object.entries(actions)));

/** One that came with a later server stands for itself. */
export function actionInWords(action: string): string {
  return words.get(action) ?? action;
}

const FINGERPRINT = /^[0-9a-f]{64}$/;
/** Enough to tell two apart. */
const SHOWN_OF_FINGERPRINT = 12;

export interface StateChange {
  readonly name: string;
  /** Null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

function parseState(json: string | null): Readonly<Record<string, unknown>> {
  if (json === null) return {};
  try {
    const state: unknown = JSON.parse(json);
    return typeof state === 'object' && state !== null && !Array.isArray(state) ? { ...state } : { state };
  } catch {
    return { state: json };
  }
}

function inWords(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((each) => String(each)).join(', ');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return FINGERPRINT.test(text) ? `${text.slice(0, SHOWN_OF_FINGERPRINT)}…` : text;
}

/** What an event's `before` and `after` say, a line for each of their values: those that moved come first. */
export function changesOf(before: string | null, after: string | null): readonly StateChange[] {
  const [old, now] = [parseState(before), parseState(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names
    .map((name) => ({ name, before: inWords(old[name]), after: inWords(now[name]) }))
    .filter((change) => change.before !== null || change.after !== null)
    .sort((a, b) => Number(a.before === a.after) - Number(b.before === b.after));
}
