import { Field, ObjectType } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeActorId, encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import { knownPermissions } from '../identity/permissions.ts';
import { encodeClientId } from './client-id.ts';
import type { ServiceAccount, ServiceAccountSecret } from './service-account.ts';

@ObjectType('ServiceAccountSecret', {
  implements: Node,
  simpleResolvers: true,
  description: 'One of at most two, so that one can be replaced while the other is in use.',
})
export class ServiceAccountSecretType extends Node {
  readonly row: ServiceAccountSecret;

  constructor(row: ServiceAccountSecret) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('ServiceAccountSecret', this.row.rootProviderId, this.row.id);
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last got a token, give or take a minute.' })
  get lastUsedAt(): Date | null {
    return this.row.lastUsedAt;
  }
}

@ObjectType('ServiceAccount', {
  implements: Node,
  simpleResolvers: true,
  description: 'A program that acts in its own name. It gets tokens at POST /oauth/token (client_credentials).',
})
export class ServiceAccountType extends Node {
  readonly row: ServiceAccount;

  constructor(row: ServiceAccount) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeActorId(this.row.id);
  }

  @Field(() => String, { description: 'The `client_id` at POST /oauth/token.' })
  get clientId(): string {
    return encodeClientId({ rootProviderId: this.row.rootProviderId, serviceAccountId: this.row.id });
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => [String])
  get permissions(): string[] {
    return [...knownPermissions(this.row.permissions)];
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => ActorType)
  get createdBy(): ActorType {
    return new ActorType(this.row.createdById, this.row.createdByName);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last got a token, give or take a minute.' })
  get lastUsedAt(): Date | null {
    return this.row.lastUsedAt;
  }

  @Field(() => String, { nullable: true, description: 'The IP address from which that was.' })
  get lastUsedAddress(): string | null {
    return this.row.lastUsedAddress;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since then it is dead for good.' })
  get revokedAt(): Date | null {
    return this.row.revokedAt;
  }
}

export const ServiceAccountConnection = connectionType('ServiceAccount', () => ServiceAccountType);

@ObjectType({ simpleResolvers: true })
export class ServiceAccountPayload {
  @Field(() => ServiceAccountType, { nullable: true })
  serviceAccount?: ServiceAccountType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class ServiceAccountSecretPayload {
  @Field(() => ServiceAccountType, { nullable: true })
  serviceAccount?: ServiceAccountType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The `client_secret` at POST /oauth/token. Shown now and never again: a replay gives null.',
  })
  clientSecret?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
