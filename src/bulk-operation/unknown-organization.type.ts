import { NIL_ID } from '../ids.ts';
import { OrganizationType } from '../organization/organization.type.ts';

/** Stands where an organization has to be told of and the id that was given names none in sight. */
export class UnknownOrganizationType extends OrganizationType {
  readonly #id: string;

  constructor(id: string, createdAt: Date) {
    super({
      rootProviderId: NIL_ID,
      organizationId: NIL_ID,
      providerId: NIL_ID,
      name: 'Unknown organization',
      externalId: null,
      createdAt,
    });
    this.#id = id;
  }

  protected override globalId(): string {
    return this.#id;
  }
}
