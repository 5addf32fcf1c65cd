import { Field, Int, ObjectType } from 'type-graphql';
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

  @Field(() => Int, {
    nullable: true,
    description:
      'A bulk operation over more organizations, of its own and of its resellers, waits for a second person. The strictest of the providers above an organization counts. Null: this one does not ask for it.',
  })
  get approvalAbove(): number | null {
    return this.row.approvalAbove;
  }

  @Field(() => Int, {
    description:
      'How many minutes an old key string may work on beside a new one, where a rotation asks for it; 0: none.',
  })
  get overlapAllowedMinutes(): number {
    return this.row.overlapAllowedMinutes;
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
