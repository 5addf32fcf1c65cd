/** Statements that go to more than one machine of a cluster, each with the reason why it has to. */
export const knownFanOuts: Readonly<Record<string, readonly string[]>> = {
  'a gateway asks about calls of many tenants in one batch, which is decided in one transaction': [
    'usage.find_many',
    'usage_notice.find_many',
    'usage_counter.update',
    'usage_counter.insert',
    'usage_hour.insert',
    'usage_notice.insert',
    'gateway.find_roots',
    'gateway.find_slots',
    'gateway.find_held_permissions',
    'authorization_server.find_unchanged',
    'api_session.find',
  ],
  'a page that platform staff sees shows rows of many tenants: what belongs to them is fetched at once': [
    'api_key.find_many',
    'api_key.find_very_many',
    'api_key.find_overlaps',
    'authorization_server.find_of_organizations',
    'custom_role.find_many',
    'disablement.find_many',
    'organization.find_many',
    'rotation.find_slots',
    'rotation_policy.find_many',
    'service_account_secret.list',
    'service_provider.count_under',
    'service_provider.find_many',
    'service_provider.pages_under',
    'subscription.find_many_current',
  ],
  'an operation of the platform may hold organizations of many tenants': [
    'api_key.move_versions',
    'api_key.open_windows',
    'api_key.write_strings',
    'audit_event.insert_many',
    'bulk_item.count_same',
    'bulk_item.forget_outcomes',
    'bulk_item.next',
    'bulk_item.write_outcomes',
    'bulk_operation.approval_limits',
    'disablement.delete',
    'disablement.insert',
    'rotation.find_overlap_allowed',
    'subscription.renew_many',
  ],
  'a list names a provider beside the viewer: of one of another tenant nothing is told, but that is found out there': [
    'bulk_operation.count_awaiting',
    'bulk_operation.page_awaiting',
  ],
  'the background looks among all tenants for what is due, a few times a minute': [
    'api_key.list_roots_with_overlaps',
    'api_login.delete_old',
    'api_session.delete_idle',
    'audit_chain.find_oldest_unsealed',
    'audit_chain.list_roots_to_seal',
    'bulk_operation.find_expired',
    'bulk_operation.find_waiting',
    'idempotency_key.forget',
    'mail_digest.list_behind',
    'mail_digest.list_due',
    'rotation.find_policies_with_work',
    'rotation_notice.delete_past',
    'rotation_notice.insert_due',
    'rotation_notice.insert_sharing',
    'rotation_policy.find_enabled',
    'rotation_policy.find_roots',
    'staff_session.delete_expired',
    'subscription.find_awaiting_start',
    'subscription_notice.list_roots',
    'threshold_notice.list_roots',
    'usage_hour.list_roots',
    'webhook_delivery.forget',
    'webhook_fan_out.list_roots',
    'webhook_lane.list_roots',
  ],
  'live streams of all listeners of a process share one look at the ends of the chains': [
    'event_tail.list_events',
    'event_tail.list_links',
  ],
  'whoever a delegation is granted to is another tenant than whoever grants it': [
    'delegation.count',
    'delegation.page',
  ],
  'somebody asked about the platform as a whole: figures, keys, the audit trail': [
    'audit_verification.list_roots',
    'data_key.find_unrotated',
    'data_key.list_key_encryption_keys',
    'doctor.data_keys',
    'metrics.key_states',
  ],
  'the demo fleet is made of several tenants': [
    'seed.count_organizations',
    'seed.insert_api_key',
    'seed.insert_audit_event',
    'seed.insert_disablement',
    'seed.insert_new_organization',
    'seed.insert_subscription',
    'seed.insert_usage_counter',
    'seed.insert_usage_day',
    'seed.insert_usage_hour',
    'seed.insert_usage_notice',
    'seed.is_any_provider_there',
    'seed.list_providers',
    'seed.list_staff',
  ],
  'it writes rows of the one tenant that it is given, which the plan of PostgreSQL does not show': [
    'webhook_delivery.replay',
    'webhook_fan_out.insert_deliveries',
  ],
};

/** What platform staff read of all tenants, and everybody else of one; a staff member's global id does not tell of which. */
export const onePerTenantButForThePlatform: readonly string[] = [
  'authorization_server.find_enabled_of_organizations',
  'bulk_item.count_in_sight',
  'bulk_item.result_count',
  'bulk_item.result_page',
  'bulk_operation.count',
  'bulk_operation.count_planned',
  'bulk_operation.page',
  'bulk_operation.page_planned',
  'event_tail.list_heads',
  'service_account.find_many',
  'service_provider.count',
  'service_provider.page',
  'staff_member.find',
];

/** What they read of several tables each machine gathers by itself; it is put together where they were sent. */
export const gatheredApart: readonly string[] = [
  'audit_chain.list_roots_to_seal',
  'audit_verification.list_roots',
  'bulk_operation.approval_limits',
  'data_key.list_key_encryption_keys',
];

/**
 * Statements that are put together from filters end with a letter for each: `r` is the one tenant of whoever asks, `w`, `h` and
 * `m` what lies under each of many parents, and a digit from 8 on what has used so much of its threshold.
 */
const PUT_TOGETHER =
  /^(?:fleet[.](?:page|count|summary)|bulk_item[.]insert|[a-z_]+[.](?:page|count|drift))_(?:[A-Z_]+_)?([a-zA-Z0-9]*)$/;

/** By ids of any tenants; rows of the demo fleet; and whom a policy's filter finds, which the background asks within its scope. */
const ALL_THE_SAME = /^(?:bulk_item[.]insert_ids|seed[.]insert_new|rotation[.]members)_/;

/** Whether it may ask all machines: for platform staff, for a page of parents, or one of those above. */
export function mayAskAll(name: string): boolean {
  if (ALL_THE_SAME.test(name)) return true;
  const [, code] = PUT_TOGETHER.exec(name) ?? [];
  return code !== undefined && (!code.includes('r') || /[whm]/.test(code));
}

/** Whether a part of it is asked for by itself, before the rest: a subquery that all rows share. */
export function asksPartByItself(name: string): boolean {
  const [, code] = PUT_TOGETHER.exec(name) ?? [];
  return code !== undefined && !code.includes('r') && /[89A-F]/.test(code);
}
