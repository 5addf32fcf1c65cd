import type { ActorId, AuditEventId, OrganizationId, ServiceProviderId } from '../ids.ts';

/** An event of the trail with the names of the tenants that it is about. */
export interface Event {
  readonly rootProviderId: ServiceProviderId;
  readonly id: AuditEventId;
  readonly at: Date;
  readonly action: string;
  readonly actorId: ActorId | null;
  readonly actorName: string;
  readonly actorRole: string | null;
  readonly onBehalfOf: string | null;
  readonly providerPath: readonly ServiceProviderId[];
  readonly providerName: string | null;
  readonly organizationId: OrganizationId | null;
  readonly organizationName: string | null;
  readonly externalId: string | null;
  /** The id that the caller named, and so what it is about. */
  readonly target: string | null;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
  readonly note: string | null;
}
