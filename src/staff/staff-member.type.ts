import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeActorId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import { nameOfStaffRole, permissionsOfStaffRole, type StaffMember } from './staff-member.ts';

const SignInPlaceEnum = enumOf(['KEYWARD', 'TRUSTED_ISSUER']);
registerEnumType(SignInPlaceEnum, {
  name: 'SignInPlace',
  description: 'Where somebody proves who they are: here, by a password, or at an identity provider.',
});

@ObjectType('StaffMember', {
  implements: Node,
  simpleResolvers: true,
  description: "Somebody who signs in in person: staff of the platform or of a provider, or an organization's own.",
})
export class StaffMemberType extends Node {
  readonly row: StaffMember;

  constructor(row: StaffMember) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeActorId(this.row.id);
  }

  @Field(() => String, { description: 'What they sign in with.' })
  get username(): string {
    return this.row.username;
  }

  @Field(() => String)
  get displayName(): string {
    return this.row.displayName;
  }

  @Field(() => String, { description: "The name of one of the product's roles, or of a custom one." })
  get role(): string {
    return nameOfStaffRole(this.row);
  }

  @Field(() => [String])
  get permissions(): string[] {
    return [...permissionsOfStaffRole(this.row)];
  }

  @Field(() => Boolean, { description: 'False for whoever was deactivated.' })
  get isActive(): boolean {
    return this.row.deactivatedAt === null;
  }

  @Field(() => Boolean, { description: 'Somebody else knows the password: it must be changed before anything else.' })
  get mustChangePassword(): boolean {
    return this.row.passwordMustChange;
  }

  @Field(() => SignInPlaceEnum)
  get signsInAt(): 'KEYWARD' | 'TRUSTED_ISSUER' {
    return this.row.trustedIssuerId === null ? 'KEYWARD' : 'TRUSTED_ISSUER';
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get lastLoginAt(): Date | null {
    return this.row.lastLoginAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get deactivatedAt(): Date | null {
    return this.row.deactivatedAt;
  }
}

export const StaffMemberConnection = connectionType('StaffMember', () => StaffMemberType);

@InputType({ description: 'What is left out does not matter.' })
export class StaffMemberFilter {
  @Field(() => ID, {
    nullable: true,
    description: 'Of this provider and the resellers below it, the people of their organizations among them.',
  })
  serviceProviderId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the user name or of the display name.' })
  search?: string | null;

  @Field(() => Boolean, { nullable: true })
  isActive?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class StaffMemberPayload {
  @Field(() => StaffMemberType, { nullable: true })
  staffMember?: StaffMemberType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class StaffPasswordPayload {
  @Field(() => StaffMemberType, { nullable: true })
  staffMember?: StaffMemberType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The password, when it was generated: shown this once. It must be changed at the first sign-in.',
  })
  password?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class RemoveStaffMemberPayload {
  @Field(() => ID, { nullable: true, description: 'Of the person who is gone.' })
  removedId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
