import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { AuthorizationServer } from './authorization-server.ts';

@ObjectType('AuthorizationServer', {
  implements: Node,
  simpleResolvers: true,
  description: "An OAuth 2.0 authorization server whose access tokens are taken instead of the organization's key.",
})
export class AuthorizationServerType extends Node {
  readonly row: AuthorizationServer;

  constructor(row: AuthorizationServer) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('AuthorizationServer', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { description: 'As it stands in `iss` of its tokens, to the letter.' })
  get issuer(): string {
    return this.row.issuer;
  }

  @Field(() => String, { description: 'Where it publishes its keys.' })
  get jwksUrl(): string {
    return this.row.jwksUrl;
  }

  @Field(() => String, { description: 'What `aud` of its access tokens must hold.' })
  get audience(): string {
    return this.row.audience;
  }

  @Field(() => Boolean, { description: 'Of the two that an organization may have at most one is.' })
  get isEnabled(): boolean {
    return this.row.isEnabled;
  }

  @Field(() => Int, { description: 'Moves with every change; see `expectedVersion`.' })
  get version(): number {
    return this.row.version;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => String)
  get createdByName(): string {
    return this.row.createdByName;
  }
}

@ObjectType({ simpleResolvers: true })
export class AuthorizationServerPayload {
  @Field(() => AuthorizationServerType, { nullable: true })
  authorizationServer?: AuthorizationServerType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteAuthorizationServerPayload {
  @Field(() => ID, { nullable: true })
  deletedAuthorizationServerId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
