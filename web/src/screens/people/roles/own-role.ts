import type { RolesPageQuery } from './roles.graphql.ts';

export type RoleChoice = RolesPageQuery['roles'][number];

/** One that a provider has defined, rather than the product. */
export type OwnRole = RoleChoice & { readonly customRole: NonNullable<RoleChoice['customRole']> };

export function isOwn(role: RoleChoice): role is OwnRole {
  return role.customRole !== null;
}
