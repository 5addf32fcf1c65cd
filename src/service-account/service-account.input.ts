import { Field, ID, InputType } from 'type-graphql';

@InputType('ServiceAccountFilter', { description: 'What is left out does not matter.' })
export class ServiceAccountFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this provider, its organizations and the resellers below it.' })
  serviceProviderId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'False: the revoked ones.' })
  isActive?: boolean | null;
}

@InputType({ description: 'It stands at a provider or in an organization; only the platform leaves both out.' })
export class CreateServiceAccountInput {
  @Field(() => String)
  name!: string;

  @Field(() => ID, { nullable: true })
  serviceProviderId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => [String], {
    description: 'Such as `apiKey:view`. No more than you hold yourself, and `gateway:verify`.',
  })
  permissions!: string[];

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class ServiceAccountInput {
  @Field(() => ID)
  serviceAccountId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class RevokeServiceAccountSecretInput {
  @Field(() => ID)
  secretId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
