import type { TenantRow } from '../database/scope.ts';
import type { OrganizationId, ServiceProviderId } from '../ids.ts';

/** An organization as everybody who may see it sees it. */
export interface OrganizationView {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
  readonly providerId: ServiceProviderId;
  readonly name: string;
  /** The provider's own number for it, unique within the provider. */
  readonly externalId: string | null;
  readonly createdAt: Date;
}

/** An organization with its place among the tenants. */
export interface Organization extends OrganizationView, TenantRow {
  readonly organizationId: OrganizationId;
}

export const LONGEST_NAME = 200;
export const LONGEST_EXTERNAL_ID = 100;
