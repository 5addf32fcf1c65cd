import type { TenantRow } from '../database/scope.ts';
import type { ServiceProviderId, StaffMemberId } from '../ids.ts';
import type { Role } from './permissions.ts';

/** Somebody who signs in with a user name: staff of the platform or a provider, or an organization's own. */
export interface StaffMember extends TenantRow {
  readonly id: StaffMemberId;
  readonly providerId: ServiceProviderId | null;
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  /** Tokens issued under an older epoch are dead. */
  readonly sessionEpoch: number;
  readonly deactivatedAt: Date | null;
}
