/** What each permission lets somebody do, in the order in which the API names them. */
export const permissionWords: Readonly<Record<string, string>> = {
  'apiKey:view': 'See organizations and the state of their keys, without the strings',
  'apiKey:reveal': 'Reveal key strings',
  'apiKey:manage': 'Add, edit, regenerate and delete keys',
  'apiKey:sync': 'Give one string to many organizations',
  'apiKey:enable': 'Disable and enable keys',
  'subscription:manage': 'Apply, renew and cancel subscriptions',
  'organization:manage': 'Create and import organizations',
  'provider:manage': 'Create resellers, set when approval is needed',
  'staff:manage': 'Manage people, roles, service accounts and delegations',
  'audit:view': 'Read the audit trail',
  'webhook:manage': 'Manage webhooks',
  'rotation:manage': 'Manage rotation',
  'gateway:verify': 'Verify keys at a gateway',
};

export function permissionInWords(permission: string): string {
  return permissionWords[permission] ?? permission;
}

/** What of a bundle is beyond what the viewer holds; platform staff who manage people appoint those who reveal as well. */
export function beyond(
  viewer: { readonly permissions: readonly string[] },
  wanted: readonly string[],
  mayAppointRevealers = false,
): readonly string[] {
  return wanted.filter(
    (permission) =>
      !viewer.permissions.includes(permission) && !(mayAppointRevealers && permission === 'apiKey:reveal'),
  );
}
