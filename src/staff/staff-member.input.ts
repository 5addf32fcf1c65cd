import { Field, ID, InputType } from 'type-graphql';
import type { Role } from '../identity/permissions.ts';
import { RoleEnum } from '../identity/role.type.ts';

@InputType({
  description:
    'Give `serviceProviderId` for staff of a provider, `organizationId` for people of an organization, neither for staff of the platform; and either `role` or `customRoleId`.',
})
export class CreateStaffMemberInput {
  @Field(() => String, { description: 'What they sign in with, such as an e-mail address. It stays.' })
  username!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => ID, { nullable: true })
  serviceProviderId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => RoleEnum, { nullable: true })
  role?: Role | null;

  @Field(() => ID, { nullable: true })
  customRoleId?: string | null;

  @Field(() => String, { nullable: true, description: 'If left out, one is generated and answered.' })
  password?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateStaffMemberInput {
  @Field(() => ID)
  staffMemberId!: string;

  @Field(() => String, { nullable: true })
  displayName?: string | null;

  @Field(() => RoleEnum, { nullable: true })
  role?: Role | null;

  @Field(() => ID, { nullable: true })
  customRoleId?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class StaffMemberInput {
  @Field(() => ID)
  staffMemberId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class ResetStaffPasswordInput {
  @Field(() => ID)
  staffMemberId!: string;

  @Field(() => String, { nullable: true, description: 'If left out, one is generated and answered.' })
  password?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
