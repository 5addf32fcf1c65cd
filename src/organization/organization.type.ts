import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { Organization } from './organization.ts';

@ObjectType('Organization', { implements: Node, simpleResolvers: true, description: 'A customer of one provider.' })
export class OrganizationType extends Node {
  readonly row: Organization;

  constructor(row: Organization) {
    super();
    this.row = row;
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

  @Field(() => GraphQLDateTime)
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
