import { GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, type GraphQLSchema, GraphQLString } from 'graphql';
import { decodeOrganizationId } from '../graphql/global-id.ts';
import { streamField } from '../graphql/stream-field.ts';
import { type EventBatchType, EventObjectType } from './event.type.ts';
import { type EventBatch, watchEvents } from './watch-events.service.ts';

interface Args {
  readonly types?: readonly string[] | null;
  readonly organizationId?: string | null;
  readonly last?: number | null;
}

export function eventStream(schema: GraphQLSchema) {
  return streamField<Args, EventBatchType>(schema, {
    type: 'EventBatch',
    args: {
      types: {
        type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
        description: 'Of `eventTypes`; all, unless given.',
      },
      last: { type: GraphQLInt, description: 'So many of the latest are in the first batch: 0 to 100.' },
      organizationId: { type: GraphQLID, description: 'Of this organization alone.' },
    },
    description:
      'What happens in sight, about a second later, as `eventTypes` and the permissions to see it have it. The first batch comes at once: from then on nothing is left out.',
    subscribe: ({ types, organizationId, last }, ctx) => {
      const organization = organizationId == null ? null : (decodeOrganizationId(organizationId) ?? 'UNKNOWN');
      return toTypes(watchEvents(ctx, { types: types ?? null, organization, last: last ?? 0 }, ctx.signal));
    },
  });
}

async function* toTypes(batches: AsyncIterable<EventBatch>): AsyncGenerator<EventBatchType> {
  for await (const { events, hasMissed } of batches) {
    yield { events: events.map(({ event, type }) => new EventObjectType(event, type)), hasMissed };
  }
}
