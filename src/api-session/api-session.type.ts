import { Field, Int, ObjectType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { type ApiSession, expiresAt } from './api-session.ts';

@ObjectType('ApiSession', {
  implements: Node,
  simpleResolvers: true,
  description: "An API client that has logged in with the organization's key and an admin's user name and password.",
})
export class ApiSessionType extends Node {
  readonly row: ApiSession;
  readonly #idleTimeoutMs: number;

  constructor(row: ApiSession, idleTimeoutMs: number) {
    super();
    this.row = row;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  protected globalId(): string {
    return encodeGlobalId('ApiSession', this.row.rootProviderId, this.row.apiSessionId);
  }

  @Field(() => String, { description: 'Of the admin whose password was given.' })
  get username(): string {
    return this.row.username;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTimeScalar, { description: 'Give or take a second.' })
  get lastUsedAt(): Date {
    return this.row.lastUsedAt;
  }

  @Field(() => DateTimeScalar, { description: 'If it is not used before.' })
  get expiresAt(): Date {
    return expiresAt(this.row, this.#idleTimeoutMs);
  }

  @Field(() => String, { nullable: true, description: 'Where the client logged in from.' })
  get ipAddress(): string | null {
    return this.row.ipAddress;
  }

  @Field(() => String, { nullable: true, description: 'What the client calls itself.' })
  get userAgent(): string | null {
    return this.row.userAgent;
  }
}

export const ApiSessionConnection = connectionType('ApiSession', () => ApiSessionType);

@ObjectType({ simpleResolvers: true })
export class EndApiSessionPayload {
  @Field(() => OrganizationType, { nullable: true })
  organization?: OrganizationType | null;

  @Field(() => Int, { nullable: true, description: 'How many have ended by it.' })
  endedCount?: number | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
