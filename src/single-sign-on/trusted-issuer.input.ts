import { Field, ID, InputType } from 'type-graphql';
import type { Role } from '../identity/permissions.ts';
import { RoleEnum } from '../identity/role.type.ts';

@InputType('TrustedIssuerRoleMappingInput')
export class RoleMappingInput {
  @Field(() => String)
  value!: string;

  @Field(() => RoleEnum, { nullable: true, description: 'Either this or customRoleId.' })
  role?: Role | null;

  @Field(() => ID, { nullable: true })
  customRoleId?: string | null;
}

@InputType()
export class CreateTrustedIssuerInput {
  @Field(() => ID, { nullable: true, description: "Left out by the platform for its own people's issuer." })
  serviceProviderId?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'An https URL; its discovery document must name it so.' })
  issuer!: string;

  @Field(() => String, { description: 'What `aud` of its access tokens must hold.' })
  audience!: string;

  @Field(() => String, { nullable: true, description: 'For signing in by browser.' })
  clientId?: string | null;

  @Field(() => String, { nullable: true, description: 'Never shown again. Left out for a public client.' })
  clientSecret?: string | null;

  @Field(() => String)
  roleClaim!: string;

  @Field(() => [RoleMappingInput])
  roleMapping!: RoleMappingInput[];

  @Field(() => [String], { nullable: true })
  domains?: string[] | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays. Another issuer or audience is another trusted issuer.' })
export class UpdateTrustedIssuerInput {
  @Field(() => ID)
  trustedIssuerId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Null takes it away, and the secret with it.' })
  clientId?: string | null;

  @Field(() => String, { nullable: true, description: 'Null takes it away.' })
  clientSecret?: string | null;

  @Field(() => String, { nullable: true })
  roleClaim?: string | null;

  @Field(() => [RoleMappingInput], { nullable: true })
  roleMapping?: RoleMappingInput[] | null;

  @Field(() => [String], { nullable: true })
  domains?: string[] | null;

  @Field(() => Boolean, { nullable: true })
  isEnabled?: boolean | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class DeleteTrustedIssuerInput {
  @Field(() => ID)
  trustedIssuerId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
