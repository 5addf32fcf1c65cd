import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Actor', { simpleResolvers: true, description: 'Who did it: a person, a service account, or the system.' })
export class ActorType {
  @Field(() => ID, { nullable: true })
  id!: string | null;

  @Field(() => String)
  displayName!: string;
}
