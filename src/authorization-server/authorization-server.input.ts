import { Field, ID, InputType, Int } from 'type-graphql';

@InputType()
export class CreateAuthorizationServerInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'As it stands in `iss` of its tokens, to the letter.' })
  issuer!: string;

  @Field(() => String, { description: 'An https URL on the public internet that answers with a JSON Web Key Set.' })
  jwksUrl!: string;

  @Field(() => String, { description: 'What `aud` of its access tokens must hold.' })
  audience!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays.' })
export class UpdateAuthorizationServerInput {
  @Field(() => ID)
  authorizationServerId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  issuer?: string | null;

  @Field(() => String, { nullable: true })
  jwksUrl?: string | null;

  @Field(() => String, { nullable: true })
  audience?: string | null;

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class AuthorizationServerInput {
  @Field(() => ID)
  authorizationServerId!: string;

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
