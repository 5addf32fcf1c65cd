import { Field, ID, ObjectType } from 'type-graphql';
import { encodeActorId } from '../graphql/global-id.ts';
import type { Actor } from '../identity/actor.ts';

@ObjectType('Viewer', { simpleResolvers: true, description: 'Who asks.' })
export class ViewerType {
  readonly actor: Actor;

  constructor(actor: Actor) {
    this.actor = actor;
  }

  @Field(() => ID)
  get id(): string | null {
    return encodeActorId(this.actor.id);
  }

  @Field(() => String)
  get displayName(): string {
    return this.actor.displayName;
  }

  @Field(() => String)
  get role(): string | null {
    return this.actor.role;
  }

  @Field(() => String, {
    nullable: true,
    description: 'The provider that lent the right to act, while acting under a delegation.',
  })
  get onBehalfOf(): string | null {
    return this.actor.onBehalfOf;
  }

  @Field(() => [String])
  get permissions(): string[] {
    return [...this.actor.permissions];
  }
}
