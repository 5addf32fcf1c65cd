import { Field, ID, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { Role } from '../identity/permissions.ts';
import { RoleEnum } from '../identity/role.type.ts';
import type { CustomRole } from './custom-role.ts';
import type { RoleChoice } from './list-roles.ts';

@ObjectType('CustomRole', {
  implements: Node,
  simpleResolvers: true,
  description: "A provider's own bundle of permissions, for its people and those of everybody below it.",
})
export class CustomRoleType extends Node {
  readonly row: CustomRole;

  constructor(row: CustomRole) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('CustomRole', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => [String])
  get permissions(): readonly string[] {
    return this.row.permissions;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }
}

@ObjectType('RoleChoice', { simpleResolvers: true, description: 'A role that people of some place can have.' })
export class RoleChoiceType {
  readonly #choice: RoleChoice;

  @Field(() => Boolean, { description: 'Whether the caller may give it to somebody.' })
  readonly mayGrant: boolean;

  constructor(choice: RoleChoice) {
    this.#choice = choice;
    this.mayGrant = choice.mayGrant;
  }

  @Field(() => String)
  get name(): string {
    const { grant, customRole } = this.#choice;
    return grant.role ?? customRole?.name ?? '';
  }

  @Field(() => [String])
  get permissions(): string[] {
    return [...this.#choice.grant.permissions];
  }

  @Field(() => RoleEnum, { nullable: true, description: 'Null for a custom role.' })
  get role(): Role | null {
    return this.#choice.grant.role;
  }

  @Field(() => CustomRoleType, { nullable: true, description: 'Null for a role that comes with the product.' })
  get customRole(): CustomRoleType | null {
    const { customRole } = this.#choice;
    return customRole === null ? null : new CustomRoleType(customRole);
  }
}

@ObjectType({ simpleResolvers: true })
export class CustomRolePayload {
  @Field(() => CustomRoleType, { nullable: true })
  customRole?: CustomRoleType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteCustomRolePayload {
  @Field(() => ID, { nullable: true, description: 'Of the role that is gone.' })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
