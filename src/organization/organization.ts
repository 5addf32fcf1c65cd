import type { TenantRow } from '../database/scope.ts';
import type { OrganizationId, ServiceProviderId } from '../ids.ts';

export interface Organization extends TenantRow {
  readonly organizationId: OrganizationId;
  readonly providerId: ServiceProviderId;
  readonly name: string;
  /** The provider's own number for it, unique within the provider. */
  readonly externalId: string | null;
  readonly createdAt: Date;
}

export const LONGEST_NAME = 200;
export const LONGEST_EXTERNAL_ID = 100;
