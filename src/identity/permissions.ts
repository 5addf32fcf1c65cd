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

/** The table of DOMAIN.md, "Who may do what". */
const bundles: Record<Role, readonly Permission[]> = {
  PLATFORM_ADMIN: permissions.filter((permission) => permission !== 'apiKey:reveal'),
  PLATFORM_SUPPORT: ['apiKey:view', 'apiKey:enable', 'audit:view'],
  PROVIDER_ADMIN: permissions,
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
