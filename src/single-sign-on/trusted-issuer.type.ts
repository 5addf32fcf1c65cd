import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { Role } from '../identity/permissions.ts';
import { RoleEnum } from '../identity/role.type.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { RoleMapping, TrustedIssuer } from './trusted-issuer.ts';

@ObjectType('TrustedIssuerRoleMapping', {
  simpleResolvers: true,
  description: 'Whoever has the value in the role claim has the role: one of the product, or a custom one.',
})
export class RoleMappingType {
  readonly #mapping: RoleMapping;
  readonly #rootProviderId: ServiceProviderId;

  constructor(mapping: RoleMapping, rootProviderId: ServiceProviderId) {
    this.#mapping = mapping;
    this.#rootProviderId = rootProviderId;
  }

  @Field(() => String)
  get value(): string {
    return this.#mapping.value;
  }

  @Field(() => RoleEnum, { nullable: true })
  get role(): Role | null {
    return this.#mapping.role;
  }

  @Field(() => ID, { nullable: true })
  get customRoleId(): string | null {
    const { customRoleId } = this.#mapping;
    return customRoleId === null ? null : encodeGlobalId('CustomRole', this.#rootProviderId, customRoleId);
  }
}

@ObjectType('TrustedIssuer', {
  implements: Node,
  simpleResolvers: true,
  description:
    'An OpenID provider whose word on who somebody is counts: its access tokens are taken, and people sign in at it.',
})
export class TrustedIssuerType extends Node {
  readonly row: TrustedIssuer;

  constructor(row: TrustedIssuer) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('TrustedIssuer', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { description: 'As it calls itself, to the letter.' })
  get issuer(): string {
    return this.row.issuer;
  }

  @Field(() => String, { description: 'What `aud` of its access tokens must hold.' })
  get audience(): string {
    return this.row.audience;
  }

  @Field(() => String, { nullable: true, description: 'For signing in by browser; null: only its tokens are taken.' })
  get clientId(): string | null {
    return this.row.clientId;
  }

  @Field(() => Boolean)
  get hasClientSecret(): boolean {
    return this.row.clientSecret !== null;
  }

  @Field(() => String, { description: 'A claim, or a path of names with dots between, as in `realm_access.roles`.' })
  get roleClaim(): string {
    return this.row.roleClaim;
  }

  @Field(() => [RoleMappingType], { description: 'The first that matches counts; who matches none does not get in.' })
  get roleMapping(): RoleMappingType[] {
    return this.row.roleMapping.map((mapping) => new RoleMappingType(mapping, this.row.rootProviderId));
  }

  @Field(() => [String], { description: 'Mail domains of the people that it may speak for; empty: any.' })
  get domains(): string[] {
    return [...this.row.domains];
  }

  @Field(() => Boolean)
  get isEnabled(): boolean {
    return this.row.disabledAt === null;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }
}

export const TrustedIssuerConnection = connectionType('TrustedIssuer', () => TrustedIssuerType);

@ObjectType({ simpleResolvers: true })
export class TrustedIssuerPayload {
  @Field(() => TrustedIssuerType, { nullable: true })
  trustedIssuer?: TrustedIssuerType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteTrustedIssuerPayload {
  @Field(() => ID, { nullable: true })
  deletedTrustedIssuerId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
