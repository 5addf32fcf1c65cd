import { Field, ObjectType } from 'type-graphql';
import type { ApiKeyView } from '../api-key/api-key-slot.ts';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import type { SubscriptionView } from '../subscription/subscription.ts';
import type { OrganizationView } from './organization.ts';

/** What is known with the organization already, as from a list's one statement, so that nobody looks it up again. */
export interface BroughtAlong {
  readonly subscription: SubscriptionView | null;
  /** Slots of other kinds have to be looked up. */
  readonly apiKeys: readonly ApiKeyView[];
  /** Null: it has to be looked up. */
  readonly serviceProvider: ServiceProvider | null;
}

@ObjectType('Organization', { implements: Node, simpleResolvers: true, description: 'A customer of one provider.' })
export class OrganizationType extends Node {
  readonly row: OrganizationView;
  readonly brought: BroughtAlong | null;

  constructor(row: OrganizationView, brought: BroughtAlong | null = null) {
    super();
    this.row = row;
    this.brought = brought;
  }

  protected globalId(): string {
    return encodeGlobalId('Organization', this.row.rootProviderId, this.row.organizationId);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { nullable: true, description: "The provider's own number for it, unique within the provider." })
  get externalId(): string | null {
    return this.row.externalId;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }
}

export const OrganizationConnection = connectionType('Organization', () => OrganizationType);

@ObjectType({ simpleResolvers: true })
export class OrganizationPayload {
  @Field(() => OrganizationType, { nullable: true })
  organization?: OrganizationType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
