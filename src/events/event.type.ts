import { Field, ID, ObjectType } from 'type-graphql';
import { ActorType } from '../graphql/actor.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import type { Event } from './event.ts';
import { subjectIdOf } from './event-payload.type.ts';
import type { EventType } from './event-type.ts';

@ObjectType('Event', {
  simpleResolvers: true,
  description: 'That something happened. What it is now, its ids tell whoever may ask.',
})
export class EventObjectType {
  readonly #event: Event;

  @Field(() => String, { description: 'Of `eventTypes`.' })
  type: EventType;

  constructor(event: Event, type: EventType) {
    this.#event = event;
    this.type = type;
  }

  @Field(() => ID, { description: 'Of the event in the audit trail.' })
  get id(): string {
    return encodeGlobalId('AuditEvent', this.#event.rootProviderId, this.#event.id);
  }

  @Field(() => DateTimeScalar)
  get at(): Date {
    return this.#event.at;
  }

  @Field(() => ActorType)
  get actor(): ActorType {
    return new ActorType(this.#event.actorId, this.#event.actorName);
  }

  @Field(() => ID, { nullable: true, description: 'Of the organization that it is about.' })
  get organizationId(): string | null {
    const { rootProviderId, organizationId } = this.#event;
    return organizationId === null ? null : encodeGlobalId('Organization', rootProviderId, organizationId);
  }

  @Field(() => ID, { nullable: true, description: 'Of the thing that it is about, such as a key or an operation.' })
  get subjectId(): string | null {
    const { before, after } = this.#event;
    const state = after ?? before;
    return subjectIdOf(this.#event, this.type, state === null ? null : JSON.parse(state))?.id ?? null;
  }
}

@ObjectType('EventBatch', { simpleResolvers: true })
export class EventBatchType {
  @Field(() => [EventObjectType], {
    description: 'In their order. In the first batch, which comes at once, those that have happened.',
  })
  events!: EventObjectType[];

  @Field(() => Boolean, { description: 'Others came and went while this client took its time: ask anew.' })
  hasMissed!: boolean;
}
