import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { schemaUrl } from './event-schema.ts';
import { eventTypes, permissionForEvent } from './event-type.ts';

@ObjectType('EventType', { simpleResolvers: true, description: 'A type of event, of webhooks and of streams.' })
export class EventTypeType {
  @Field(() => String, { description: 'For example `api_key.regenerated`.' })
  name!: string;

  @Field(() => String, { description: 'What it takes to choose it.' })
  permission!: string;

  @Field(() => String, { description: 'Where the JSON schema of what webhooks are sent is.' })
  schemaUrl!: string;
}

@Resolver()
export class EventTypeResolver {
  @Query(() => [EventTypeType], { description: 'The closed list of types, by name.' })
  eventTypes(@Ctx() { publicUrl }: GraphQLContext): EventTypeType[] {
    return eventTypes.map((name) => ({
      name,
      permission: permissionForEvent(name),
      schemaUrl: schemaUrl(publicUrl, name),
    }));
  }
}
