import { Field, ID, ObjectType } from 'type-graphql';
import type { ActorId } from '../ids.ts';
import { encodeActorId } from './global-id.ts';

@ObjectType('Actor', { simpleResolvers: true, description: 'Who did it: a person, a service account, or the system.' })
export class ActorType {
  readonly #id: ActorId | null;

  @Field(() => String)
  displayName: string;

  constructor(id: ActorId | null, displayName: string) {
    this.#id = id;
    this.displayName = displayName;
  }

  @Field(() => ID, { nullable: true, description: 'Null for the system.' })
  get id(): string | null {
    return encodeActorId(this.#id);
  }
}
