import { Field, ID, InputType } from 'type-graphql';
import { OrganizationFilter } from '../fleet/fleet.input.ts';

@InputType({ description: 'Give either `organizationIds` or `filter`.' })
export class CreateOrganizationGroupInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [ID], { nullable: true, description: 'Of the provider and the resellers below it; at most 10,000.' })
  organizationIds?: string[] | null;

  @Field(() => OrganizationFilter, {
    nullable: true,
    description: 'Whatever it finds within the provider is in the group. It takes neither `ids` nor `groupId`.',
  })
  filter?: OrganizationFilter | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays as it is. A group by hand stays one, and so does one by filter.' })
export class UpdateOrganizationGroupInput {
  @Field(() => ID)
  organizationGroupId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => OrganizationFilter, { nullable: true, description: 'Instead of the whole former filter.' })
  filter?: OrganizationFilter | null;

  @Field(() => [ID], { nullable: true })
  addOrganizationIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Wins over `addOrganizationIds`.' })
  removeOrganizationIds?: string[] | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class DeleteOrganizationGroupInput {
  @Field(() => ID)
  organizationGroupId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
