export const permissions = [
  'apiKey:view',
  'apiKey:reveal',
  'apiKey:manage',
  'apiKey:sync',
  'apiKey:enable',
  'subscription:manage',
  'organization:manage',
  'provider:manage',
  'staff:manage',
  'audit:view',
  'webhook:manage',
  'rotation:manage',
  'gateway:verify',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = [
  'PLATFORM_ADMIN',
  'PLATFORM_SUPPORT',
  'PROVIDER_ADMIN',
  'PROVIDER_SUPPORT',
  'PROVIDER_VIEWER',
  'ORG_ADMIN',
  'ORG_VIEWER',
] as const;
export type Role = (typeof roles)[number];

/** `gateway:verify` is for service accounts only (WIRE.md, section 2). */
const everythingPeopleDo = permissions.filter((permission) => permission !== 'gateway:verify');

/** The table of DOMAIN.md, "Who may do what". */
const bundles: Record<Role, readonly Permission[]> = {
  PLATFORM_ADMIN: everythingPeopleDo.filter((permission) => permission !== 'apiKey:reveal'),
  PLATFORM_SUPPORT: ['apiKey:view', 'apiKey:enable', 'audit:view'],
  PROVIDER_ADMIN: everythingPeopleDo,
  PROVIDER_SUPPORT: ['apiKey:view', 'apiKey:enable', 'audit:view'],
  PROVIDER_VIEWER: ['apiKey:view'],
  ORG_ADMIN: ['apiKey:view', 'apiKey:reveal', 'apiKey:manage', 'staff:manage', 'audit:view'],
  ORG_VIEWER: ['apiKey:view'],
};

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return new Set(bundles[role]);
}

/** Whose word it is that acts: what a disablement is called and which ones may be lifted hang on it. */
export type Authority = 'ORGANIZATION' | 'SERVICE_PROVIDER' | 'PLATFORM' | 'SYSTEM';

/** Said to staff of an organization, where no permission that they hold counts. */
export const NOT_FOR_ORGANIZATIONS = 'Only your service provider or the platform can do this. Ask them.';

/** The most that somebody of an authority can hold: what no role of that place bundles means nothing there. */
export function mostOf(authority: Authority): ReadonlySet<Permission> {
  switch (authority) {
    case 'PLATFORM':
      return permissionsOf('PLATFORM_ADMIN');
    case 'SERVICE_PROVIDER':
      return permissionsOf('PROVIDER_ADMIN');
    case 'ORGANIZATION':
      return permissionsOf('ORG_ADMIN');
    case 'SYSTEM':
      return new Set();
  }
}

/** What of a text array the database gave is a permission still. */
export function knownPermissions(names: readonly string[]): ReadonlySet<Permission> {
  return new Set(permissions.filter((permission) => names.includes(permission)));
}
