import { type ApiKeyKind, apiKeyKinds } from '../api-key/api-key.ts';
import type { ApiKeyView } from '../api-key/api-key-slot.ts';
import { NIL_ID } from '../ids.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';

/** Of what never was. */
const NEVER = new Date(0);

const provider: ServiceProvider = {
  rootProviderId: NIL_ID,
  id: NIL_ID,
  parentId: null,
  providerPath: [],
  organizationId: null,
  name: 'Unknown provider',
  baseUrl: null,
  approvalAbove: null,
  overlapAllowedMinutes: 0,
  createdAt: NEVER,
};

const emptySlot = (kind: ApiKeyKind): ApiKeyView => ({
  rootProviderId: NIL_ID,
  organizationId: NIL_ID,
  kind,
  fingerprint: null,
  disabledBy: [],
  subscription: null,
  version: 0,
  lastFour: null,
  createdAt: null,
  lastModifiedAt: null,
  lastModifiedById: null,
  lastModifiedByName: null,
});

/**
 * Stands where an organization has to be told of and the id that was given names none in sight. It has that id and nothing
 * else: no subscription, slots without a key, and a provider that is as unknown. Of it nothing can be looked up.
 */
export class UnknownOrganizationType extends OrganizationType {
  readonly #id: string;

  constructor(id: string) {
    const row = {
      rootProviderId: NIL_ID,
      organizationId: NIL_ID,
      providerId: NIL_ID,
      name: 'Unknown organization',
      externalId: null,
      createdAt: NEVER,
    };
    super(row, { subscription: null, apiKeys: apiKeyKinds.map(emptySlot), serviceProvider: provider });
    this.#id = id;
  }

  protected override globalId(): string {
    return this.#id;
  }
}
