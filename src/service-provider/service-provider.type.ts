import { Field, ObjectType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { ServiceProvider } from './service-provider.ts';

@ObjectType('ServiceProvider', {
  implements: Node,
  simpleResolvers: true,
  description: 'A tenant that manages organizations. One under another provider is a reseller.',
})
export class ServiceProviderType extends Node {
  readonly row: ServiceProvider;

  constructor(row: ServiceProvider) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('ServiceProvider', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }
}

export const ServiceProviderConnection = connectionType('ServiceProvider', () => ServiceProviderType);

@ObjectType({ simpleResolvers: true })
export class ServiceProviderPayload {
  @Field(() => ServiceProviderType, { nullable: true })
  serviceProvider?: ServiceProviderType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
